/**
 * JSON Schemas written as they stand. Typebox writes the same where a body is also checked by it; what is only described, by an app that checks no body by
 * schemas, does without: it is half of what such an app would carry.
 */

/** Only described: TypeScript learns no type from it. */
export interface PlainSchema {
  readonly [keyword: string]: unknown
}

export interface PlainObject extends PlainSchema {
  readonly type: 'object'
  readonly required?: readonly string[]
  readonly properties: Properties
}

type Properties = Readonly<Record<string, PlainSchema>>

export const text: PlainSchema = { type: 'string' }
/** A moment as RFC 3339 writes it. */
export const dateTime: PlainSchema = { type: 'string', format: 'date-time' }
export const bool: PlainSchema = { type: 'boolean' }
export const integer: PlainSchema = { type: 'integer' }
/** Any JSON object. */
export const anyObject: PlainSchema = { type: 'object', additionalProperties: true }

export function listOf(items: PlainSchema): PlainSchema {
  return { type: 'array', items }
}

/**
 * An object with a name, which it has in the document and in clients.
 *
 * @example plainObject('AuthzenAction', { name: text }, { properties: anyObject })
 */
export function plainObject($id: string, required: Properties, optional: Properties = {}): PlainObject {
  const names = Object.keys(required)
  return {
    type: 'object',
    ...(names.length > 0 && { required: names }),
    properties: { ...required, ...optional },
    $id,
  }
}
