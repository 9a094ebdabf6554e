/** Delegations: rights that are lent, bounded and revocable. */
import { Coverage } from '../../delegation/coverage.ts'
import { LISTED_AFTER_END } from '../../delegation/grace.ts'
import type { AccessRequest, EvaluateOptions, Subject } from '../../engine/types.ts'
import { deleteBefore } from '../../store/sweep.ts'
import { copyOf } from '../copy.ts'
import { decidedByDelegation, decidedByPolicies, deniedBy, type GuardDecision } from '../decision.ts'
import type { GuardEnvironment } from '../environment.ts'
import type { SubjectRef } from '../subject-key.ts'
import { type AttributeSource, GrantorAttributes } from './attributes.ts'
import type { Consumption } from './charge.ts'
import { createDelegation } from './create.ts'
import { canJoin, type Found, findGrants } from './grant.ts'
import { findRecord } from './line.ts'
import { type DelegationPage, type DelegationQuery, listDelegations } from './list.ts'
import { isActiveWith, readOverdue } from './overdue.ts'
import type { Judged, Paying } from './paying.ts'
import { readFor } from './read.ts'
import { type Delegation, delegationOf } from './record.ts'
import {
  cancel,
  commit,
  holderOf,
  type ReserveDecision,
  releaseExpired,
  reserving,
  type Settlement,
} from './reserve.ts'
import { revokeLine } from './revoke.ts'
import { type ConsumeDecision, type Payers, Spending } from './spend.ts'
import { type DelegationStatement, revokedIds, statementOf } from './statement.ts'
import type { DelegationTerms } from './terms.ts'
import type { DelegationTools } from './tools.ts'
import { changeState } from './transition.ts'

export interface DelegationSettings {
  readonly attributes?: AttributeSource | undefined
  /** Who pays for a use that several delegations grant; the first one when left out. */
  readonly payers?: Payers | undefined
}

/** What can be done to delegations. Every method may also reject with an `E_STORE…` error: nothing is permitted then. */
export class Delegations {
  readonly #tools: DelegationTools
  readonly #payers: Payers

  constructor(environment: GuardEnvironment, { attributes, payers = 'first' }: DelegationSettings) {
    this.#tools = { environment, coverage: new Coverage(), attributes: new GrantorAttributes(attributes) }
    this.#payers = payers
  }

  /**
   * Lends: the grantor gives, and the delegation is active at once; or, where the policies ask for a review of the action
   * `delegate`, when somebody else has accepted it.
   *
   * @throws SallyportError `E_USAGE`, `E_SCOPE`, `E_AMOUNT`, `E_DELEGATION`, `E_DELEGATION_STATE`, `E_DELEGATION_EXCEEDS`, `E_DELEGATION_GRANTOR`,
   * `E_DELEGATION_FORBIDDEN`, `E_IDEMPOTENCY`; see docs/errors.md.
   * @example
   * await guard.delegations.create({
   *   by: ann, grantor: ann, grantee: { type: 'agent', id: 'planner' },
   *   scopes: [{ actions: 'travel:*', on: 'trip' }], maxUses: 10, expiresAt: Date.UTC(2027, 0, 1),
   * })
   */
  async create(terms: DelegationTerms): Promise<Delegation> {
    return this.#show(await createDelegation(this.#tools, 'push', copyOf(terms)))
  }

  /**
   * Asks to be lent: the grantee calls, and the grantor accepts or declines. Where the policies ask for a review of the action `delegate`,
   * somebody else has to accept it after the grantor. Throws as `create` does.
   */
  async propose(terms: DelegationTerms): Promise<Delegation> {
    return this.#show(await createDelegation(this.#tools, 'pull', copyOf(terms)))
  }

  /**
   * Makes a proposed one active, if what was asked for holds; or, where there is to be a review, lets it wait for an approver (`awaits`). Its lease begins now. Properties of a grantor who accepts are kept with it,
   * as those in `create` are.
   */
  async accept(id: string, { by }: Caller): Promise<Delegation> {
    return this.#show(await changeState(this.#tools, 'accept', id, copyOf(by)))
  }

  async decline(id: string, { by }: Caller): Promise<Delegation> {
    return this.#show(await changeState(this.#tools, 'decline', id, copyOf(by)))
  }

  /** Begins its lease again, also one that has lapsed. */
  async renew(id: string, { by }: Caller): Promise<Delegation> {
    return this.#show(await changeState(this.#tools, 'renew', id, copyOf(by)))
  }

  /** Puts it out of use for a while, with all that rests on it. */
  async suspend(id: string, { by }: Caller): Promise<Delegation> {
    return this.#show(await changeState(this.#tools, 'suspend', id, copyOf(by)))
  }

  async resume(id: string, { by }: Caller): Promise<Delegation> {
    return this.#show(await changeState(this.#tools, 'resume', id, copyOf(by)))
  }

  /** Ends it, with all that rests on it. Doing so twice is no mistake. `below` says how many that were. */
  async revoke(id: string, { by }: Caller): Promise<Delegation & { readonly below: number }> {
    const { record, below } = await revokeLine(this.#tools, id, copyOf(by))
    return { ...this.#show(record), below }
  }

  /**
   * What an administrator does, whoever the delegation is of: the policies are not asked. Whoever calls has made sure that it is
   * permitted. What a grantor has suspended, an administrator cannot resume.
   *
   * @throws SallyportError `E_DELEGATION`, `E_DELEGATION_STATE`, `E_DELEGATION_FORBIDDEN`
   */
  async administer(
    transition: 'suspend' | 'resume' | 'revoke',
    id: string,
    { by }: Caller,
  ): Promise<Delegation & { readonly below: number }> {
    if (transition === 'revoke') {
      const { record, below } = await revokeLine(this.#tools, id, copyOf(by), 'administration')
      return { ...this.#show(record), below }
    }
    return { ...this.#show(await changeState(this.#tools, transition, id, copyOf(by), 'administration')), below: 0 }
  }

  /** @throws SallyportError `E_DELEGATION` when there is none with this id in the tenant. */
  async get(id: string): Promise<Delegation> {
    return this.#show(await findRecord(this.#tools.environment, id))
  }

  /**
   * The same for somebody: those who lent it or what it rests on, who hold it, asked for it or may renew it, and whom the policies permit
   * `delegation:read`.
   *
   * @throws SallyportError `E_DELEGATION` also when it is nothing to them
   */
  async read(id: string, { by }: Caller): Promise<Delegation> {
    return this.#show(await readFor(this.#tools, id, copyOf(by)))
  }

  /**
   * What an active one says, to be signed as a proof that travels: `issueProof` of `sallyport/identity`.
   *
   * @throws SallyportError `E_DELEGATION`, `E_DELEGATION_STATE`, `E_REVOCATION_STALE`
   */
  async statement(id: string): Promise<DelegationStatement> {
    return statementOf(this.#tools.environment, id)
  }

  /**
   * Releases reservations whose time is over, and deletes what nobody asks about any more: idempotency keys after 30 days, and
   * notes of revocations some time after what was revoked would have ended. Delegations and the ledger stay. To be called now and then.
   *
   * @param limit the most of each kind to look at; left out: all
   * @returns how many rows were deleted or released
   */
  async sweep(limit?: number): Promise<number> {
    const { store, now } = this.#tools.environment
    const released = await releaseExpired(this.#tools, limit)
    const at = now()
    const over = { by: 'by_expiry', column: 'expires_at', ...(limit !== undefined && { limit }) } as const
    const keys = await deleteBefore(store, { table: 'idempotency', ...over, before: at })
    const revocations = await deleteBefore(store, { table: 'revocations', ...over, before: at - LISTED_AFTER_END })
    return released + keys + revocations
  }

  /** The ids of all that are revoked and would not have ended yet, or not long ago: for `issueRevocationList` of `sallyport/identity`. */
  async revoked(): Promise<readonly string[]> {
    return revokedIds(this.#tools.environment)
  }

  /** Those that somebody lent, or holds, or that rest on one; in pages. */
  async list(query: DelegationQuery): Promise<DelegationPage> {
    return listDelegations(this.#tools.environment, query)
  }

  /** The guard's decision where the policies deny: by what is lent, if anything is. Nothing is used up. */
  async judge({ request, options, decision }: Judged): Promise<GuardDecision> {
    const { granting, exhausted } = await this.#granting(request, options)
    const [first] = granting
    if (first !== undefined)
      return decidedByDelegation(
        first.held,
        granting.map(({ grant }) => grant),
      )
    return exhausted
      ? deniedBy(decision, 'delegation_spent', 'what is lent for this is used up')
      : decidedByPolicies(decision)
  }

  async #granting(request: AccessRequest, options: EvaluateOptions): Promise<Granting> {
    const granting: Found[] = []
    const exhausted: Found[] = []
    for await (const found of findGrants(this.#tools, request, options)) {
      if (found.exhausted) exhausted.push(found)
      else if (canJoin(granting, found)) granting.push(found)
      else break
      if (this.#payers === 'first' && granting.length > 0) break
    }
    if (granting.length > 0 || exhausted.length === 0) return { granting, exhausted: false }
    const { environment } = this.#tools
    const overdue = await readOverdue(environment)
    for (const found of exhausted) {
      if (!isActiveWith(overdue, found.line, environment.now())) continue
      if (!canJoin(granting, found)) break
      granting.push(found)
      if (this.#payers === 'first') break
    }
    return { granting, exhausted: true }
  }

  /**
   * A use that is taken from the delegation that grants it and from all above it, or from none.
   *
   * @throws SallyportError `E_AMOUNT`
   */
  consuming(consumption: Consumption): Paying<ConsumeDecision> {
    const makeRoom = () => this.releaseExpired()
    return new Spending(this.#tools, {
      consumption: copyOf(consumption),
      payers: this.#payers,
      held: false,
      makeRoom,
    })
  }

  /**
   * The same for work whose cost is known later: takes what it may cost at most, until it is settled.
   *
   * @throws SallyportError `E_AMOUNT`, `E_USAGE`
   */
  reserving({ holdFor, ...consumption }: Consumption & { readonly holdFor: number }): Paying<ReserveDecision> {
    return reserving(this.#tools, { consumption: copyOf(consumption), payers: this.#payers, holdFor })
  }

  async commit(reservation: string, settlement: Settlement = {}): Promise<void> {
    await commit(this.#tools, reservation, copyOf(settlement))
  }

  async cancel(reservation: string): Promise<void> {
    await cancel(this.#tools, reservation)
  }

  /**
   * The subject for whom a reservation was made.
   *
   * @throws SallyportError `E_RESERVATION` when there is none
   */
  async holderOf(reservation: string): Promise<SubjectRef> {
    return holderOf(this.#tools, reservation)
  }

  async releaseExpired(): Promise<number> {
    return releaseExpired(this.#tools)
  }

  #show(record: Parameters<typeof delegationOf>[0]): Delegation {
    return delegationOf(record, this.#tools.environment.now())
  }
}

interface Granting {
  /** Those that would pay for a use. */
  readonly granting: readonly Found[]
  /** Whether others would, had they anything left. */
  readonly exhausted: boolean
}

/** Somebody whom the host has authenticated. */
export interface Caller {
  readonly by: Subject
}
