/** What configurations say of callers: the parts that are the same for keys, tokens and certificates. */
import { SallyportError } from '../../errors.ts'
import { isMap } from '../../text/is-map.ts'

/** Closed: a caller of whom nothing is said may use no tenant, and that would be a riddle; so it has to be said. */
export function tenantsOf(value: unknown, where: string): readonly string[] | 'all' {
  if (value === 'all') return value
  if (Array.isArray(value) && value.every((name) => typeof name === 'string' && name !== '')) return value
  throw new SallyportError('E_USAGE', `${where} is a list of names, or "all"`)
}

/** As what is spread into a caller. */
export function attributesOf(value: unknown, where: string): { attributes?: Readonly<Record<string, unknown>> } {
  if (value === undefined) return {}
  if (!isMap(value)) throw new SallyportError('E_USAGE', `${where}.attributes is an object`)
  return { attributes: value }
}

export function optionalText(value: unknown, where: string): string | undefined {
  if (value === undefined || (typeof value === 'string' && value !== '')) return value
  throw new SallyportError('E_USAGE', `${where} is a text`)
}

/** A misspelt `expires` must not become a key without end. */
export function refuseOthers(object: object, names: readonly string[], where: string): void {
  const other = Object.keys(object).find((name) => !names.includes(name))
  if (other === undefined) return
  throw new SallyportError(
    'E_USAGE',
    `${where} has the unknown member ${JSON.stringify(other)}; known: ${names.join(', ')}`,
  )
}
