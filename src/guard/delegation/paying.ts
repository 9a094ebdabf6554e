/** How what is lent pays for an answer: the steps that the guard takes between the policies and the write. */
import type { AccessRequest, Decision, EvaluateOptions } from '../../engine/types.ts'
import type { Write } from '../../store/port.ts'
import type { ApprovalRef, GuardDecision } from '../decision.ts'

/** What was judged no longer holds: it is to be judged anew. */
export type Changed = 'changed'

/** A request as it is judged now: with what the guard knows of it, and what the policies say. */
export interface Judged {
  readonly request: AccessRequest
  readonly options: EvaluateOptions
  readonly decision: Decision
}

/** One call that is to be paid for. */
export interface Paying<D extends GuardDecision> {
  /**
   * The answer that a call which was made before has got, where this one repeats it: it uses up nothing. Undefined: there is none, or the policies
   * do not ask what is lent.
   *
   * @throws SallyportError `E_IDEMPOTENCY`
   */
  kept(judged: Judged): Promise<D | undefined>
  /** Who pays for what the policies deny; chosen before limits and approvals are weighed, so that these count for who pays. */
  choose(judged: Judged): Promise<Choice<D> | Changed>
}

export interface Choice<D extends GuardDecision> {
  /** An allow by those that would pay, or a denial that says why none can. */
  readonly answer: GuardDecision
  /**
   * Takes it from all of them or from none.
   *
   * @param approvals those on which the answer rests
   * @param together what else an allow uses up, for the same write
   */
  pay(approvals: readonly ApprovalRef[], together: readonly Write[]): Promise<D | Changed>
}
