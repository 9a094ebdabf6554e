/** The same call twice: what an idempotency key was used for, and the answer that is given again. */
import type { AccessRequest, EvaluateOptions } from '../../engine/types.ts'
import { SallyportError } from '../../errors.ts'
import type { Write } from '../../store/port.ts'
import { digestOf } from '../canonical.ts'
import type { GuardDecision } from '../decision.ts'
import type { GuardEnvironment } from '../environment.ts'
import { REMEMBERED } from '../insert-once.ts'
import { marksOf } from '../marks.ts'
import { subjectKey } from '../subject-key.ts'
import type { Consumption } from './charge.ts'

const KIND = 'consume'

/** A key, and what it is used for, as digests. */
export interface Note {
  readonly id: string
  readonly digest: string
}

/**
 * The key is that of its subject: nobody meets the keys of others. What it is used for is the request with all who take part in it, as an answer
 * for one principal is none for another; the host's `state` is left out, as it moves on.
 */
export async function noteOf(
  { subject, action, resource, context }: AccessRequest,
  { untrusted }: EvaluateOptions,
  { amount = 1, cost, idempotencyKey }: Consumption,
): Promise<Note | undefined> {
  if (idempotencyKey === undefined) return undefined
  const asked = { subject, action, resource, context: context ?? null, ...marksOf(untrusted) }
  return {
    id: await digestOf({ key: idempotencyKey, by: subjectKey(subject) }),
    digest: await digestOf({ ...asked, amount, cost: cost ?? null }),
  }
}

/**
 * The answer that was given for a key; undefined: none was.
 *
 * @throws SallyportError `E_IDEMPOTENCY` when the key was used for something else
 */
export async function findAnswer({ store }: GuardEnvironment, note: Note): Promise<GuardDecision | undefined> {
  const known = await store.get('idempotency', { kind: KIND, id: note.id })
  if (known === undefined) return undefined
  if (known.digest !== note.digest) {
    throw new SallyportError('E_IDEMPOTENCY', 'the idempotency key was used for another request, amount or cost')
  }
  return JSON.parse(known.document)
}

/** Keeps an answer; fails when there is one already. */
export function keeping(note: Note, answer: GuardDecision, now: number): Write {
  const row = { kind: KIND, ...note, document: JSON.stringify(answer), at: now, expires_at: now + REMEMBERED }
  return { insert: 'idempotency', row }
}
