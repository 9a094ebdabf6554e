/** Making a delegation once, however often it is asked for. */

import { isOver } from '../../delegation/state.ts'
import { SallyportError } from '../../errors.ts'
import type { Row, Write } from '../../store/port.ts'
import { digestOf } from '../canonical.ts'
import { subjectKey } from '../subject-key.ts'
import { findRecord } from './line.ts'
import { type DelegationRecord, NEVER, readRecord, recordState } from './record.ts'
import type { DelegationTerms } from './terms.ts'
import type { DelegationTools } from './tools.ts'

const KIND = 'delegation'
/** How often others may be faster before it is given up. */
const TRIES = 5

/**
 * The delegation that was made for the same key or, without one, of the same terms; or else the one that `make` makes.
 * Without a key, one that is over is followed by another.
 */
export async function once(
  { environment }: DelegationTools,
  way: string,
  terms: DelegationTerms,
  make: () => Promise<Row<'delegations'>>,
): Promise<DelegationRecord> {
  const { store } = environment
  const { idempotencyKey, by, grantor, grantee, expiresAt, ...others } = terms
  const end = expiresAt === undefined ? null : Number(expiresAt)
  const subjects = [by, grantor, grantee].map(subjectKey)
  // Ours last: a key that terms have besides is none of these.
  const digest = await digestOf({ ...others, way, subjects, properties: grantor.properties ?? null, end })
  // A key is that of its caller: nobody meets the keys of others.
  const id = await digestOf(idempotencyKey === undefined ? { digest } : { key: idempotencyKey, by: subjectKey(by) })
  for (let tries = 0; tries < TRIES; tries++) {
    const known = await store.get('idempotency', { kind: KIND, id })
    if (known !== undefined && known.digest !== digest) throw reused(idempotencyKey)
    const made = known && (await findRecord(environment, JSON.parse(known.document)))
    if (made !== undefined && (idempotencyKey !== undefined || !isOver(recordState(made, environment.now()))))
      return made
    const row = await make()
    const document = JSON.stringify(row.id)
    const note: Write =
      known === undefined
        ? { insert: 'idempotency', row: { kind: KIND, id, digest, document, at: row.created_at, expires_at: NEVER } }
        : {
            update: 'idempotency',
            key: { kind: KIND, id },
            set: { document, at: row.created_at },
            when: [{ column: 'document', is: '=', value: known.document }],
          }
    const result = await store.write([note, { insert: 'delegations', row }])
    if (result.applied) return readRecord(row)
  }
  throw new SallyportError('E_IDEMPOTENCY', 'the same delegation is made and ended by others all the time; try again')
}

function reused(key: string | undefined): SallyportError {
  return new SallyportError('E_IDEMPOTENCY', `the idempotency key ${JSON.stringify(key)} was used for other terms`)
}
