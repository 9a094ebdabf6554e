/**
 * Values, three-valued logic and equality, as docs/policy-reference.md defines them under "Conditions".
 *
 * The reference evaluator in this folder is written to be read beside that page, sentence by sentence. It shares no code
 * with the engine, and it does not try to be fast.
 */

/** What a condition comes to: true, false or not evaluable. */
export type Truth = true | false | 'n.e.'

export type Kind = 'missing' | 'invalid' | 'null' | 'boolean' | 'number' | 'string' | 'list' | 'map'

/** "Values are null, booleans, finite numbers, strings, lists and maps"; anything else is invalid. */
export function kindOf(value: unknown): Kind {
  if (value === undefined) return 'missing'
  if (value === null) return 'null'
  if (typeof value === 'boolean') return 'boolean'
  if (typeof value === 'number') return Number.isFinite(value) ? 'number' : 'invalid'
  if (typeof value === 'string') return 'string'
  if (Array.isArray(value)) return 'list'
  return typeof value === 'object' ? 'map' : 'invalid'
}

/**
 * Whether a value is a string that can be looked into: "A string with half of a surrogate pair can be compared for
 * equality, but not looked into: order, parts, patterns, addresses and versions of it are not evaluable."
 */
export function isText(value: unknown): value is string {
  return kindOf(value) === 'string' && isWellFormed(String(value))
}

export function isList(value: unknown): value is readonly unknown[] {
  return kindOf(value) === 'list'
}

/** "A test of a missing or invalid attribute is not evaluable." */
export function isUsable(value: unknown): boolean {
  return kindOf(value) !== 'missing' && kindOf(value) !== 'invalid'
}

/** A code point between U+D800 and U+DFFF is half of a surrogate pair whose other half is not there. */
function isWellFormed(text: string): boolean {
  return [...text].every((character) => !/^[\ud800-\udfff]$/.test(character))
}

/** "false when any part is false, otherwise not evaluable when any part is, otherwise true" */
export function all(parts: readonly Truth[]): Truth {
  if (parts.includes(false)) return false
  return parts.includes('n.e.') ? 'n.e.' : true
}

/** "true when any part is true, otherwise not evaluable when any part is, otherwise false" */
export function any(parts: readonly Truth[]): Truth {
  if (parts.includes(true)) return true
  return parts.includes('n.e.') ? 'n.e.' : false
}

/** "`not` keeps not evaluable" */
export function not(part: Truth): Truth {
  return part === 'n.e.' ? 'n.e.' : !part
}

/** "same type and value (lists: same length, items equal in order)"; not evaluable when two maps are compared. */
export function equal(a: unknown, b: unknown): Truth {
  if (!isUsable(a) || !isUsable(b)) return 'n.e.'
  if (kindOf(a) !== kindOf(b)) return false
  if (kindOf(a) === 'map') return 'n.e.'
  if (isList(a) && isList(b)) {
    return a.length === b.length ? all(Array.from(a, (item, index) => equal(item, b[index]))) : false
  }
  return a === b
}

/** "Equality inside `in`, `contains…` and `is_subset` is `eq`, combined by the three-valued any and all." */
export function isAmong(value: unknown, list: readonly unknown[]): Truth {
  return any(Array.from(list, (item) => equal(item, value)))
}

/** Negative, zero or positive for "two numbers, or two strings by code point"; undefined for everything else. */
export function order(a: unknown, b: unknown): number | undefined {
  if (kindOf(a) === 'number' && kindOf(b) === 'number')
    return Number(a) < Number(b) ? -1 : Number(a) > Number(b) ? 1 : 0
  if (!isText(a) || !isText(b)) return undefined
  const left = codePoints(a)
  const right = codePoints(b)
  const differs = left.findIndex((codePoint, index) => codePoint !== right[index])
  if (differs === -1) return left.length - right.length
  const other = right[differs]
  return other === undefined ? 1 : left[differs]! - other
}

export function codePoints(text: string): number[] {
  return Array.from(text, (character) => character.codePointAt(0)!)
}
