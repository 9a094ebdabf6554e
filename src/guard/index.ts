/** `sallyport/guard`: the stateful half, over an engine and a store. Start with `createGuard`. */
export type { Amount, Decimal } from '../delegation/amount.ts'
export type { Scope } from '../delegation/scope.ts'
export type { DelegationState } from '../delegation/state.ts'
export { createPace, type Pace, type Turns } from '../pace.ts'
export type { ApprovalList, ApprovalSettings, Approvals } from './approval/index.ts'
export { type ApprovalEvent, type ApprovalNotifier, callNotifier } from './approval/notifier.ts'
export type { ApprovalRequest, ApprovalState, ApprovalVote } from './approval/record.ts'
export type { VoteOptions } from './approval/vote.ts'
export type { Sleep, WaitOptions } from './approval/wait.ts'
export {
  type ReceivedWebhook,
  readWebhook,
  type Send,
  type WebhookOptions,
  webhookNotifier,
} from './approval/webhook.ts'
export type { GuardCall } from './authorization.ts'
export type { ApprovalRef, GuardDecision, GuardReason } from './decision.ts'
export type { AttributeSource } from './delegation/attributes.ts'
export type { Consumption, Left } from './delegation/charge.ts'
export type { Grant } from './delegation/grant.ts'
export type { Caller, Delegations } from './delegation/index.ts'
export type { DelegationPage, DelegationQuery } from './delegation/list.ts'
export type { Delegation } from './delegation/record.ts'
export type { Reservation, ReserveDecision, Settlement } from './delegation/reserve.ts'
export type { ConsumeDecision, Payers, Payment } from './delegation/spend.ts'
export type { DelegationStatement } from './delegation/statement.ts'
export type { DelegationTerms } from './delegation/terms.ts'
export { createGuard, type Guard, type GuardOptions } from './guard.ts'
export type { Inventory, Page } from './inventory.ts'
export type { Limit, Per } from './limit/definition.ts'
export type { Window } from './limit/window.ts'
export {
  type Candidate,
  type CandidatePage,
  type CandidateQuery,
  type CandidateSource,
  entityCandidates,
  listedCandidates,
} from './list/candidate.ts'
export type {
  ActionQuery,
  EntityRef,
  ListCall,
  Listed,
  ListSettings,
  ResourceQuery,
  SubjectQuery,
} from './list/index.ts'
export type { DecisionData, DecisionEvent } from './log/event.ts'
export type { DecisionLogOptions } from './log/index.ts'
export type { WhenFull } from './log/queue.ts'
export { callSink, type DecisionSink, storeSink } from './log/sinks.ts'
export type { GuardSession, SessionState, Sessions, SessionTerms } from './session/index.ts'
export type { SubjectRef } from './subject-key.ts'
export type { Tasks, TaskTerms } from './task/index.ts'
export type { Task } from './task/record.ts'
export type { TaskState } from './task/state.ts'
