/** One text for one value, to compare and to bind by: names of objects in order, as RFC 8785 has them. */

/**
 * The same text whatever the order of the names.
 *
 * @example canonicalText({ b: 1, a: [2] }) // '{"a":[2],"b":1}'
 */
export function canonicalText(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  )
}
