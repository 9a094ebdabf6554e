/** What a method of the guard was asked is what it was called with: what callers do with their objects afterwards changes nothing. */
import { describe, expect, test } from 'vitest'
import type { AccessRequest, Subject } from '../../../src/engine/types.ts'
import { copyOf } from '../../../src/guard/copy.ts'
import { callSink, type DecisionEvent, type Limit } from '../../../src/guard/index.ts'
import type { PolicyInput } from '../../../src/policy/index.ts'
import { agent, ann, ask, bob, bot, guardOver, refusal, start, terms, trips, user } from './support.ts'

type Loose<T> = { -readonly [K in keyof T]: T[K] }
type Mutable = { subject: Loose<Subject>; action: { name: string }; resource: { type: string; id: string } }

const rules: PolicyInput = {
  version: 1,
  roles: { admin: [] },
  rules: [
    { id: 'go', allow: 'go', to: { id: 'ann' } },
    { id: 'go-on', allow: 'go', to: { type: 'anybody' } },
    { id: 'purge', review: 'purge', approval: { by: 'user:mia' } },
  ],
}
const go = (id = 'ann'): Mutable => ask(user(id), 'go')
const purge = (id: string): Mutable => ask(bot, 'purge', id)

async function logged(more: Parameters<typeof guardOver>[1] = {}) {
  const events: DecisionEvent[] = []
  const log = { sink: callSink((some) => void events.push(...some)), whenFull: 'wait' as const }
  const { guard } = await guardOver(rules, { log, ...more })
  return { guard, events }
}

describe('what is changed after the call', () => {
  test.each(['authorize', 'authorizeAndConsume', 'authorizeAndReserve'] as const)(
    'is nothing to %s',
    async (method) => {
      const { guard, events } = await logged()
      const request = go()
      const statuses = await Promise.all(
        ['eve', 'bob', 'ann'].map((id) => {
          request.subject = user(id)
          return guard[method](request, { holdFor: 1000 })
        }),
      )
      expect(statuses.map(({ status }) => status)).toEqual(['deny', 'deny', 'allow'])
      await guard.log?.flush()
      expect(events.map(({ subject, data }) => `${subject} ${data.status}`).sort()).toEqual([
        'user:ann allow',
        'user:bob deny',
        'user:eve deny',
      ])
    },
  )

  test('is not what was approved', async () => {
    const { guard, events } = await logged()
    const { approvals } = await guard.authorize(purge('r1'))
    await guard.approvals.approve(approvals[0]!.id, user('mia'))
    const request = purge('r2')
    const answer = guard.authorize(request)
    request.resource.id = 'r1'
    expect(await answer).toMatchObject({ code: 'approval_pending' })
    await guard.log?.flush()
    expect(events.map(({ data }) => data.resource.id)).toEqual(['r1', 'r2'])
  })

  test('marks and session are as they were', async () => {
    const policies: PolicyInput = {
      version: 1,
      rules: [{ id: 'go', allow: 'go', when: { 'context.ok': { eq: true, trusted: true } } }],
    }
    const { guard } = await guardOver(policies)
    const untrusted = ['context']
    const call: { untrusted: string[]; session?: string } = { untrusted }
    const marked = guard.authorize({ ...go(), context: { ok: true } }, call)
    untrusted.length = 0
    expect(await marked).toMatchObject({ decision: false })
    call.session = 'none'
    const inSession = guard.authorize({ ...go(), context: { ok: true } }, call)
    delete call.session
    expect(await inSession).toMatchObject({ code: 'session_expired' })
  })

  test('is not lent', async () => {
    const { guard } = await guardOver(trips)
    const given = terms({ idempotencyKey: 'k' }) as Loose<ReturnType<typeof terms>>
    const made = guard.delegations.create(given)
    given.grantee = agent('other')
    given.grantor = bob
    expect(await made).toMatchObject({ grantee: bot, grantor: ann })
    const { id } = await made
    const by = { ...ann } as Loose<Subject>
    const refused = guard.delegations.suspend(id, { by: Object.assign(by, { id: 'eve' }) })
    by.id = 'ann'
    expect(await refusal(refused)).toBe('E_DELEGATION_FORBIDDEN')
    const cost = { amount: 1 }
    const used = guard.authorizeAndConsume(ask(bot, 'travel:book'), cost)
    cost.amount = 7
    await used
  })

  test('does not vote, start or list', async () => {
    const { guard } = await guardOver(rules)
    const { approvals } = await guard.authorize(purge('r1'))
    const by = user('eve') as Loose<Subject>
    const vote = guard.approvals.approve(approvals[0]!.id, by)
    by.id = 'mia'
    expect(await refusal(vote)).toBe('E_APPROVAL_FORBIDDEN')
    const owner = { ...bot }
    const task = guard.tasks.create({
      owner,
      scopes: [{ actions: 'go', on: 'trip' }],
      expiresAt: start + 1000,
      idempotencyKey: 'k',
    })
    owner.id = 'other'
    expect(await task).toMatchObject({ owner: bot })
    const subject = user('ann') as Loose<Subject>
    const listed = guard.listActions({ subject, resource: { type: 'trip', id: 't1' } })
    subject.id = 'eve'
    expect(await listed).toMatchObject({ results: ['go'] })
  })
})

describe('what is no request', () => {
  const limits: readonly Limit[] = [
    { name: 'all', per: 'subject', over: 'ever', denyAbove: 2 },
    { name: 'sum', actions: 'go', per: 'tenant', over: 'ever', denyAbove: 9, amount: 'n' },
  ]
  const odd: readonly [string, unknown][] = [
    ['nothing', undefined],
    ['null', null],
    ['a text', 'x'],
    ['no subject', { ...go(), subject: undefined }],
    ['no action', { ...go(), action: null }],
    ['a number as the id of the resource', { ...go(), resource: { type: 'trip', id: 7 } }],
    ['a list as the id of the resource', { ...go(), resource: { type: 'trip', id: ['7'] } }],
    ['a number as the type of the subject', { ...go(), subject: { type: 7, id: 'ann' } }],
    ['a number as the action', { ...go(), action: { name: 7 } }],
    ['null as the context', { ...go(), context: null }],
    ...[1, null, 'abc', []].map((state): [string, unknown] => [
      `${JSON.stringify(state)} as the state`,
      { ...go(), state },
    ]),
    ['null as a delegator', { ...go(), tenant: 'other', subject: { ...ann, on_behalf_of: null } }],
    ['a text as the chain', { ...go(), tenant: 'other', subject: { ...ann, delegation_chain: 'x' } }],
    ['a hole in the chain', { ...go(), tenant: 'other', subject: { ...ann, delegation_chain: new Array(1) } }],
  ]
  test.each(odd)('%s', async (_, request) => {
    const { guard, events } = await logged({ limits })
    for (const ask of [guard.authorize, guard.authorizeAndConsume]) {
      expect(await refusal(ask(request as AccessRequest))).toBe('E_REQUEST')
    }
    await guard.log?.flush()
    expect(events).toEqual([])
    const fair = await Promise.all([1, 2].map(() => guard.authorize({ ...go(), context: { n: 1 } })))
    expect(
      fair.map(({ status }) => status),
      'nothing was counted',
    ).toEqual(['allow', 'allow'])
  })

  test('a chain that has no end, though nobody reads it', async () => {
    const { guard } = await logged()
    const subject = { ...ann } as Loose<Subject>
    subject.on_behalf_of = subject as never
    expect(await refusal(guard.authorize({ ...go(), tenant: 'other', subject }))).toBe('E_CHAIN_DEPTH')
    const delegation_chain = Array.from({ length: 65 }, (_, i) => agent(`a${i}`))
    const listed = { ...go(), tenant: 'other', subject: { ...ann, delegation_chain } }
    expect(await refusal(guard.authorize(listed))).toBe('E_CHAIN_DEPTH')
  })

  test('what cannot be read', async () => {
    const { guard } = await logged()
    const context = {
      get n() {
        throw new Error('no')
      },
    }
    expect(await refusal(guard.authorize({ ...go(), context }))).toBe('E_REQUEST')
    class Person {
      readonly type = 'user'
      readonly #id = 'ann'
      get id() {
        return this.#id
      }
    }
    expect(await refusal(guard.authorize({ ...go(), subject: new Person() }))).toBe('E_REQUEST')
  })
})

describe('a copy', () => {
  test('has own properties only, each read once', () => {
    let reads = 0
    const value = Object.create(
      { inherited: 1 },
      {
        hidden: { value: { a: 1 } },
        computed: { enumerable: true, get: () => ++reads },
      },
    )
    const copy = copyOf(value)
    expect(Object.keys(copy).sort()).toEqual(['computed', 'hidden'])
    expect([copy.computed, copy.computed, reads]).toEqual([1, 1, 1])
    expect(copy.hidden).not.toBe(value.hidden)
    const named = JSON.parse('{"__proto__": {"admin": true}}')
    const own = copyOf(named)
    expect(Object.hasOwn(own, '__proto__')).toBe(true)
    expect(own.admin).toBeUndefined()
    expect(copyOf(Object.create(null))).toEqual(Object.create(null))
  })

  test('is no more of JSON than what it was made of', () => {
    const text = () => 'x'
    const when = new Date(5)
    const copy = copyOf({ when, text, big: 1n, bytes: Buffer.from('ab'), boxed: Object(7), map: new Map([[1, 2]]) })
    when.setTime(9)
    expect(JSON.stringify({ ...copy, big: 0 })).toBe(
      '{"when":"1970-01-01T00:00:00.005Z","big":0,"bytes":{"type":"Buffer","data":[97,98]},"boxed":7,"map":{}}',
    )
    expect(copy.text).toBe(text)
    expect(copy.big).toBe(1n)
    expect(Object.getPrototypeOf(copy.map)).toBe(Map.prototype)
  })

  test('of a list has its items, holes as nothing', () => {
    const list = Object.assign(new Array(3), { 0: 1, 2: { a: 1 }, hidden: 1 })
    expect(copyOf(list)).toEqual([1, undefined, { a: 1 }])
    expect(Object.keys(copyOf(list))).toEqual(['0', '1', '2'])
  })

  test('comes to an end, whatever is copied', () => {
    const ring: Record<string, unknown> = { name: 'ring' }
    ring.self = ring
    let at = copyOf(ring)
    for (let i = 0; i < 200; i++) at = at.self as typeof ring
    expect(at.name).toBe('ring')
    let shared: unknown = {}
    for (let i = 0; i < 200; i++) shared = [shared, shared]
    expect(copyOf(shared)).toHaveLength(2)
    let deep: unknown = 1
    for (let i = 0; i < 200_000; i++) deep = [deep]
    expect(copyOf(deep)).toHaveLength(1)
    for (const value of [new Array(3e8), { list: new Array(1_000_001) }]) {
      expect(() => copyOf(value)).toThrow(expect.objectContaining({ code: 'E_REQUEST' }))
    }
    const self = {
      get more() {
        return Object.defineProperties({}, Object.getOwnPropertyDescriptors(self))
      },
    }
    expect(() => copyOf(self)).toThrow(expect.objectContaining({ code: 'E_REQUEST' }))
  })
})
