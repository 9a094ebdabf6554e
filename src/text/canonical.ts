/** Canonical JSON (RFC 8785): one text for one value, to compare, to bind and to digest by. */

/** A value that JSON can say. */
type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json }

/**
 * The same text whatever the order of the names. What JSON leaves out (undefined, methods) is no part of the value. Half of a
 * surrogate pair, which the RFC refuses, stands escaped: who must refuse it has to look for it.
 *
 * @param replacer as JSON.stringify takes it
 * @throws TypeError for what JSON cannot say, such as bigints, what holds itself, and undefined
 * @example canonicalText({ b: 1, a: [2] }) // '{"a":[2],"b":1}'
 */
export function canonicalText(value: unknown, replacer?: (name: string, value: unknown) => unknown): string {
  const text = JSON.stringify(value, replacer) as string | undefined
  if (text === undefined) throw new TypeError('JSON has no text for it')
  return ordered(JSON.parse(text) as Json)
}

/** Put together here, as objects have names such as 10 and 9 in an order of their own; the rest is as JSON.stringify has it. */
function ordered(value: Json): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  if (isList(value)) return `[${value.map(ordered).join(',')}]`
  // By UTF-16 code units, as the RFC has it.
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${members.map(([name, inner]) => `${JSON.stringify(name)}:${ordered(inner)}`).join(',')}}`
}

function isList(value: object): value is readonly Json[] {
  return Array.isArray(value)
}
