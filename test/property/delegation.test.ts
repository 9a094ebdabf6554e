/** Random histories of lending and using: the guard and the plain model must agree after every step. */

import { DatabaseSync } from 'node:sqlite'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decimalText } from '../../src/delegation/amount.ts'
import { Coverage } from '../../src/delegation/coverage.ts'
import type { Scope } from '../../src/delegation/scope.ts'
import { createGuard, type Guard } from '../../src/guard/index.ts'
import { createEngine } from '../../src/index.ts'
import { memoryStore } from '../../src/store/memory/index.ts'
import type { Store } from '../../src/store/port.ts'
import { sqliteStore } from '../../src/store/sqlite/index.ts'
import { countedBytes } from '../support/counted-bytes.ts'
import {
  budgetLeft,
  canPay,
  fits,
  grants,
  isExhausted,
  isLive,
  type Loan,
  lends,
  lineOf,
  type PlainScope,
  take,
  triples,
  usesLeft,
} from './delegation.ts'

const scope: fc.Arbitrary<PlainScope> = fc.record({
  actions: fc.uniqueArray(fc.constantFrom('a', 'b', '?', '[ab]', '{a,c}', '*'), { minLength: 1, maxLength: 2 }),
  type: fc.constantFrom('doc', 'doc', 'd*', '*'),
  ids: fc.uniqueArray(fc.constantFrom('1', '2', '[12]', '?', '*'), { minLength: 1, maxLength: 2 }),
})
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined })
const terms = fc.record({
  scopes: fc.array(scope, { minLength: 1, maxLength: 2 }),
  redelegate: fc.integer({ min: 0, max: 4 }),
  maxUses: maybe(fc.integer({ min: 1, max: 6 })),
  budget: maybe(fc.integer({ min: 1, max: 900 })),
  expiresAt: maybe(fc.integer({ min: 10, max: 60 })),
  lease: maybe(fc.integer({ min: 5, max: 30 })),
})
const pick = fc.nat(1000)
const cost = maybe(fc.integer({ min: 0, max: 300 }))
const triple = fc.constantFrom(...triples.filter(({ type }) => type === 'doc'))

const step = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constant('lend' as const), terms, to: pick, of: pick }) },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('pass-on' as const), terms, to: pick, of: pick, inside: fc.boolean() }),
  },
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant('use' as const),
      by: pick,
      asked: triple,
      uses: fc.integer({ min: 1, max: 2 }),
      cost,
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('reserve' as const),
      by: pick,
      asked: triple,
      cost,
      holdFor: fc.integer({ min: 1, max: 20 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('commit' as const), which: pick, cost: fc.integer({ min: 0, max: 400 }) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('cancel' as const), which: pick }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constantFrom('suspend' as const, 'resume' as const, 'renew' as const), which: pick }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('revoke' as const), which: pick }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('wait' as const), time: fc.integer({ min: 1, max: 8 }) }) },
)
type Terms = typeof terms extends fc.Arbitrary<infer T> ? T : never
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never

const people = ['u0', 'u1']
const agents = ['g0', 'g1', 'g2', 'g3']
const subject = (name: string) => ({ type: name.startsWith('u') ? 'user' : 'agent', id: name })
const money = (cents: number) => ({ amount: decimalText(cents, 2), unit: 'EUR' })
const foreign = ({ actions, type, ids }: PlainScope): Scope => ({ actions, on: { type, id: ids } })

const engine = await createEngine({
  policies: {
    version: 1,
    rules: [
      { id: 'people', allow: ['a', 'b', 'c'], on: 'doc', to: { type: 'user' } },
      { id: 'x', deny: '*', on: { type: '*', id: 'x' } },
    ],
  },
})

/** Terms that mostly lie inside the parent's. */
function narrowed(given: Terms, parent: Loan, now: number): Terms {
  const least = (own: number | undefined, other: number | undefined) =>
    own === undefined || other === undefined ? own : Math.min(own, other)
  return {
    ...given,
    scopes: parent.scopes.map(({ actions, ...rest }) => ({ ...rest, actions: actions.slice(0, 1) })),
    redelegate: Math.max(0, parent.redelegate - 1),
    maxUses: least(given.maxUses, parent.maxUses),
    budget: least(given.budget, parent.budget),
    expiresAt: least(given.expiresAt, parent.expiresAt === undefined ? undefined : Math.max(1, parent.expiresAt - now)),
  }
}

interface Held {
  readonly id: string
  readonly loan: Loan
  readonly cost: number
  readonly until: number
  open: boolean
}

/** What came up, so that the test shows that it tries what it is for. */
const met = { granted: 0, spent: 0, refused: 0, passedOn: 0, settled: 0 }

class World {
  now = 0
  readonly loans: Loan[] = []
  readonly held: Held[] = []
  readonly guard: Guard
  #asked = 0

  constructor(store: Store) {
    this.guard = createGuard({
      engine,
      store,
      clock: () => this.now,
      random: countedBytes(),
    })
  }

  async run(one: Step): Promise<void> {
    switch (one.do) {
      case 'wait':
        this.now += one.time
        return
      case 'lend':
        return this.#lend(one.terms, people[one.of % people.length]!, agents[one.to % agents.length]!, undefined)
      case 'pass-on': {
        const parent = this.#loan(one.of)
        const to = agents[one.to % agents.length]!
        if (parent === undefined || to === parent.grantee) return
        await this.#lend(one.inside ? narrowed(one.terms, parent, this.now) : one.terms, parent.grantee, to, parent)
        return
      }
      case 'use':
        return this.#use(agents[one.by % agents.length]!, one.asked, one.uses, one.cost)
      case 'reserve':
        return this.#reserve(agents[one.by % agents.length]!, one.asked, one.cost, one.holdFor)
      case 'commit':
      case 'cancel':
        return this.#settle(one)
      default:
        return this.#change(one.do, this.#loan(one.which))
    }
  }

  async #lend(given: Terms, grantor: string, grantee: string, parent: Loan | undefined) {
    const { scopes, maxUses, budget, expiresAt, lease, redelegate } = given
    const { delegations } = this.guard
    const made = await delegations
      .create({
        by: subject(grantor),
        grantor: subject(grantor),
        grantee: subject(grantee),
        scopes: scopes.map(foreign),
        redelegate,
        ...(parent !== undefined && { parent: parent.name }),
        ...(maxUses !== undefined && { maxUses }),
        ...(budget !== undefined && { budget: money(budget) }),
        ...(expiresAt !== undefined && { expiresAt: this.now + expiresAt }),
        ...(lease !== undefined && { lease }),
        idempotencyKey: String(this.#asked++),
      })
      .catch(() => undefined)
    const end = expiresAt === undefined ? undefined : this.now + expiresAt
    const inside =
      parent === undefined ||
      (fits({ ...given, expiresAt: end }, parent) &&
        lineOf(parent).every((one) => isLive(one, this.now) && !isExhausted(one)))
    expect(made !== undefined).toBe(inside)
    if (made === undefined) {
      met.refused++
      return
    }
    if (parent !== undefined) met.passedOn++
    const leasedUntil = Math.min(this.now + (lease ?? 0), end ?? Number.POSITIVE_INFINITY)
    this.loans.push({
      name: made.id,
      grantor,
      grantee,
      parent,
      ...given,
      expiresAt: end,
      leasedUntil,
      uses: 0,
      spent: 0,
      state: 'active',
    })
  }

  async #use(by: string, asked: (typeof triples)[number], uses: number, cents: number | undefined): Promise<void> {
    const request = {
      subject: subject(by),
      action: { name: asked.action },
      resource: { type: asked.type, id: asked.id },
    }
    const plain = this.loans.filter((loan) => loan.grantee === by && grants(loan, asked, this.now))
    expect((await this.guard.authorize(request)).decision).toBe(plain.length > 0)
    const cost = cents === undefined ? {} : { cost: money(cents) }
    const answer = await this.guard.authorizeAndConsume(request, { amount: uses, ...cost })
    this.#release(answer.code === 'delegation_spent' || answer.decision, by, asked, uses, cents)
    const able = this.loans.filter(
      (loan) => loan.grantee === by && grants(loan, asked, this.now) && canPay(loan, uses, cents),
    )
    expect(answer.decision, JSON.stringify(answer)).toBe(able.length > 0)
    if (!answer.decision) {
      if (answer.code === 'delegation_spent') met.spent++
      return
    }
    met.granted++
    const payer = able.find(({ name }) => name === answer.delegations[0]!.id)
    expect(payer).toBeDefined()
    take(payer!, uses, cents ?? 0)
    const least = Math.min(...lineOf(payer!).map(usesLeft))
    expect(answer.paid[0]?.uses ?? Number.POSITIVE_INFINITY).toBe(least)
  }

  /** The guard releases what is overdue when something is asked for that nothing else can pay. */
  #release(asked: boolean, by: string, what: (typeof triples)[number], uses: number, cents: number | undefined): void {
    if (!asked) return
    const able = this.loans.some(
      (loan) => loan.grantee === by && grants(loan, what, this.now) && canPay(loan, uses, cents),
    )
    if (able) return
    for (const one of this.held) if (one.open && one.until <= this.now) this.#giveBack(one)
  }

  #giveBack(one: Held): void {
    one.open = false
    take(one.loan, -1, -one.cost)
  }

  async #reserve(
    by: string,
    asked: (typeof triples)[number],
    cents: number | undefined,
    holdFor: number,
  ): Promise<void> {
    const request = {
      subject: subject(by),
      action: { name: asked.action },
      resource: { type: asked.type, id: asked.id },
    }
    const cost = cents === undefined ? {} : { cost: money(cents) }
    const answer = await this.guard.authorizeAndReserve(request, { ...cost, holdFor })
    this.#release(answer.code === 'delegation_spent' || answer.decision, by, asked, 1, cents)
    const able = this.loans.filter(
      (loan) => loan.grantee === by && grants(loan, asked, this.now) && canPay(loan, 1, cents),
    )
    expect(answer.decision).toBe(able.length > 0)
    if (answer.reservation === undefined) return
    const loan = able.find(({ name }) => name === answer.delegations[0]!.id)!
    take(loan, 1, cents ?? 0)
    this.held.push({ id: answer.reservation.id, loan, cost: cents ?? 0, until: this.now + holdFor, open: true })
  }

  async #settle(one: Extract<Step, { do: 'commit' | 'cancel' }>): Promise<void> {
    const open = this.held.filter((held) => held.open)
    const held = open[one.which % open.length]
    if (held === undefined) return
    if (one.do === 'cancel') {
      await this.guard.delegations.cancel(held.id)
      this.#giveBack(held)
      return
    }
    const more = one.cost - held.cost
    const line = lineOf(held.loan)
    // More than was put aside is a new use; only budgets count what it costs.
    const counts = more > 0 && line.some(({ budget }) => budget !== undefined)
    const fits = !counts || line.every((loan) => isLive(loan, this.now) && budgetLeft(loan) >= more)
    const done = await this.guard.delegations.commit(held.id, { cost: money(one.cost) }).then(
      () => true,
      () => false,
    )
    expect(done).toBe(fits)
    if (!done) return
    met.settled++
    held.open = false
    take(held.loan, 0, more)
  }

  async #change(what: 'suspend' | 'resume' | 'renew' | 'revoke', loan: Loan | undefined): Promise<void> {
    if (loan === undefined) return
    const done = await this.guard.delegations[what](loan.name, { by: subject(loan.grantor) }).then(
      () => true,
      () => false,
    )
    const ended = loan.expiresAt !== undefined && this.now >= loan.expiresAt
    const can = {
      suspend: loan.state === 'active' && !ended,
      resume: loan.state === 'suspended' && !ended,
      renew: loan.state === 'active' && !ended,
      revoke: true,
    }
    expect(done, what).toBe(can[what])
    if (!done) return
    if (what === 'renew')
      loan.leasedUntil = Math.min(this.now + (loan.lease ?? 0), loan.expiresAt ?? Number.POSITIVE_INFINITY)
    else if (what === 'revoke') for (const one of this.loans) if (lineOf(one).includes(loan)) one.state = 'revoked'
    if (what === 'suspend') loan.state = 'suspended'
    if (what === 'resume') loan.state = 'active'
  }

  /** All counters are as in the model, and nothing below grants what its parent does not. */
  async check(): Promise<void> {
    const coverage = new Coverage()
    for (const loan of this.loans) {
      const { usesLeft: uses, budgetLeft: budget, state } = await this.guard.delegations.get(loan.name)
      expect(uses ?? Number.POSITIVE_INFINITY).toBe(usesLeft(loan))
      expect(budget?.amount).toBe(loan.budget === undefined ? undefined : decimalText(budgetLeft(loan), 2))
      expect(usesLeft(loan)).toBeGreaterThanOrEqual(0)
      expect(budgetLeft(loan)).toBeGreaterThanOrEqual(0)
      expect(state === 'revoked').toBe(loan.state === 'revoked')
      if (loan.parent === undefined) continue
      for (const { action, type, id } of triples) {
        const asked = { subject: subject(loan.grantee), action: { name: action }, resource: { type, id } }
        const inner = await coverage.covers(loan.scopes.map(foreign), asked, {})
        expect(inner).toBe(lends(loan.scopes, { action, type, id }))
        if (inner) expect(await coverage.covers(loan.parent.scopes.map(foreign), asked, {})).toBe(true)
      }
    }
  }

  #loan(at: number): Loan | undefined {
    return this.loans[at % this.loans.length]
  }
}

const stores: readonly [string, number, () => Store | Promise<Store>][] = [
  ['in memory', 300, memoryStore],
  ['in SQLite', 60, () => sqliteStore(new DatabaseSync(':memory:'))],
]

test.each(stores)(
  'the guard does what the plain model does, %s',
  async (_, numRuns, open) => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 20, maxLength: 60 }), async (steps) => {
        const world = new World(await open())
        for (const one of steps) await world.run(one)
        await world.check()
      }),
      { numRuns },
    )
  },
  120_000,
)

test('the histories were of use', () => {
  for (const [what, times] of Object.entries(met)) expect(times, what).toBeGreaterThan(30)
})
