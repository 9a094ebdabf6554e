import { SallyportError } from '../errors.ts'

/**
 * What the engine's relations answer, or this when they know no such type, relation or form of id (`E_TUPLE`): then nobody has a
 * relation to it.
 */
export function unlessUnknown<T>(ask: () => T, otherwise: T): T {
  try {
    return ask()
  } catch (error) {
    if (error instanceof SallyportError && error.code === 'E_TUPLE') return otherwise
    throw error
  }
}
