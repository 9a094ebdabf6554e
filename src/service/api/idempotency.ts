/** Calls that are one call however often they are sent: the `Idempotency-Key` of HTTP clients. */
import Type from 'typebox'
import { strict } from '../operation/shapes.ts'
import type { ApiContext } from './acting.ts'

/** What an HTTP client may send twice. */
export const idempotencyHeader = strict({
  'idempotency-key': Type.Optional(
    Type.String({ minLength: 1, maxLength: 255, description: 'Calls of one caller with the same key are one call.' }),
  ),
})

/**
 * A key of this caller: callers do not meet the keys of others, also where they act for the same subject. Keys of two parts, which earlier versions
 * have stored, are met by nobody.
 */
export function keyOf(key: string | undefined, { caller }: ApiContext): { readonly idempotencyKey?: string } {
  return key === undefined ? {} : { idempotencyKey: JSON.stringify([caller.type, caller.id, key]) }
}
