/** Making a record once for a key, however often it is asked for, by however many processes. */
import { SallyportError } from '../errors.ts'
import type { Row, TableName, TenantStore, Write } from '../store/port.ts'
import { digestOf } from './canonical.ts'
import type { GuardEnvironment } from './environment.ts'
import { type SubjectRef, subjectKey } from './subject-key.ts'

/** How long an idempotency key is remembered, in milliseconds: 30 days. */
export const REMEMBERED = 30 * 86_400_000

/** Records of one table, with an id that nobody could have chosen. */
export interface Records<R extends { readonly id: string }> {
  readonly table: TableName
  readonly find: (store: TenantStore, id: string) => Promise<R | undefined>
  readonly insert: (row: R) => Write
}

export interface Keyed {
  readonly key: string
  /** Whose key it is: nobody meets the keys of others. */
  readonly by: SubjectRef
  /** What is asked for, as JSON: the same key with something else is a mistake. */
  readonly terms: unknown
}

/**
 * The record that was made for this key, as it is now; or else the one that `draft` makes. What the key was used for is written together with the
 * record, so that of several at once one makes it.
 *
 * @throws SallyportError `E_IDEMPOTENCY` when the key was used for other terms; what `draft` throws
 */
export async function insertOnce<R extends { readonly id: string }>(
  { store, now }: GuardEnvironment,
  { table, find: recordOf, insert }: Records<R>,
  { key, by, terms }: Keyed,
  draft: () => Promise<R>,
): Promise<R> {
  const id = await digestOf({ key, by: subjectKey(by) })
  const digest = await digestOf(terms)
  const find = () => store.get('idempotency', { kind: table, id })
  const repeated = async (known: Row<'idempotency'>): Promise<R> => {
    if (known.digest !== digest) {
      throw new SallyportError('E_IDEMPOTENCY', 'the idempotency key was used for other terms')
    }
    const made = await recordOf(store, JSON.parse(known.document))
    if (made === undefined) throw new SallyportError('E_IDEMPOTENCY', 'what this key made is no longer there')
    return made
  }
  const known = await find()
  if (known !== undefined) return repeated(known)
  const row = await draft()
  const at = now()
  const document = JSON.stringify(row.id)
  const note: Write = {
    insert: 'idempotency',
    row: { kind: table, id, digest, document, at, expires_at: at + REMEMBERED },
  }
  const { applied } = await store.write([note, insert(row)])
  if (applied) return row
  const other = await find()
  if (other !== undefined) return repeated(other)
  throw sameBytes()
}

/** Writes a new record. */
export async function insertNew<R extends { readonly id: string }>(
  { store }: GuardEnvironment,
  { insert }: Records<R>,
  row: R,
): Promise<R> {
  const { applied } = await store.write([insert(row)])
  if (!applied) throw sameBytes()
  return row
}

function sameBytes(): SallyportError {
  return new SallyportError('E_USAGE', 'random gave the same bytes twice')
}
