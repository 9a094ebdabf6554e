/** The guard in two processes on one store: approvals and limits are exact whatever happens at the same time. In any runtime. */
import { createEngine } from '../../src/engine/index.ts'
import type { AccessRequest } from '../../src/engine/types.ts'
import { createGuard, type Guard, type GuardOptions } from '../../src/guard/index.ts'
import type { PolicyDocument } from '../../src/policy/document.ts'
import type { Store } from '../../src/store/port.ts'
import { equal } from './same.ts'

const policies: PolicyDocument = {
  version: 1,
  rules: [
    { id: 'send', allow: ['send', 'spend', 'burst', 'count'] },
    { id: 'enough', deny: 'count', when: { 'state.usage.counted': { gte: 10 } } },
    { id: 'purge', review: 'purge', approval: { by: Array.from({ length: 16 }, (_, i) => `user:v${i}`), quorum: 8 } },
  ],
}

const options: Partial<GuardOptions> = {
  limits: [
    { name: 'sent', actions: 'send', per: 'tenant', over: { sliding: '1h' }, denyAbove: 10 },
    { name: 'spent', actions: 'spend', per: 'tenant', over: { fixed: '1d' }, denyAbove: 10 },
    { name: 'bursts', actions: 'burst', per: 'tenant', over: { bucket: 10, refill: '1h' } },
    { name: 'counted', actions: 'count', per: 'tenant', over: 'ever' },
  ],
  approvals: { sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)) },
}

const now = Date.UTC(2026, 3, 15, 10)

type Pair = readonly [Guard, Guard]
type Opened = readonly [Store, Store]

/** A guard for each store, of a tenant that nobody used before. */
async function guards([one, other]: Opened, tenant: string): Promise<Pair> {
  const random = (length: number) => crypto.getRandomValues(new Uint8Array(length))
  const over = async (store: Store) => {
    const engine = await createEngine({ policies: { ...policies, tenant } })
    return createGuard({ engine, store, clock: () => now, random, ...options })
  }
  return [await over(one), await over(other)]
}

function ask(name: string): AccessRequest {
  return { subject: { type: 'user', id: 'eve' }, action: { name }, resource: { type: 'record', id: 'r1' } }
}

/** So many at once, by turns. */
function atOnce<T>(pair: Pair, count: number, work: (guard: Guard, i: number) => Promise<T>): Promise<T[]> {
  return Promise.all(Array.from({ length: count }, (_, i) => work(pair[i % 2]!, i)))
}

const tenOf = (action: string) => async (stores: Opened, tenant: string) => {
  const all = await atOnce(await guards(stores, tenant), 40, (guard) => guard.authorize(ask(action)))
  equal(all.filter(({ decision }) => decision).length, 10)
}

async function votes(stores: Opened, tenant: string): Promise<void> {
  const pair = await guards(stores, tenant)
  const asked = await atOnce(pair, 8, (guard) => guard.authorize(ask('purge')))
  const ids = new Set(asked.flatMap(({ approvals }) => approvals.map(({ id }) => id)))
  equal(ids.size, 1)
  const [id = ''] = ids
  const waiting = pair[0].untilResolved(id, { pollEvery: 50 })
  const cast = await atOnce(pair, 16, (guard, i) =>
    guard.approvals.approve(id, { type: 'user', id: `v${i}` }).then(
      () => true,
      () => false,
    ),
  )
  equal(cast.filter((counted) => counted).length, 8)
  const { state, approved } = await waiting
  equal([state, approved], ['approved', 8])
  equal((await pair[1].approvals.votes(id)).length, 8)
  const used = await atOnce(pair, 12, (guard) => guard.authorize(ask('purge')))
  equal(used.filter(({ decision }) => decision).length, 1)
}

/** By name; each with a tenant of its own. */
export const guardChecks: Readonly<Record<string, (stores: Opened, tenant: string) => Promise<void>>> = {
  'of 40 at once, ten may: sliding window': tenOf('send'),
  'of 40 at once, ten may: fixed window': tenOf('spend'),
  'of 40 at once, ten may: token bucket': tenOf('burst'),
  'of 40 at once, ten may: by the policies': tenOf('count'),
  'of 16 votes at once eight count; the approval is used once, and who waits hears of it': votes,
}
