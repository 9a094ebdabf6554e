/**
 * The guard: decisions that depend on what is kept. It asks the engine for every judgement, and a store for what is lent and
 * used. This file only puts the capabilities together; each has a folder or file of its own.
 */
import type { AccessRequest, Engine } from '../engine/types.ts'
import { SallyportError } from '../errors.ts'
import type { RelationSettings } from '../relation-source/port.ts'
import type { RevocationView } from '../revocation/feed.ts'
import { memorySource } from '../store/entities/memory.ts'
import type { Store } from '../store/port.ts'
import { trimChanges } from '../store/sweep.ts'
import { type ApprovalSettings, Approvals } from './approval/index.ts'
import type { ApprovalRequest } from './approval/record.ts'
import type { WaitOptions } from './approval/wait.ts'
import { requestAsked } from './asked.ts'
import { Authorization, type GuardCall } from './authorization.ts'
import { copyOf } from './copy.ts'
import type { GuardDecision } from './decision.ts'
import type { AttributeSource } from './delegation/attributes.ts'
import type { Consumption } from './delegation/charge.ts'
import { Delegations } from './delegation/index.ts'
import { holdsAny } from './delegation/list.ts'
import type { ReserveDecision } from './delegation/reserve.ts'
import type { ConsumeDecision, Payers } from './delegation/spend.ts'
import { decideBy, type GuardEnvironment } from './environment.ts'
import { makeIds } from './ids.ts'
import { Inventory } from './inventory.ts'
import type { Limit } from './limit/definition.ts'
import { Limits } from './limit/index.ts'
import { entityCandidates, relationCandidates, unionOf } from './list/candidate.ts'
import { delegatedCandidates } from './list/delegated.ts'
import {
  type ActionQuery,
  type EntityRef,
  type ListCall,
  type Listed,
  Listing,
  type ListSettings,
  type ResourceQuery,
  type SubjectQuery,
} from './list/index.ts'
import { DecisionLog, type DecisionLogOptions } from './log/index.ts'
import { Sessions } from './session/index.ts'
import { Tasks } from './task/index.ts'

export interface GuardOptions {
  /** Decides, and says whose guard this is: its tenant. */
  readonly engine: Engine
  readonly store: Store
  /** The time in milliseconds since 1970, such as `Date.now`. While it gives no number, calls reject with `E_USAGE`. */
  readonly clock: () => number
  /** So many random bytes, of a source that nobody can guess. It is asked for those of many ids at a time. */
  readonly random: (length: number) => Uint8Array
  /** Attributes of subjects as they are now, by which those who lent are judged. */
  readonly attributes?: AttributeSource
  /** Who pays for a use that several delegations grant: the `first` one, as when left out, or `each`, as in open-guard. */
  readonly payers?: Payers
  /** Who is told of approvals, and who approves where policies do not say. */
  readonly approvals?: ApprovalSettings
  /** How often, and how much, is allowed. */
  readonly limits?: readonly Limit[]
  /** Where every answer goes; left out: nowhere. */
  readonly log?: DecisionLogOptions
  /** Where lists get their candidates from, and what binds their cursors. */
  readonly lists?: ListSettings
  /**
   * What the fleet has heard of revocations (a `RevocationFeed`): for a store that may lag, such as a replica. What it has heard of grants
   * nothing, and when it has heard nothing for too long no delegation does (`E_REVOCATION_STALE`).
   */
  readonly revocations?: RevocationView
  /** Who knows the relations, when the engine is made with `tuples: 'elsewhere'`. */
  readonly relations?: RelationSettings
}

/**
 * Every method may reject with `E_REQUEST` and `E_CHAIN_DEPTH`, as the engine does, and with an `E_STORE…` code: treat it as a denial.
 * What it is called with is copied at once: what becomes of those objects while it waits changes nothing.
 */
export interface Guard {
  readonly engine: Engine
  readonly delegations: Delegations
  readonly approvals: Approvals
  readonly sessions: Sessions
  readonly tasks: Tasks
  /** All that is kept, whoever it belongs to: for administrators. */
  readonly inventory: Inventory
  /** What decisions were counted as lost, and a way to wait for the rest; undefined when nothing is logged. */
  readonly log: DecisionLog | undefined

  /**
   * Decides by the policies and, where they deny for lack of an allow, by what is lent to the subject. What is under review is asked for.
   * An allow is counted by limits and takes a use of the approvals on which it rests; delegations are only asked. With `dryRun` nothing
   * is changed.
   */
  authorize(request: AccessRequest, call?: GuardCall): Promise<GuardDecision>

  /**
   * Decides, and where a delegation grants it, takes a use and its cost from that one and from all it rests on: from each of them or
   * from none.
   *
   * @throws SallyportError `E_AMOUNT`, `E_IDEMPOTENCY`
   * @example
   * const { decision, paid } = await guard.authorizeAndConsume(request, { cost: { amount: '12.50', unit: 'EUR' } })
   * // true, [{ id: 'dlg_…', uses: 9, budget: { amount: '87.50', unit: 'EUR' } }]
   */
  authorizeAndConsume(request: AccessRequest, consumption?: Consumption, call?: GuardCall): Promise<ConsumeDecision>

  /**
   * The same for work whose cost is known later. `delegations.commit` says what it was, `delegations.cancel` gives it back.
   *
   * @param consumption what is needed at most; `holdFor` says for how many milliseconds it is put aside
   */
  authorizeAndReserve(
    request: AccessRequest,
    consumption: Consumption & { readonly holdFor: number },
    call?: GuardCall,
  ): Promise<ReserveDecision>

  /** Waits until an approval request is no longer pending; the same as `approvals.untilResolved`. */
  untilResolved(id: string, options?: WaitOptions): Promise<ApprovalRequest>

  /**
   * The resources of a type on which a subject may do something, in pages: what `authorize` would allow, with what is lent, and without what waits for
   * an approval. Nothing is used up.
   *
   * @throws SallyportError `E_CURSOR`
   * @example await guard.listAuthorized({ subject: ann, action: { name: 'read' }, resource: { type: 'document' } }, { limit: 20 })
   */
  listAuthorized(query: ResourceQuery, call?: ListCall): Promise<Listed<EntityRef>>

  /** The subjects of a type that may do something to a resource. */
  listSubjects(query: SubjectQuery, call?: ListCall): Promise<Listed<EntityRef>>

  /** The known actions that a subject may do to a resource. */
  listActions(query: ActionQuery, call?: ListCall): Promise<Listed<string>>

  /**
   * Writes down and tells of what time has brought about, and deletes what nobody asks about any more: approvals that have expired or escalate;
   * counters, idempotency keys and notes of revocations that are over; reservations that were never settled; changes that are older than the last
   * ones. Delegations, approvals, the ledger and the log stay. Call it now and then, in one process or in all; no decision depends on it.
   *
   * @param limit the most of each kind to look at; 100 when left out. When it returns less than that, nothing is left to do
   * @param keep of so many last writes the changes stay, for `Freshness`; 10,000 when left out
   * @returns how many there were
   */
  sweep(limit?: number, keep?: number): Promise<number>
}

/**
 * Creates the guard of one tenant: the engine's.
 *
 * @example
 * const guard = createGuard({
 *   engine, store: memoryStore(), clock: Date.now, random: (length) => crypto.getRandomValues(new Uint8Array(length)),
 * })
 */
export function createGuard(options: GuardOptions): Guard {
  const {
    engine,
    store,
    clock,
    random,
    attributes,
    payers,
    approvals,
    limits,
    log,
    lists = {},
    relations,
    revocations,
  } = options
  if (engine.elsewhere !== (relations !== undefined)) {
    throw new SallyportError('E_USAGE', "relations and an engine with tuples: 'elsewhere' need each other")
  }
  const environment: GuardEnvironment = {
    engine,
    decide: decideBy(engine, relations),
    relations,
    revocations,
    store: store.tenant(engine.tenant),
    now: () => timeOf(clock),
    newId: makeIds(random),
  }
  const delegations = new Delegations(environment, { attributes, payers })
  const limiting = new Limits(environment, limits)
  const capabilities = {
    delegations,
    approvals: new Approvals(environment, approvals),
    limits: limiting,
    sessions: new Sessions(environment),
    tasks: new Tasks(environment),
    log: log && new DecisionLog(environment, log),
  }
  const authorization = new Authorization(environment, capabilities)
  const sources = lists.candidates ?? [
    entityCandidates(memorySource(engine)),
    // Whom tuples lead to is not known where they lie elsewhere.
    ...(engine.elsewhere ? [] : [relationCandidates(engine)]),
    delegatedCandidates(delegations),
  ]
  const judges = {
    environment,
    authorization,
    isGrantee: ({ type, id }: EntityRef) => holdsAny(environment, { type, id }),
    isLimited: (request: AccessRequest) => limiting.counts(request),
  }
  const listing = new Listing(judges, unionOf(sources), lists)
  const unpaid = (answer: GuardDecision): ConsumeDecision => ({ ...answer, paid: [] })
  return {
    engine,
    ...capabilities,
    inventory: new Inventory(environment),
    authorize: async (request, call = {}) =>
      authorization.decide(requestAsked(request), copyOf(call), { give: (answer) => answer }),
    authorizeAndConsume: async (request, consumption = {}, call = {}) =>
      authorization.decide(requestAsked(request), copyOf(call), {
        give: unpaid,
        paying: delegations.consuming(consumption),
      }),
    authorizeAndReserve: async (request, consumption, call = {}) =>
      authorization.decide<ReserveDecision>(requestAsked(request), copyOf(call), {
        give: unpaid,
        paying: delegations.reserving(consumption),
      }),
    untilResolved: (id, waiting) => capabilities.approvals.untilResolved(id, waiting),
    listAuthorized: (query, call) => listing.resources(query, call),
    listSubjects: (query, call) => listing.subjects(query, call),
    listActions: (query, call) => listing.actions(query, call),
    async sweep(limit = 100, keep = 10_000) {
      const swept = await Promise.all([
        capabilities.approvals.sweep(limit),
        limiting.sweep(limit),
        delegations.sweep(limit),
        trimChanges(environment.store, { keep, limit }),
      ])
      return swept.reduce((sum, count) => sum + count, 0)
    },
  }
}

/** By what is no number nothing would ever be over. */
function timeOf(clock: GuardOptions['clock']): number {
  const now: unknown = clock()
  if (typeof now === 'number' && Number.isFinite(now)) return now
  throw new SallyportError('E_USAGE', 'the clock must give milliseconds since 1970')
}
