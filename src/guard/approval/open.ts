/** Asking for an approval: one request for one thing, however often and by however many processes it is asked. */
import type { AccessRequest, RequiredApproval } from '../../engine/types.ts'
import { SallyportError } from '../../errors.ts'
import { actorsOf } from '../actors.ts'
import { digestOf } from '../canonical.ts'
import type { GuardEnvironment } from '../environment.ts'
import { marksOf } from '../marks.ts'
import { subjectKey } from '../subject-key.ts'
import { listApprovers } from './approvers.ts'
import { approvalsNeeded, needsCount } from './quorum.ts'
import { type ApprovalDocument, type ApprovalRow, stateAt } from './record.ts'

/** What asks for an approval, and who gives it. */
export interface Demanded extends RequiredApproval {
  /** Said by the options of the guard, which no image holds: a limit asks for it, or who approves `otherwise`. */
  readonly host?: 'limit' | 'otherwise'
}

/** What is to be approved: the request under one rule of one revision of the policies. */
export interface ApprovalSubject {
  readonly request: AccessRequest
  readonly untrusted?: readonly string[] | undefined
  readonly imageId: string
  readonly required: Demanded
}

/** What everything in this capability works with. */
export type ApprovalTools = Pick<GuardEnvironment, 'engine' | 'relations' | 'store' | 'now'>

/** The largest integer: never. */
export const NEVER = Number.MAX_SAFE_INTEGER

/**
 * What an approval is bound to, as one digest. The host's `state` is left out: counters and sessions move on, and what is approved is what
 * the caller asked for. Who approves a rule's is known by the image; where the options of the guard say it, it is in the digest, so that what
 * others approved is worth nothing once the options have changed.
 */
export async function approvalDigest(tenant: string, subject: ApprovalSubject): Promise<string> {
  const { imageId, required, untrusted } = subject
  const { rule, host, approval } = required
  const asked = { request: askedOf(subject.request), ...marksOf(untrusted) }
  return digestOf({ tenant, imageId, rule, ...(host && { host, approval }), ...asked })
}

/** The latest request for this; undefined when there is none. */
export async function latestApproval({ store }: ApprovalTools, digest: string): Promise<ApprovalRow | undefined> {
  const where = [{ column: 'digest', is: '=', value: digest }] as const
  const [row] = await store.find('approvals', { where, by: 'by_digest', descending: true, limit: 1 })
  return row
}

/**
 * The request that is open for this, made if there is none.
 *
 * @returns undefined when nobody could approve it: its quorum is of approvers of whom there are none, or who cannot be counted.
 */
export async function openApproval(
  tools: ApprovalTools,
  digest: string,
  subject: ApprovalSubject,
): Promise<{ readonly row: ApprovalRow; readonly isNew: boolean } | undefined> {
  const { store, now } = tools
  for (let attempt = 0; attempt < 8; attempt++) {
    const latest = await latestApproval(tools, digest)
    if (latest !== undefined && stateAt(latest, now()) === 'pending') return { row: latest, isNew: false }
    const row = newRow(tools, digest, subject, latest)
    if (row === undefined) return undefined
    // Whoever is faster makes it: the id is taken then, and the others find it.
    const written = await store.write([{ insert: 'approvals', row }])
    if (written.applied) return { row, isNew: true }
  }
  throw new SallyportError('E_STORE_BUSY', 'too many others ask for this approval at the same time; ask again')
}

function newRow(
  { engine, now }: ApprovalTools,
  digest: string,
  { request, imageId, required: { rule, approval } }: ApprovalSubject,
  latest: ApprovalRow | undefined,
): ApprovalRow | undefined {
  const asked = askedOf(request)
  const actors = actorsOf(request.subject)
  const self = new Set(actors.map(subjectKey))
  const at = Math.max(now(), (latest?.created_at ?? -1) + 1)
  const needed = approval.stages.map(({ by, quorum }) => {
    if (!needsCount(quorum)) return approvalsNeeded(quorum, 0)
    const known = listApprovers(engine, by, { resource: request.resource, now: at })
    return known === undefined ? 0 : approvalsNeeded(quorum, [...known].filter((key) => !self.has(key)).length)
  })
  const [first = 0] = needed
  if (needed.includes(0)) return undefined
  const document: ApprovalDocument = { rule, imageId, actors, request: asked, approval, needed }
  return {
    id: `apr_${digest.slice(0, 32)}_${generationOf(latest) + 1}`,
    digest,
    requester: subjectKey(request.subject),
    state: 'pending',
    stage: 0,
    approved: 0,
    needed: first,
    uses: 0,
    max_uses: approval.uses,
    expires_at: at + approval.within,
    escalates_at: approval.escalate === undefined ? NEVER : at + approval.escalate.after,
    created_at: at,
    document: JSON.stringify(document),
  }
}

/** How many requests there were for the same before. */
function generationOf(row: ApprovalRow | undefined): number {
  return row === undefined ? 0 : Number(row.id.slice(row.id.lastIndexOf('_') + 1))
}

/** What the caller asked for, and no more. */
function askedOf({ subject, action, resource, context }: AccessRequest): AccessRequest {
  return { subject, action, resource, ...(context !== undefined && { context }) }
}
