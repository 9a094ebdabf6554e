/** What a caller of the engine passes and gets. */

import type { ApprovalModel } from '../policy/approval-model.ts'
import type { AttributeValue, CombiningAlgorithm, Effect, Obligation } from '../policy/document.ts'
import type { ReasonCode } from '../text/reasons.ts'
import type { AskedRelation, KnownRelation, Relations, RelationTuples } from './relations/types.ts'

export type { ReasonCode, RelationTuples }

/**
 * An access request in the form of the AuthZEN Authorization API 1.0 (section 5), plus the tenant.
 *
 * Property values may be anything; what is not a JSON value counts as invalid where a policy reads it.
 */
export interface AccessRequest<Action extends string = string, ResourceType extends string = string> {
  readonly subject: Subject
  readonly action: { readonly name: Action; readonly properties?: Properties }
  readonly resource: { readonly type: ResourceType; readonly id: string; readonly properties?: Properties }
  readonly context?: Properties
  /** When given, it must be the engine's tenant; another one is denied. */
  readonly tenant?: string
  /**
   * What the host knows and the caller does not say: its session, its task, counters. Read by paths `state.…`. No
   * body over HTTP and no `evaluateJson` sets it; `evaluate` takes it from the object it is given.
   */
  readonly state?: RequestState
}

export interface RequestState {
  /** The session in which the subject acts: it makes some of its roles active. Left out: all of them are. */
  readonly session?: Session
  readonly [key: string]: unknown
}

/** A session in the sense of NIST RBAC (ANSI INCITS 359): a subset of the subject's roles, active for a while. */
export interface Session {
  readonly id?: string
  /** The roles that are active, with all that they inherit, as far as the subject holds them. */
  readonly roles: readonly string[]
  /** From when on the session denies, in milliseconds since 1970-01-01T00:00Z. A session with it needs `now`. */
  readonly expires_at?: number
}

/** Whose roles are asked for, and on what. */
export type RoleHolder = Pick<AccessRequest, 'subject' | 'resource' | 'state'>

export type Properties = { readonly [key: string]: unknown }

/** Somebody or something that acts. */
export interface Actor {
  readonly type: string
  readonly id: string
  readonly properties?: Properties
}

/** Who asks, and on whose behalf: one of the two forms, or neither. */
export interface Subject extends Actor {
  /** The actor for whom this one acts, who may act for another one. */
  readonly on_behalf_of?: Delegator
  /** The delegators as a list, the root first; the subject acts for the last one and is not in it. */
  readonly delegation_chain?: readonly Actor[]
}

export interface Delegator extends Actor {
  readonly on_behalf_of?: Delegator
}

export interface EvaluateOptions {
  /** The time of the decision: a Date, or milliseconds since the epoch. The engine has no clock of its own. */
  readonly now?: number | Date
  /**
   * Attributes of the request that are not to be trusted, as paths: `subject.clearance`, `context`, `chain.root.roles`. A
   * path marks everything below it; on an actor it marks the same of all who act for that one. Tests with `trusted: true`
   * cannot be evaluated on them.
   */
  readonly untrusted?: readonly string[]
}

/** How far a decision comes with what is known of relations whose tuples lie elsewhere. */
export interface PartialDecision {
  /** What it is if nothing more is found out: what is not known is not evaluable. */
  readonly decision: Decision
  /** What is to be found out first; empty when the decision stands. */
  readonly asked: readonly AskedRelation[]
}

export interface PartialOptions extends EvaluateOptions {
  /** Asks for every relation that any rule in question names, also those that what is known so far makes needless. */
  readonly everything?: boolean
}

export interface BytesOptions extends EvaluateOptions {
  /**
   * Where the answer goes when it has room for it; its first bytes, then. Left out, or too small: each answer has memory of its own, which takes
   * longer than the decision does. For who is done with an answer before the next question.
   */
  readonly into?: Uint8Array<ArrayBuffer>
}

export type Status = Effect

/** A decision. It is immutable and may be shared between calls; lists and texts are made when they are first read. */
export interface Decision {
  /** True only for `allow`. */
  readonly decision: boolean
  readonly status: Status
  readonly code: ReasonCode
  /** One line for people. */
  readonly reason: string
  /** The ids of the deciding rules, in document order. */
  readonly rules: readonly string[]
  readonly obligations: readonly Obligation[]
  readonly advice: readonly Obligation[]
  /** Of a review: who has to approve, by each deciding rule that says so. Not in JSON: it is for who asks them. */
  readonly approvals?: readonly RequiredApproval[]
  /** False where a deciding rule says that nobody may lend on what it allows. */
  readonly delegable?: false | undefined
  /** The SHA-256 of the image that decided, in hex. */
  readonly imageId: string
}

/** What a rule asks of approvers. */
export interface RequiredApproval {
  readonly rule: string
  readonly approval: ApprovalModel
}

/** Everything `explain` found out about one request. */
export interface Explanation {
  readonly decision: Decision
  /** The sets that took part, with their votes. */
  readonly sets: readonly SetExplanation[]
  /** The rules whose target matched, in document order. */
  readonly rules: readonly RuleExplanation[]
}

export interface SetExplanation {
  readonly name: string
  readonly algorithm: CombiningAlgorithm
  readonly vote: Status | 'abstain'
  /** The rules that made the vote. */
  readonly deciding: readonly string[]
}

export interface RuleExplanation {
  readonly id: string
  readonly set: string
  readonly effect: Effect
  readonly outcome: Outcome
  /** Whether the rule is among the deciding ones. */
  readonly deciding: boolean
  /** Every test that was looked at, in the order of the document. */
  readonly tests: readonly TestExplanation[]
  /** Where the rule stands, when it came from a text: `FILE:LINE:COLUMN`. */
  readonly place?: string
}

export type Outcome = 'true' | 'false' | 'not_evaluable'

export interface TestExplanation {
  /** The attribute path, as in the policy; empty for a CEL expression, whose operator is `cel` and whose text is `expected`. */
  readonly path: string
  readonly operator: string
  /** The operand: a constant, or `{ ref: path }`. */
  readonly expected: AttributeValue
  /** The value found; absent when the attribute is missing. What is no JSON value stands in brackets. */
  readonly actual?: AttributeValue
  /** Of a CEL expression that is not evaluable: the part that failed, and why. */
  readonly why?: string
  readonly outcome: Outcome
  /** Why it does not hold or could not be evaluated, where that is not plain from the value: one line for people. */
  readonly note?: string
  /** What the tests of this path count as when they cannot be evaluated, if the policy says so. */
  readonly otherwise?: boolean
}

/** What would have allowed a request that is denied or put under review. */
export interface WhyNot {
  readonly decision: Decision
  /** The allow rules that lack least, nearest first. Empty when the request is allowed, or no rule comes near. */
  readonly nearest: readonly NearRule[]
  /** Rules that deny or put under review, and win over one of the nearest; with the tests that made them apply. */
  readonly blockers: readonly RuleExplanation[]
  /** Where all sets must agree: those in which no rule applies. */
  readonly abstaining: readonly string[]
}

/** An allow rule, and all that is to change for it to apply. */
export interface NearRule {
  readonly id: string
  readonly set: string
  /**
   * Parts of the target that do not match and tests that do not hold. All of them are to hold; where a condition leaves a
   * choice, these are the fewest. Empty when the rule applies already, and others win over it.
   */
  readonly missing: readonly TestExplanation[]
  /**
   * The ids of the blockers that win over this rule as long as they apply, each even if the others did not; those that decide now
   * before others when there are more than `limit`.
   */
  readonly blockedBy: readonly string[]
  /** Where the rule stands, when it came from a text: `FILE:LINE:COLUMN`. */
  readonly place?: string
}

export interface WhyNotOptions extends EvaluateOptions {
  /** The most rules to name, and the most blockers of each; 5 when left out, 1 to 100. */
  readonly limit?: number
}

/** A compiled policy image. */
export interface Image {
  /** The bytes; load them with `createEngine({ image })`. */
  readonly bytes: Uint8Array
  /** Their SHA-256, in hex. */
  readonly id: string
}

/** Decides requests by the policies of one tenant. Pure: no I/O, no clock, no randomness. */
export interface DecisionEngine<Action extends string = string, ResourceType extends string = string> {
  readonly tenant: string
  readonly image: Image
  /** The relation tuples. */
  readonly relations: RelationTuples

  /**
   * Decides one request, synchronously. It takes an object of your program and believes its `state`: for bodies of clients, use
   * `evaluateJson`.
   *
   * @throws SallyportError `E_REQUEST` when a part of the request is missing, or is of the wrong type and the policies read it.
   * @example
   * engine.evaluate({
   *   subject: { type: 'user', id: 'alice' }, action: { name: 'read' }, resource: { type: 'record', id: 'r1' },
   * }).decision // true
   */
  evaluate(request: AccessRequest<Action, ResourceType>, options?: EvaluateOptions): Decision

  /**
   * Decides the request in the body of an AuthZEN Access Evaluation, and answers with the body of its response, both UTF-8
   * JSON: what `evaluate` would say, without making an object of either. A `state` in the body is not looked at.
   *
   * @throws SallyportError `E_REQUEST` when the body is no JSON object that holds a request, names something twice in one
   * object, nests deeper than 64, or is longer than 64 MiB; `E_CHAIN_DEPTH`.
   * @example
   * const body = new TextEncoder().encode(
   *   '{"subject":{"type":"user","id":"alice"},"action":{"name":"read"},"resource":{"type":"record","id":"r1"}}',
   * )
   * new TextDecoder().decode(engine.evaluateJson(body)) // '{"decision":true}'
   */
  evaluateJson(body: Uint8Array, options?: BytesOptions): Uint8Array<ArrayBuffer>

  /**
   * Decides each request, in order, at the same `now`. Requests in a row that differ in their resource alone (subject, context and state
   * are the same objects, the action has the same name) cost about half: what they share is read once.
   *
   * @throws SallyportError as `evaluate` does, at the first bad request.
   * @example engine.evaluateMany(records.map((resource) => ({ subject, action, resource, context })))
   */
  evaluateMany(requests: readonly AccessRequest<Action, ResourceType>[], options?: EvaluateOptions): Decision[]

  /**
   * The roles of a subject on a resource, inherited ones included: those that are active, where it acts in a session. Only roles
   * that the policies declare are known. None when its session has expired or separation of duty is broken.
   *
   * @throws SallyportError `E_REQUEST` as `evaluate` does.
   * @example engine.rolesOf({ subject: { type: 'user', id: 'ann' }, resource: { type: 'record', id: 'r1' } }) // ['editor', 'viewer']
   */
  rolesOf(holder: RoleHolder, options?: Pick<EvaluateOptions, 'now'>): readonly string[]

  /** The ids of the known subjects or resources of a type, sorted by code point: candidates for search. */
  entities(kind: 'subject' | 'resource', type: string): readonly string[]

  /** The types of which subjects or resources are known. */
  entityTypes(kind: 'subject' | 'resource'): readonly string[]

  /** The known actions, sorted by code point: the declared ones, or every exact action that a rule names. */
  actions(): readonly string[]
}

/** An engine with everything: what decides, and what explains it, asks about relations and takes other policies. */
export interface Engine<Action extends string = string, ResourceType extends string = string>
  extends DecisionEngine<Action, ResourceType> {
  /** The relation tuples, and questions about them. */
  readonly relations: Relations
  /** Whether others know the relation tuples: see `evaluateWith`. */
  readonly elsewhere: boolean

  /**
   * Decides by what is known of relations, for an engine made with `tuples: 'elsewhere'`, and says which others to find out. Then it is to
   * be called again; `decideByRelations` of `sallyport/relations` does so. `evaluate` of such an engine knows of none.
   *
   * @throws SallyportError as `evaluate` does; `E_USAGE` when the engine has its tuples itself.
   */
  evaluateWith(
    request: AccessRequest<Action, ResourceType>,
    known: readonly KnownRelation[],
    options?: PartialOptions,
  ): PartialDecision

  /** Decides one request and tells which rules were looked at, which tests held with which values, and what decided. */
  explain(request: AccessRequest<Action, ResourceType>, options?: EvaluateOptions): Explanation

  /**
   * Tells what would have allowed a request: the nearest allow rules with what they lack, and the rules in their way. Looks
   * at all rules, so that it takes long where there are many. Values of secret attributes are not told.
   *
   * @throws SallyportError as `evaluate` does; `E_USAGE` for a limit out of range.
   * @example engine.whyNot(request).nearest[0]?.missing // [{ path: 'subject.roles', operator: 'holds one of', … }]
   */
  whyNot(request: AccessRequest<Action, ResourceType>, options?: WhyNotOptions): WhyNot

  /**
   * Swaps in other policies between two decisions. On any error the old ones stay in force.
   *
   * @throws PolicyError `E_POLICY` with every mistake; SallyportError `E_TENANT` when they are of another tenant.
   */
  replacePolicies(policies: PolicyInput): Promise<void>
}

/** Policies as text or as an object; several make one document. */
export type PolicyInput = PolicySource | readonly PolicySource[]

/** YAML or JSON text with a name for messages, or a document as an object. */
export type PolicySource = string | { readonly name: string; readonly text: string } | PolicyObject
export type PolicyObject = import('../policy/document.ts').PolicyDocument
