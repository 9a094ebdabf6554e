/** Making a record once for a key, however often it is asked for, by however many processes. */
import { SallyportError } from '../errors.ts'
import type { Row, Write } from '../store/port.ts'
import { digestOf } from './canonical.ts'
import type { GuardEnvironment } from './environment.ts'
import { type SubjectRef, subjectKey } from './subject-key.ts'

/** How long an idempotency key is remembered, in milliseconds: 30 days. */
export const REMEMBERED = 30 * 86_400_000

/** Tables of records with an id that nobody could have chosen. */
type Made = 'sessions' | 'tasks'

export interface Keyed<N extends Made> {
  readonly table: N
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
export async function insertOnce<N extends Made>(
  { store, now }: GuardEnvironment,
  { table, key, by, terms }: Keyed<N>,
  draft: () => Promise<Row<N>>,
): Promise<Row<N>> {
  const id = await digestOf({ key, by: subjectKey(by) })
  const digest = await digestOf(terms)
  const find = () => store.get('idempotency', { kind: table, id })
  const repeated = async (known: Row<'idempotency'>): Promise<Row<N>> => {
    if (known.digest !== digest) {
      throw new SallyportError('E_IDEMPOTENCY', 'the idempotency key was used for other terms')
    }
    // The keys of both tables are an id; that it fits is lost on the choice between them.
    const made = (await store.get<Made>(table, { id: JSON.parse(known.document) })) as Row<N> | undefined
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
  const { applied } = await store.write([note, insertOf(table, row)])
  if (applied) return row
  const other = await find()
  if (other !== undefined) return repeated(other)
  throw sameBytes()
}

/** Writes a new record. */
export async function insert<N extends Made>({ store }: GuardEnvironment, table: N, row: Row<N>): Promise<Row<N>> {
  const { applied } = await store.write([insertOf(table, row)])
  if (!applied) throw sameBytes()
  return row
}

function insertOf<N extends Made>(table: N, row: Row<N>): Write {
  // That table and row fit each other is lost on the union of all tables.
  return { insert: table, row } as unknown as Write
}

function sameBytes(): SallyportError {
  return new SallyportError('E_USAGE', 'random gave the same bytes twice')
}
