/** Random histories of asking, voting, withdrawing, using and time passing, against a plain model. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { codeOf, purge, use, user, world } from './support.ts'

const minute = 60_000
const within = 30 * minute
const valid = 20 * minute

interface Modelled {
  readonly id: string
  state: 'pending' | 'approved' | 'rejected' | 'withdrawn'
  approvals: number
  uses: number
  ends: number
  readonly voters: Set<number>
}

type Shown = Modelled['state'] | 'used' | 'expired'

/** As docs/approvals.md says it. */
class Model {
  now = 0
  readonly all: Modelled[] = []
  readonly #quorum: number
  readonly #uses: number

  constructor(quorum: number, uses: number) {
    this.#quorum = quorum
    this.#uses = uses
  }

  stateOf(one: Modelled): Shown {
    if (one.state === 'approved' && one.uses >= this.#uses) return 'used'
    const runs = one.state === 'pending' || one.state === 'approved'
    return runs && this.now >= one.ends ? 'expired' : one.state
  }

  /** What a request meets: an outcome and, where it is pending, whether it is a new one. */
  ask(): { readonly outcome: string; readonly isNew: boolean } {
    const last = this.all.at(-1)
    const state = last && this.stateOf(last)
    if (state === 'approved' || state === 'pending') return { outcome: state, isNew: false }
    if (state === 'rejected' && last !== undefined && this.now < last.ends) return { outcome: 'rejected', isNew: false }
    return { outcome: 'pending', isNew: true }
  }

  vote(one: Modelled, voter: number, vote: 'approve' | 'reject'): string {
    if (this.stateOf(one) !== 'pending') return 'E_APPROVAL_STATE'
    // The fifth asks, the sixth is nobody.
    if (voter >= 4) return 'E_APPROVAL_FORBIDDEN'
    if (one.voters.has(voter)) return 'E_APPROVAL_VOTED'
    one.voters.add(voter)
    if (vote === 'reject') one.state = 'rejected'
    else if (++one.approvals >= this.#quorum) {
      one.state = 'approved'
      one.ends = this.now + valid
    }
    return 'no error'
  }

  withdraw(one: Modelled, by: number): string {
    if (by !== 4) return 'E_APPROVAL_FORBIDDEN'
    const state = this.stateOf(one)
    if (state !== 'pending' && state !== 'approved') return 'E_APPROVAL_STATE'
    one.state = 'withdrawn'
    return 'no error'
  }
}

const step = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constant('ask' as const) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('use' as const) }) },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constantFrom('approve' as const, 'approve' as const, 'approve' as const, 'reject' as const),
      which: fc.nat({ max: 1 }),
      voter: fc.nat({ max: 5 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('withdraw' as const), by: fc.constantFrom(0, 4) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('pass' as const), minutes: fc.integer({ min: 1, max: 25 }) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('sweep' as const) }) },
)

const names = ['v0', 'v1', 'v2', 'v3', 'eve', 'stranger']

test('whatever happens, in whatever order', async () => {
  const met = new Set<string>()
  const settings = { quorum: fc.integer({ min: 1, max: 3 }), uses: fc.integer({ min: 1, max: 2 }) }
  await fc.assert(
    fc.asyncProperty(fc.record(settings), fc.array(step, { maxLength: 40 }), async ({ quorum, uses }, steps) => {
      const by = names.slice(0, 4).map((name) => `user:${name}`)
      const it = await world({ by, quorum, uses, within: '30m', valid: '20m' })
      const model = new Model(quorum, uses)
      for (const one of steps) {
        if (one.do === 'pass') {
          model.now += one.minutes * minute
          it.pass(one.minutes * minute)
        } else if (one.do === 'sweep') await it.approvals.sweep()
        else if (one.do === 'ask' || one.do === 'use') {
          const expected = model.ask()
          const review = await it.ask(purge())
          expect(review.outcome).toBe(expected.outcome)
          met.add(review.outcome)
          if (expected.isNew && review.outcome === 'pending') {
            const id = review.rows[0]?.id ?? ''
            const fresh = { id, approvals: 0, uses: 0, ends: model.now + within, voters: new Set<number>() }
            model.all.push({ ...fresh, state: 'pending' })
          }
          const last = model.all.at(-1)
          if (one.do === 'use' && last !== undefined) {
            expect(await use(it, review)).toBe(expected.outcome === 'approved')
            if (expected.outcome === 'approved') last.uses++
          }
        } else if (one.do === 'withdraw') {
          const last = model.all.at(-1)
          if (last === undefined) continue
          const code = await codeOf(it.approvals.withdraw(last.id, user(names[one.by] ?? '')))
          expect(code).toBe(model.withdraw(last, one.by))
        } else {
          const target = model.all.at(-1 - one.which)
          if (target === undefined) continue
          const code = await codeOf(it.approvals[one.do](target.id, user(names[one.voter] ?? '')))
          expect(code).toBe(model.vote(target, one.voter, one.do))
          met.add(code)
        }
        for (const known of model.all) {
          const state = model.stateOf(known)
          expect((await it.approvals.get(known.id)).state).toBe(state)
          met.add(state)
        }
      }
      const pending = model.all.filter((one) => model.stateOf(one) === 'pending').map(({ id }) => id)
      expect((await it.approvals.pending()).map(({ id }) => id)).toEqual(pending)
    }),
    { numRuns: 150 },
  )
  expect([...met].sort()).toEqual(
    [
      'E_APPROVAL_FORBIDDEN',
      'E_APPROVAL_STATE',
      'E_APPROVAL_VOTED',
      'approved',
      'expired',
      'no error',
      'pending',
      'rejected',
      'used',
      'withdrawn',
    ].sort(),
  )
}, 60_000)
