/** What schemas of several APIs are made of. */
import Type, { type TObject, type TProperties } from 'typebox'

/** An object of a request: what is not named is refused. */
export function strict<P extends TProperties>(properties: P, options: object = {}): TObject<P> {
  return Type.Object(properties, { additionalProperties: false, ...options })
}

/** An object with a name, which it has in the document and in clients. */
export function named<P extends TProperties>($id: string, properties: P, options: object = {}): TObject<P> {
  return Type.Object(properties, { $id, ...options })
}

/** A moment as RFC 3339 writes it. */
export const Time = Type.String({ format: 'date-time' })

/** Milliseconds since 1970 as RFC 3339, in UTC. */
export function timeText(milliseconds: number): string {
  return new Date(milliseconds).toISOString()
}

/** Any JSON object. */
export const AnyObject = Type.Unsafe<{ readonly [name: string]: unknown }>({
  type: 'object',
  additionalProperties: true,
})
export const Id = Type.String({ minLength: 1, maxLength: 512 })
