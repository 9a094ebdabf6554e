/** Approvals: people decide what policies put under review. */
import type { Decision, Subject } from '../../engine/types.ts'
import { SallyportError } from '../../errors.ts'
import type { ApprovalModel } from '../../policy/approval-model.ts'
import type { Approval } from '../../policy/document.ts'
import type { Guard } from '../../store/port.ts'
import { copyOf } from '../copy.ts'
import { type SubjectRef, sameSubject, subjectKey, subjectOf } from '../subject-key.ts'
import { isApprover } from './approvers.ts'
import type { ApprovalEvent, ApprovalNotifier } from './notifier.ts'
import { type ApprovalTools, NEVER } from './open.ts'
import {
  type ApprovalRequest,
  type ApprovalRow,
  type ApprovalVote,
  approversAt,
  documentOf,
  isResolved,
  requestOf,
  stateAt,
} from './record.ts'
import { demandedBy, type Review, type ReviewDemand, reviewApprovals } from './review.ts'
import { approvalOf } from './settings.ts'
import { sweepApprovals } from './sweep.ts'
import { actsForOthers, castVote, existing, hasVoted, type Vote, type VoteOptions } from './vote.ts'
import { type Sleep, type WaitOptions, waitForResolution } from './wait.ts'

export interface ApprovalSettings {
  /** Who approves where a rule of review says nothing of it. Left out: nobody, so that it stays denied. */
  readonly otherwise?: Approval
  /** Is told of what happens; left out: nobody is. */
  readonly notifier?: ApprovalNotifier
  /** What a notifier threw; what this throws changes nothing. */
  readonly onError?: (error: unknown, event: ApprovalEvent) => void
  /** Keeps a worker alive until a notification is sent: `(work) => context.waitUntil(work)`. */
  readonly defer?: (work: Promise<void>) => void
  /** Needed by `untilResolved`. */
  readonly sleep?: Sleep
}

export interface ApprovalList {
  /** Requests that this subject could vote on now: not those on which it has. */
  readonly approver?: Subject
  /** Requests of this subject. */
  readonly requester?: SubjectRef
  /** The last id of the page before. */
  readonly after?: string
  /** 1 to 1000; 100 when left out. */
  readonly limit?: number
}

export class Approvals {
  readonly #tools: ApprovalTools
  readonly #settings: ApprovalSettings
  readonly #otherwise: ApprovalModel | undefined

  constructor(tools: ApprovalTools, settings: ApprovalSettings = {}) {
    this.#tools = tools
    this.#settings = settings
    this.#otherwise = settings.otherwise && approvalOf(settings.otherwise, 'approvals.otherwise')
  }

  /** Who has to approve what rules of review decided. */
  demandedBy(decision: Pick<Decision, 'rules' | 'approvals'>): ReviewDemand['required'] {
    return demandedBy(decision, this.#otherwise)
  }

  /** What becomes of a decision `review`. New requests are told of. */
  async review(demand: ReviewDemand): Promise<Review> {
    const review = await reviewApprovals(this.#tools, copyOf(demand))
    if (review.outcome === 'pending') for (const row of review.opened) this.#tell('approval.requested', row)
    return review
  }

  /** @throws SallyportError `E_APPROVAL_UNKNOWN` */
  async get(id: string): Promise<ApprovalRequest> {
    return this.#show(await existing(this.#tools, id))
  }

  /**
   * Whether a request concerns somebody: who asks, and on whose behalf; whoever may vote on it at some stage, or has voted.
   *
   * @throws SallyportError `E_APPROVAL_UNKNOWN`
   */
  async concerns(id: string, who: Subject): Promise<boolean> {
    const subject = copyOf(who)
    const row = await existing(this.#tools, id)
    const { now } = this.#tools
    const { actors, approval, request } = documentOf(row)
    if (actors.some((actor) => sameSubject(actor, subject))) return true
    const by = [...approval.stages.flatMap((stage) => stage.by), ...(approval.escalate?.by ?? [])]
    if (await isApprover(this.#tools, by, subject, { resource: request.resource, now: now() })) return true
    return hasVoted(this.#tools, id, subject)
  }

  /** The votes on a request, in the order of the approvers. */
  async votes(id: string): Promise<readonly ApprovalVote[]> {
    await existing(this.#tools, id)
    const where = [{ column: 'approval', is: '=', value: id }] as const
    const rows = await this.#tools.store.find('approval_votes', { where, limit: 1000 })
    return rows.map(({ approver, vote, stage, reason, at }) => ({
      approver: subjectOf(approver),
      vote: vote as Vote,
      stage,
      reason,
      at,
    }))
  }

  /** Pending requests, the oldest first; with `approver`, those on which it could vote now. */
  async pending(list: ApprovalList = {}): Promise<readonly ApprovalRequest[]> {
    const { approver, requester, after, limit = 100 } = copyOf(list)
    const { store, now } = this.#tools
    const at = now()
    const last = after === undefined ? undefined : await existing(this.#tools, after)
    const where: Guard<'approvals'>[] = [
      { column: 'state', is: '=', value: 'pending' },
      { column: 'expires_at', is: '>', value: at },
    ]
    if (requester !== undefined) where.push({ column: 'requester', is: '=', value: subjectKey(requester) })
    const found: ApprovalRow[] = []
    let from = last
    while (found.length < limit) {
      const position = from && { state: 'pending', created_at: from.created_at, id: from.id }
      const rows = await store.find('approvals', {
        where,
        by: 'by_state',
        limit: 1000,
        ...(position && { after: position }),
      })
      for (const row of rows) {
        if (found.length === limit) break
        if (approver === undefined || (await mayVote(this.#tools, row, approver, at))) found.push(row)
      }
      if (rows.length < 1000) break
      from = rows.at(-1)
    }
    return found.map((row) => requestOf(row, at))
  }

  /**
   * Votes for a request, on nobody's behalf. The approver's roles and attributes are those that the caller has verified.
   *
   * @throws SallyportError `E_APPROVAL_UNKNOWN`; `E_APPROVAL_STATE` when it is resolved, has expired or is of other policies;
   * `E_APPROVAL_FORBIDDEN` for who asked, on whose behalf, and who is no approver; `E_APPROVAL_VOTED`.
   * @example await guard.approvals.approve(id, { type: 'user', id: 'mia' }, { reason: 'agreed with legal' })
   */
  approve(id: string, approver: Subject, options: VoteOptions = {}): Promise<ApprovalRequest> {
    return this.#vote(id, approver, 'approve', options)
  }

  /** Votes against a request, which ends it. Throws as `approve` does. */
  reject(id: string, approver: Subject, options: VoteOptions = {}): Promise<ApprovalRequest> {
    return this.#vote(id, approver, 'reject', options)
  }

  /**
   * Takes a request back, also one that is approved and not used up.
   *
   * @throws SallyportError `E_APPROVAL_FORBIDDEN` for anybody but who asked, and on whose behalf; `E_APPROVAL_STATE`
   */
  async withdraw(id: string, who: SubjectRef): Promise<ApprovalRequest> {
    const by = copyOf(who)
    const row = await existing(this.#tools, id)
    if (!documentOf(row).actors.some((actor) => sameSubject(actor, by))) {
      throw new SallyportError('E_APPROVAL_FORBIDDEN', 'only who asked, and on whose behalf, can withdraw it')
    }
    return this.#takeBack(row)
  }

  /**
   * The same by an administrator, whoever asked. Whoever calls has made sure that it is permitted.
   *
   * @throws SallyportError `E_APPROVAL_UNKNOWN`, `E_APPROVAL_STATE`
   */
  async cancel(id: string): Promise<ApprovalRequest> {
    return this.#takeBack(await existing(this.#tools, id))
  }

  /**
   * Tells of requests that have expired or are to be escalated, and writes it down. Call it now and then; what may be approved
   * by whom depends on the time alone, and not on this.
   *
   * @returns how many it told of
   */
  async sweep(limit = 100): Promise<number> {
    const swept = await sweepApprovals(this.#tools, limit)
    for (const { type, row } of swept) this.#tell(type, row)
    return swept.length
  }

  /**
   * Waits until a request is no longer pending.
   *
   * @throws SallyportError `E_APPROVAL_UNKNOWN`; `E_USAGE` without `sleep`; the signal's reason when it is aborted.
   * @example const { state } = await guard.approvals.untilResolved(id, { signal: AbortSignal.timeout(60_000) })
   */
  async untilResolved(id: string, options: WaitOptions = {}): Promise<ApprovalRequest> {
    return this.#show(await waitForResolution(this.#tools, id, this.#settings.sleep, options))
  }

  async #takeBack(row: ApprovalRow): Promise<ApprovalRequest> {
    const { id } = row
    const state = stateAt(row, this.#tools.now())
    const when = [{ column: 'state', is: '=', value: row.state }] as const
    const set = { state: 'withdrawn', escalates_at: NEVER }
    const open = state === 'pending' || state === 'approved'
    const written = open && (await this.#tools.store.write([{ update: 'approvals', key: { id }, set, when }])).applied
    if (!written) throw new SallyportError('E_APPROVAL_STATE', `${JSON.stringify(id)} cannot be withdrawn any more`)
    this.#tell('approval.resolved', { ...row, ...set })
    return this.#show({ ...row, ...set })
  }

  async #vote(id: string, who: Subject, vote: Vote, options: VoteOptions): Promise<ApprovalRequest> {
    const [approver, said] = copyOf([who, options] as const)
    const before = await existing(this.#tools, id)
    const row = await castVote(this.#tools, id, approver, vote, said)
    if (isResolved(stateAt(row, this.#tools.now()))) this.#tell('approval.resolved', row)
    else if (row.stage > before.stage) this.#tell('approval.advanced', row)
    return this.#show(row)
  }

  #show(row: ApprovalRow): ApprovalRequest {
    return requestOf(row, this.#tools.now())
  }

  /** Nobody waits for a notification: it must not slow the answer, and cannot change it. */
  #tell(type: ApprovalEvent['type'], row: ApprovalRow): void {
    const { notifier, onError, defer } = this.#settings
    if (notifier === undefined) return
    const event: ApprovalEvent = {
      type,
      tenant: this.#tools.store.tenant,
      at: this.#tools.now(),
      approval: this.#show(row),
    }
    // Also one that throws before there is a promise: the vote is written already.
    const work = Promise.resolve(event)
      .then((told) => notifier.notify(told))
      .catch((error: unknown) => onError?.(error, event))
      // What that throws there is nobody left to tell, and nobody waits for it.
      .catch(() => undefined)
    defer?.(work)
  }
}

/** Whether a vote would be taken, as `castVote` takes it. */
async function mayVote(tools: ApprovalTools, row: ApprovalRow, approver: Subject, now: number): Promise<boolean> {
  const { request, actors, imageId } = documentOf(row)
  if (imageId !== tools.engine.image.id || actsForOthers(approver)) return false
  if (actors.some((actor) => sameSubject(actor, approver))) return false
  if (!(await isApprover(tools, approversAt(row, now), approver, { resource: request.resource, now }))) return false
  return !(await hasVoted(tools, row.id, approver))
}
