/**
 * The guard: decisions that depend on what is kept. It asks the engine for every judgement, and a store for what is lent and
 * used. This file only puts the capabilities together; each has a folder or file of its own.
 */
import type { AccessRequest, Engine, EvaluateOptions } from '../engine/types.ts'
import type { Store } from '../store/port.ts'
import type { GuardDecision } from './decision.ts'
import type { AttributeSource } from './delegation/attributes.ts'
import type { Consumption } from './delegation/charge.ts'
import { Delegations } from './delegation/index.ts'
import type { ReserveDecision } from './delegation/reserve.ts'
import type { ConsumeDecision, Payers } from './delegation/spend.ts'
import { type GuardEnvironment, makeIds } from './environment.ts'

export interface GuardOptions {
  /** Decides, and says whose guard this is: its tenant. */
  readonly engine: Engine
  readonly store: Store
  /** The time in milliseconds since 1970, such as `Date.now`. */
  readonly clock: () => number
  /** So many random bytes, of a source that nobody can guess. */
  readonly random: (length: number) => Uint8Array
  /** Attributes of subjects as they are now, by which those who lent are judged. */
  readonly attributes?: AttributeSource
  /** Who pays for a use that several delegations grant: the `first` one, as when left out, or `each`, as in open-guard. */
  readonly payers?: Payers
}

/** What a caller of the guard may say beside the request. */
export type GuardCall = Pick<EvaluateOptions, 'untrusted'>

/** Every method may reject with `E_REQUEST` and `E_CHAIN_DEPTH`, as the engine does, and with an `E_STORE…` code: treat it as a denial. */
export interface Guard {
  readonly engine: Engine
  readonly delegations: Delegations

  /** Decides by the policies and, where they deny for lack of an allow, by what is lent to the subject. Uses nothing up. */
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
}

/**
 * Creates the guard of one tenant: the engine's.
 *
 * @example
 * const guard = createGuard({
 *   engine, store: memoryStore(), clock: Date.now, random: (length) => crypto.getRandomValues(new Uint8Array(length)),
 * })
 */
export function createGuard({ engine, store, clock, random, attributes, payers }: GuardOptions): Guard {
  const environment: GuardEnvironment = {
    engine,
    store: store.tenant(engine.tenant),
    now: clock,
    newId: makeIds(random),
  }
  const delegations = new Delegations(environment, { attributes, payers })
  const options = (call: GuardCall | undefined): EvaluateOptions => ({ ...call, now: clock() })
  return {
    engine,
    delegations,
    authorize: (request, call) => delegations.authorize(request, options(call)),
    authorizeAndConsume: (request, consumption = {}, call) => delegations.consume(request, consumption, options(call)),
    authorizeAndReserve: (request, consumption, call) => delegations.reserve(request, consumption, options(call)),
  }
}
