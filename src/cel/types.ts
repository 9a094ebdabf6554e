/**
 * Types of expressions, as far as they are known before a request is there. `json` is what an attribute can be: null, a
 * boolean, a double, a string, a list or a map of these, and never an int, a timestamp or the like; `dyn` can be anything.
 */
export type Type =
  | { readonly kind: Scalar }
  | { readonly kind: 'list'; readonly of: Type }
  | { readonly kind: 'map'; readonly key: Type; readonly value: Type }
  | { readonly kind: 'optional'; readonly of: Type }

export type Scalar =
  | 'dyn'
  | 'json'
  | 'null'
  | 'bool'
  | 'int'
  | 'uint'
  | 'double'
  | 'string'
  | 'bytes'
  | 'timestamp'
  | 'duration'
  | 'ipaddress'
  | 'type'

export const DYN: Type = { kind: 'dyn' }
export const JSON_VALUE: Type = { kind: 'json' }
export const BOOL: Type = { kind: 'bool' }

const scalars: readonly string[] = [
  'dyn',
  'json',
  'null',
  'bool',
  'int',
  'uint',
  'double',
  'string',
  'bytes',
  'timestamp',
  'duration',
  'ipaddress',
  'type',
]
/** What attributes of a request can be. */
const jsonKinds: readonly string[] = ['json', 'null', 'bool', 'double', 'string', 'list', 'map']
/** Messages of protobuf, which may be null as far as CEL's own checker knows: comparing them with null is no mistake. */
const nullable: readonly string[] = ['timestamp', 'duration', 'ipaddress']
const numbers: readonly string[] = ['int', 'uint', 'double']

/** A type by its name in the function table: `int`, `list` (of anything), `list<string>`, `optional`. */
export function typeNamed(name: string): Type {
  if (scalars.includes(name)) return { kind: name as Scalar }
  if (name === 'list<string>') return { kind: 'list', of: { kind: 'string' } }
  if (name === 'list') return { kind: 'list', of: DYN }
  if (name === 'map') return { kind: 'map', key: DYN, value: DYN }
  return { kind: 'optional', of: DYN }
}

/** Whether a value can be of both types. */
export function overlap(a: Type, b: Type): boolean {
  if (a.kind === 'dyn' || b.kind === 'dyn') return true
  if (a.kind === 'json') return jsonKinds.includes(b.kind)
  if (b.kind === 'json') return jsonKinds.includes(a.kind)
  if (a.kind !== b.kind) return false
  // An empty list is of every type of list.
  return true
}

/** Whether two values can be equal: numbers compare across their types, and attributes bring numbers as doubles. */
export function comparable(a: Type, b: Type): boolean {
  const kind = (type: Type): Type => (numbers.includes(type.kind) ? { kind: 'double' } : type)
  if (a.kind === 'null' || b.kind === 'null')
    return overlap(a, b) || nullable.includes(a.kind) || nullable.includes(b.kind)
  return overlap(kind(a), kind(b))
}

/** Whether a value of the type can be a list, a map or an optional, so that what is inside it may matter. */
export function canHold(type: Type): boolean {
  return ['dyn', 'json', 'list', 'map', 'optional'].includes(type.kind)
}

/** A type that both are of. */
export function join(a: Type, b: Type): Type {
  if (a.kind === 'dyn' || b.kind === 'dyn') return DYN
  if (a.kind === 'list' && b.kind === 'list') return { kind: 'list', of: join(a.of, b.of) }
  if (a.kind === 'optional' && b.kind === 'optional') return { kind: 'optional', of: join(a.of, b.of) }
  if (a.kind === 'map' && b.kind === 'map') {
    return { kind: 'map', key: join(a.key, b.key), value: join(a.value, b.value) }
  }
  return a.kind === b.kind ? a : DYN
}

/** What an item of a list, or of the keys of a map, is. */
export function itemType(type: Type): Type {
  if (type.kind === 'list') return type.of
  if (type.kind === 'map') return type.key
  return type.kind === 'json' ? JSON_VALUE : DYN
}

/** What a value of a map or list is. */
export function valueType(type: Type): Type {
  if (type.kind === 'list') return type.of
  if (type.kind === 'map') return type.value
  return type.kind === 'json' ? JSON_VALUE : DYN
}

const names: Readonly<Record<string, string>> = {
  dyn: 'any value',
  json: 'an attribute',
  null: 'null',
  bool: 'a bool',
  int: 'an int',
  uint: 'a uint',
  double: 'a double',
  string: 'a string',
  bytes: 'bytes',
  timestamp: 'a timestamp',
  duration: 'a duration',
  ipaddress: 'an ipaddress',
  type: 'a type',
  list: 'a list',
  map: 'a map',
  optional: 'an optional',
}

/** As people say it: `a string`. */
export function named(type: Type): string {
  return names[type.kind] ?? type.kind
}
