/** Holding values against schemas: by interpreting them, as Workers permit no code from strings. */
import type { Static, TSchema } from 'typebox'
import { Check, Errors } from 'typebox/schema'
import { SallyportError } from '../../errors.ts'

/** What typebox tells of one mistake. */
type Mistake = ReturnType<typeof Errors>[1][number]

/**
 * The value, if it is of the schema.
 *
 * @param what what is wrong, in words: `the body`
 * @throws SallyportError `E_REQUEST` with one mistake and, as a JSON pointer (RFC 6901), where it is
 */
export function checked<S extends TSchema>(schema: S, value: unknown, what: string): Static<S> {
  if (Check(schema, value)) return value as Static<S>
  const [, mistakes] = Errors(schema, value)
  throw new SallyportError('E_REQUEST', `${what}${words(mistakes)}`)
}

/** The deepest mistake tells most; of several, the first. */
function words(mistakes: readonly Mistake[]): string {
  const real = mistakes.filter(({ keyword }) => keyword !== 'boolean')
  const deepest = real.reduce<Mistake | undefined>(
    (best, one) => (best === undefined || depth(one) > depth(best) ? one : best),
    undefined,
  )
  if (deepest === undefined) return ' is not of the form that is described'
  // Branches that failed at the same place contradict each other.
  const choice = real.find(
    ({ keyword, instancePath }) => /^(?:any|one)Of$/.test(keyword) && instancePath === deepest.instancePath,
  )
  const { instancePath } = deepest
  const at = instancePath === '' ? '' : ` at ${short(instancePath)}`
  if (choice !== undefined) return `${at} has none of the forms that are possible there`
  switch (deepest.keyword) {
    case 'required':
      return ` lacks ${short(`${instancePath}/${pointer(deepest.params.requiredProperties[0] ?? '')}`)}`
    case 'additionalProperties':
      return ` has ${short(`${instancePath}/${pointer(deepest.params.additionalProperties[0] ?? '')}`)}, which is not known here`
    case 'enum':
      return `${at} must be one of ${deepest.params.allowedValues.map((value) => JSON.stringify(value)).join(', ')}`
    default:
      return `${at} ${deepest.message}`
  }
}

function depth({ instancePath }: Mistake): number {
  return instancePath.split('/').length
}

function pointer(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1')
}

/** Names come from the request: escaped, and not too long. */
function short(text: string): string {
  const shown = JSON.stringify(text).slice(1, -1)
  return shown.length > 120 ? `${shown.slice(0, 120)}…` : shown
}
