import { SallyportError } from '../../errors.ts'
import { TupleMistake } from '../../tuple/tuple.ts'

export function tupleError(message: string, cause?: unknown): SallyportError {
  return new SallyportError('E_TUPLE', message, cause === undefined ? undefined : { cause })
}

/** The result of `work`; a mistake about tuples becomes the error that callers meet. */
export function asTupleError<T>(work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (!(error instanceof TupleMistake)) throw error
    throw tupleError(error.advice === undefined ? error.message : `${error.message}; ${error.advice}`, error)
  }
}
