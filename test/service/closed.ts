/** The schema that lets no other members pass than those it names. */
export function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed)
  if (typeof schema !== 'object' || schema === null) return schema
  const copy = Object.fromEntries(Object.entries(schema).map(([name, value]) => [name, closed(value)]))
  const open = copy.type === 'object' && copy.properties !== undefined && copy.additionalProperties === undefined
  return open ? { ...copy, additionalProperties: false } : copy
}
