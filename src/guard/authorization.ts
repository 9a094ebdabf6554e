/**
 * The way of a request through the guard, past each capability once: session and task, what was used, policies, delegations, limits, approvals, and the
 * log. What an allow uses up, also of what is lent, is written in one list of guarded statements, before the answer is given.
 */
import type { AccessRequest, EvaluateOptions } from '../engine/types.ts'
import { SallyportError } from '../errors.ts'
import type { Write } from '../store/port.ts'
import type { Approvals } from './approval/index.ts'
import type { ApprovalRow } from './approval/record.ts'
import { documentOf, stateAt } from './approval/record.ts'
import type { ReviewDemand } from './approval/review.ts'
import {
  type ApprovalRef,
  decidedByApproval,
  decidedByPolicies,
  decidedByReview,
  denialOf,
  type GuardDecision,
  refusedBy,
} from './decision.ts'
import type { Delegations } from './delegation/index.ts'
import type { Paying } from './delegation/paying.ts'
import type { GuardEnvironment } from './environment.ts'
import type { Limits, Usage } from './limit/index.ts'
import type { DecisionLog } from './log/index.ts'
import type { Sessions } from './session/index.ts'
import { type SituationCall, situationOf } from './situation.ts'
import type { Tasks } from './task/index.ts'

/** What a caller of the guard may say beside the request. */
export interface GuardCall extends Pick<EvaluateOptions, 'untrusted'>, SituationCall {
  /** Only asks: nobody is asked to approve, and nothing is used, counted or logged. */
  readonly dryRun?: boolean
}

export interface Capabilities {
  readonly delegations: Delegations
  readonly approvals: Approvals
  readonly limits: Limits
  readonly sessions: Sessions
  readonly tasks: Tasks
  readonly log: DecisionLog | undefined
}

/** What becomes of an answer: it is given as it is, or a delegation that it rests on pays for it. */
export interface Settling<D extends GuardDecision> {
  readonly give: (answer: GuardDecision) => D
  readonly paying?: Paying<D>
}

/** How often others may be faster before it is given up. */
const TRIES = 64

export class Authorization {
  readonly #environment: GuardEnvironment
  readonly #with: Capabilities

  constructor(environment: GuardEnvironment, capabilities: Capabilities) {
    this.#environment = environment
    this.#with = capabilities
  }

  /** @param request nobody else's, and of the form of a request: `requestAsked`; so is `call` */
  async decide<D extends GuardDecision>(request: AccessRequest, call: GuardCall, settling: Settling<D>): Promise<D> {
    const { log } = this.#with
    if (log === undefined || call.dryRun) return this.#decide(request, call, settling)
    const place = await log.enter()
    if (place === undefined) {
      return settling.give(denialOf(this.#environment.engine.image.id, 'log_full', 'the decision log is full'))
    }
    try {
      const answer = await this.#decide(request, call, settling)
      log.record(place, request, answer)
      return answer
    } catch (error) {
      place.leave()
      throw error
    }
  }

  async #decide<D extends GuardDecision>(request: AccessRequest, call: GuardCall, settling: Settling<D>): Promise<D> {
    const { engine, decide, store, now } = this.#environment
    const { delegations, limits } = this.#with
    const options: EvaluateOptions = { ...(call.untrusted && { untrusted: call.untrusted }), now: now() }
    const situation = await situationOf(this.#with, request, call, options)
    if (situation.outcome !== 'known') {
      return settling.give(denialOf(engine.image.id, situation.outcome, situation.why))
    }
    const paying = call.dryRun ? undefined : settling.paying
    for (let tries = 0; tries < TRIES; tries++) {
      const usage = await limits.usage(request)
      const asked = withUsage(request, situation.state, usage)
      const decision = await decide(asked, options)
      const judged = { request: asked, options, decision }
      const denied = decision.status === 'deny'
      // Before anything is weighed: a call that repeats another one has used up already what would now be missing.
      const repeated = await paying?.kept(judged)
      if (repeated !== undefined) return repeated
      // … and once more before it is refused, as the other one may have come between.
      const refuse = async (refusal: GuardDecision) => (await paying?.kept(judged)) ?? settling.give(refusal)
      const choice = denied ? await paying?.choose(judged) : undefined
      if (choice === 'changed') continue
      const lent = choice?.answer ?? (denied ? await delegations.judge(judged) : undefined)
      const answer = lent ?? decidedByPolicies(decision)
      if (answer.status === 'deny') return refuse(answer)
      const required = decision.status === 'review' ? this.#with.approvals.demandedBy(decision) : []
      const demanding = { request, untrusted: call.untrusted, required, dryRun: call.dryRun }
      const weighed = await this.#judge(answer, usage, demanding)
      if (!weighed.answer.decision) return refuse(weighed.answer)
      if (call.dryRun) return settling.give(weighed.answer)
      const { writes } = weighed
      if (choice !== undefined) {
        const paid = await choice.pay(weighed.answer.approvals, writes)
        if (paid === 'changed') continue
        return paid
      }
      if (writes.length > 0 && !(await store.write(writes)).applied) continue
      return settling.give(weighed.answer)
    }
    throw new SallyportError('E_STORE_BUSY', 'too many others ask for the same at the same time; ask again')
  }

  /** What limits and people say of an answer that is no denial; and what is to be written before it may be given. */
  async #judge(
    answer: GuardDecision,
    usage: Usage,
    demanding: Omit<ReviewDemand, 'imageId'>,
  ): Promise<{ readonly answer: GuardDecision; readonly writes: readonly Write[] }> {
    const refuse = (refusal: GuardDecision) => ({ answer: refusal, writes: [] })
    const deciding = { rules: answer.rules, delegations: answer.delegations.map(({ id }) => id) }
    const weighing = await this.#with.limits.weigh(demanding.request, usage, deciding)
    if (weighing.outcome !== 'within') {
      const name = JSON.stringify(weighing.limit.name)
      const exceeded = weighing.outcome === 'exceeded'
      const why = exceeded
        ? `the limit ${name} is used up`
        : `the limit ${name} counts context.${weighing.limit.amount}`
      return refuse(refusedBy(answer, exceeded ? 'limit_exceeded' : 'limit_amount', why))
    }
    const { counting } = weighing
    const over = weighing.over.map(({ name, approval }) => ({
      rule: `limit ${name}`,
      approval,
      host: 'limit' as const,
    }))
    const demand = { ...demanding, imageId: answer.imageId, required: [...demanding.required, ...over] }
    if (demand.required.length === 0) {
      // A review that no rule asks for is none that anybody could approve.
      return answer.decision
        ? { answer, writes: counting }
        : refuse(decidedByReview(answer, 'no_approver', answer.reason))
    }
    const review = await this.#with.approvals.review(demand)
    switch (review.outcome) {
      case 'approved':
        return {
          answer: decidedByApproval(answer, this.#refs(review.rows)),
          writes: [...review.claims, ...counting],
        }
      case 'pending':
        return refuse(decidedByReview(answer, 'approval_pending', answer.reason, this.#refs(review.rows)))
      case 'rejected':
        return refuse(decidedByReview(answer, 'approval_rejected', 'it was rejected', this.#refs(review.rows)))
      case 'nobody':
        return refuse(
          decidedByReview(answer, 'no_approver', `nobody can approve what ${review.rules.join(', ')} asks for`),
        )
    }
  }

  #refs(rows: readonly ApprovalRow[]): readonly ApprovalRef[] {
    const now = this.#environment.now()
    return rows.map((row) => ({
      id: row.id,
      rule: documentOf(row).rule,
      state: stateAt(row, now),
      expiresAt: row.expires_at,
    }))
  }
}

function withUsage(request: AccessRequest, state: AccessRequest['state'], usage: Usage): AccessRequest {
  return { ...request, state: { ...state, usage: usage.state } }
}
