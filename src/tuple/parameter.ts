/**
 * Parameters of named conditions and their types, as OpenFGA and SpiceDB have them. A tuple's context and the request's are
 * JSON: what of it can be a value of a type is said here for whoever adds tuples, and in assembly/cel/parameters.ts for the core.
 */
import { isMap } from '../text/is-map.ts'
import { parseTime } from '../text/time.ts'

/** `int`, `list<string>`: as a document and an image write it. */
export type ParameterModel = readonly [name: string, type: string]

export type ParameterType =
  | { readonly kind: (typeof plainTypes)[number] }
  | { readonly kind: 'list' | 'map'; readonly of: ParameterType }

/** Types that hold nothing. */
export const plainTypes = [
  'any',
  'bool',
  'string',
  'int',
  'uint',
  'double',
  'duration',
  'timestamp',
  'ipaddress',
] as const

/** What assembly/abi/cel.ts has room for in a word: four bits each. */
const deepest = 7

/**
 * The type of a text, or undefined when it is none. A list or map without a type is one of anything.
 *
 * @example parseParameterType('map<list<int>>') // { kind: 'map', of: { kind: 'list', of: { kind: 'int' } } }
 */
export function parseParameterType(text: string, depth = 0): ParameterType | undefined {
  const [, name = '', inner] = /^\s*([a-z]+)\s*(?:<(.*)>)?\s*$/s.exec(text) ?? []
  if (name !== 'list' && name !== 'map') {
    const kind = plainTypes.find((known) => known === name)
    return kind === undefined || inner !== undefined ? undefined : { kind }
  }
  const of = depth < deepest ? parseParameterType(inner ?? 'any', depth + 1) : undefined
  return of && { kind: name, of }
}

export function formatParameterType(type: ParameterType): string {
  return 'of' in type ? `${type.kind}<${formatParameterType(type.of)}>` : type.kind
}

/** Whether a value of JSON can be meant: that a text is a duration or an address, only the core finds out. */
export function isParameter(value: unknown, type: ParameterType): boolean {
  switch (type.kind) {
    case 'any':
      return true
    case 'bool':
      return typeof value === 'boolean'
    case 'list':
      return Array.isArray(value) && value.every((item) => isParameter(item, type.of))
    case 'map':
      return isMap(value) && Object.values(value).every((item) => isParameter(item, type.of))
    case 'int':
    case 'uint':
    case 'double':
      return isNumber(value, type.kind)
    case 'timestamp':
      return typeof value === 'string' && parseTime(value) !== undefined
    default:
      return typeof value === 'string'
  }
}

function isNumber(value: unknown, kind: 'int' | 'uint' | 'double'): boolean {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
  if (typeof number !== 'number' || Number.isNaN(number)) return false
  return kind === 'double' || (Number.isInteger(number) && (kind === 'int' || number >= 0))
}
