/** Relationships as SpiceDB writes them: `document:1#viewer@user:ann[caveat:{"a": 1}]`. */
import { isMap } from '../text/is-map.ts'
import type { TupleObject } from '../tuple/tuple.ts'

/** The text is no relationship. */
export class RelationshipError extends Error {
  override name = 'RelationshipError'
}

/** When a relationship ends by itself: only schemas that are not covered have such ones. */
const expiration = /\[expiration:[^\]]*\]$/
const form = /^([^#@[\]]+)#([^#@[\]]+)@([^#@[\]]+)(?:#([^#@[\]]+))?(.*)$/s

/**
 * Reads one relationship.
 *
 * @throws RelationshipError
 */
export function readRelationship(text: string): TupleObject {
  const [, object, relation, subject, of, rest = ''] = form.exec(text.trim()) ?? []
  if (object === undefined || relation === undefined || subject === undefined) {
    throw new RelationshipError(`${JSON.stringify(text)} is no relationship`)
  }
  const tuple = { object, relation, subject: of === undefined || of === '...' ? subject : `${subject}#${of}` }
  if (rest === '') return tuple
  const [, name, json] = /^\[([a-z0-9_/]+)(?::(\{.*\}))?\]$/s.exec(rest.replace(expiration, '')) ?? []
  if (name === undefined && expiration.test(rest)) return tuple
  if (name === undefined) throw new RelationshipError(`${JSON.stringify(text)} ends in what is no caveat`)
  return { ...tuple, condition: json === undefined ? { name } : { name, context: readContext(json) } }
}

/** @throws RelationshipError */
export function readContext(json: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(json)
    if (isMap(value)) return value
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
  }
  throw new RelationshipError(`${json} is no JSON object`)
}

/** Those of a text, one on each line; lines with // are comments. What occurs twice counts once. */
export function readRelationships(text: string): TupleObject[] {
  const lines = text.split(/\r?\n/).map((line) => line.trim())
  return [...new Set(lines)].filter((line) => line !== '' && !line.startsWith('//')).map(readRelationship)
}
