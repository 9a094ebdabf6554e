/** The decision log: what is in it, and what happens when more is decided than it takes. */
import { setTimeout } from 'node:timers/promises'
import { expect, test, vi } from 'vitest'
import { createEngine } from '../../../../src/engine/index.ts'
import { createGuard, type DecisionEvent, type DecisionLogOptions, storeSink } from '../../../../src/guard/index.ts'
import { memoryStore } from '../../../../src/store/memory/index.ts'
import { codeOf, start, user } from '../approval/support.ts'

const read = (id: string) => ({
  subject: { ...user(id), properties: { secret: 's' }, on_behalf_of: user('boss') },
  action: { name: 'read' },
  resource: { type: 'doc', id: 'd' },
})

async function make(log: DecisionLogOptions, store = memoryStore()) {
  const engine = await createEngine({
    policies: { version: 1, tenant: 'acme', rules: [{ id: 'read', allow: 'read', because: 'it is open' }] },
  })
  const random = (length: number) => crypto.getRandomValues(new Uint8Array(length))
  return createGuard({ engine, store, clock: () => start, random, log })
}

/** A sink that takes nothing until it is let. */
function gate() {
  const events: DecisionEvent[] = []
  let open = (): void => undefined
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  const write = async (some: readonly DecisionEvent[]) => {
    await opened
    events.push(...some)
  }
  return { events, open, sink: { write } }
}

test('an event tells who, what and why, and no properties', async () => {
  const { events, open, sink } = gate()
  open()
  const guard = await make({ sink, whenFull: 'wait' })
  await guard.authorize(read('eve'))
  await guard.authorize(read('eve'), { dryRun: true })
  await guard.log?.flush()
  expect(events).toEqual([
    {
      specversion: '1.0',
      type: 'sallyport.decision.v1',
      id: expect.stringMatching(/^dec_[0-9a-f]{32}$/),
      source: '/tenants/acme',
      subject: 'user:eve',
      time: '2026-04-15T10:00:00.000Z',
      datacontenttype: 'application/json',
      data: {
        action: 'read',
        resource: { type: 'doc', id: 'd' },
        on_behalf_of: ['user:boss'],
        decision: true,
        status: 'allow',
        code: 'matched',
        reason: 'it is open',
        rules: ['read'],
        delegations: [],
        approvals: [],
        image: guard.engine.image.id,
      },
    },
  ])
})

test('answers do not wait for the sink while there is room', async () => {
  const { events, open, sink } = gate()
  const guard = await make({ sink, whenFull: 'wait', capacity: 500 })
  const answers = await Promise.all(Array.from({ length: 500 }, (_, i) => guard.authorize(read(`u${i}`))))
  expect(answers.every(({ decision }) => decision)).toBe(true)
  expect(events).toEqual([])
  open()
  await guard.log?.flush()
  expect(events.map(({ subject }) => subject)).toEqual(Array.from({ length: 500 }, (_, i) => `user:u${i}`))
})

test('wait: when it is full, answers wait, and none is lost', async () => {
  const { events, open, sink } = gate()
  const guard = await make({ sink, whenFull: 'wait', capacity: 3 })
  let answered = 0
  const all = Array.from({ length: 10 }, (_, i) => guard.authorize(read(`u${i}`)).then(() => answered++))
  await setTimeout(20)
  expect(answered).toBe(3)
  open()
  await Promise.all(all)
  await guard.log?.flush()
  expect(events).toHaveLength(10)
  expect(guard.log?.missing).toEqual({ dropped: 0, lost: 0 })
})

test('drop: what has no room is counted', async () => {
  const { events, open, sink } = gate()
  const guard = await make({ sink, whenFull: 'drop', capacity: 3 })
  const answers = await Promise.all(Array.from({ length: 10 }, (_, i) => guard.authorize(read(`u${i}`))))
  expect(answers.every(({ decision }) => decision)).toBe(true)
  open()
  await guard.log?.flush()
  expect(events).toHaveLength(3)
  expect(guard.log?.missing).toEqual({ dropped: 7, lost: 0 })
  await guard.authorize(read('later'))
  await guard.log?.flush()
  expect(events).toHaveLength(4)
})

test('deny: what cannot be logged is not allowed', async () => {
  const { open, sink } = gate()
  const guard = await make({ sink, whenFull: 'deny', capacity: 3 })
  const answers = await Promise.all(Array.from({ length: 10 }, (_, i) => guard.authorize(read(`u${i}`))))
  expect(answers.filter(({ decision }) => decision)).toHaveLength(3)
  expect(answers.at(-1)).toMatchObject({ decision: false, status: 'deny', code: 'log_full' })
  open()
  await guard.log?.flush()
  expect((await guard.authorize(read('later'))).decision).toBe(true)
})

test('what the sink refuses is counted and told, and what throws takes no room', async () => {
  const onError = vi.fn()
  const write = async () => {
    throw new Error('down')
  }
  const guard = await make({ sink: { write }, whenFull: 'deny', capacity: 2, onError })
  for (let i = 0; i < 5; i++) {
    expect((await guard.authorize(read('eve'))).decision).toBe(true)
    await guard.log?.flush()
  }
  expect(guard.log?.missing).toEqual({ dropped: 0, lost: 5 })
  expect(onError).toHaveBeenCalledTimes(5)
  for (let i = 0; i < 5; i++) expect(await codeOf(guard.authorize({} as never))).toBe('E_REQUEST')
  expect((await guard.authorize(read('eve'))).decision).toBe(true)
})

test.each(['wait', 'drop', 'deny'] as const)('%s: an onError that throws takes no room either', async (whenFull) => {
  let down = true
  const events: DecisionEvent[] = []
  const write = async (some: readonly DecisionEvent[]) => {
    if (down) throw new Error('down')
    events.push(...some)
  }
  const faults = [
    () => {
      throw new Error('onError')
    },
    async () => Promise.reject(new Error('onError')),
  ]
  const onError = () => faults.shift()?.()
  const guard = await make({ sink: { write }, whenFull, capacity: 2, onError })
  for (let i = 0; i < 2; i++) {
    await guard.authorize(read('eve'))
    await guard.log?.flush()
  }
  down = false
  for (let i = 0; i < 3; i++) {
    expect((await guard.authorize(read('eve'))).decision).toBe(true)
    await guard.log?.flush()
  }
  expect([events.length, guard.log?.missing]).toEqual([3, { dropped: 0, lost: 2 }])
  expect(faults).toEqual([])
})

test('the store as a sink', async () => {
  const store = memoryStore()
  const tenant = store.tenant('acme')
  const guard = await make({ sink: storeSink(tenant), whenFull: 'wait' }, store)
  for (let i = 0; i < 250; i++) await guard.authorize(read('eve'))
  await guard.log?.flush()
  const rows = await tenant.find('decision_log', {
    by: 'by_subject',
    where: [{ column: 'subject', is: '=', value: 'user:eve' }],
    limit: 1000,
  })
  expect(rows).toHaveLength(250)
  expect(JSON.parse(rows[0]?.document ?? '')).toMatchObject({ data: { status: 'allow' } })
})

/** Nothing limits what an id holds; in JSON a NUL takes six characters. */
const endless = (character = 'x') => character.repeat(300_000)

const asking = (subject: string, resource = 'd') => ({
  subject: { type: 'agent', id: subject, on_behalf_of: user(endless()) },
  action: { name: 'read' },
  resource: { type: 'doc', id: resource },
})

test('whatever is asked, its event is kept, with those beside it', async () => {
  const store = memoryStore()
  const tenant = store.tenant('acme')
  const guard = await make({ sink: storeSink(tenant), whenFull: 'deny' }, store)
  const asked = ['bob', endless(), endless('\0'), 'a\0', '\ud800', 'carol']
  const requests = [...asked.map((id) => asking(id)), ...asked.map((id) => asking('eve', id))]
  const answers = await Promise.all(requests.map((request) => guard.authorize(request)))
  expect(answers.every(({ decision }) => decision)).toBe(true)
  await guard.log?.flush()
  const rows = await tenant.find('decision_log', { limit: 1000 })
  expect(rows).toHaveLength(requests.length)
  expect(rows.every(({ document }) => document.length < 65_536)).toBe(true)
  expect(guard.log?.missing).toEqual({ dropped: 0, lost: 0 })
  const subjects = rows.map(({ subject }) => subject).filter((subject) => subject !== 'agent:eve')
  const digest = expect.stringMatching(/^sha256-[0-9a-f]{64}$/)
  expect(subjects.sort()).toEqual(['agent:bob', 'agent:carol', digest, digest, digest, digest])
  expect(new Set(subjects).size).toBe(6)
})

test('texts that were cut are told apart, and look like none that is whole', async () => {
  const { events, open, sink } = gate()
  open()
  const guard = await make({ sink, whenFull: 'wait' })
  await guard.authorize(asking('eve', `${endless()}1`))
  await guard.authorize(asking('eve', `${endless()}2`))
  await guard.authorize(asking('eve', 'x'.repeat(1024)))
  await guard.log?.flush()
  const ids = events.map(({ data }) => data.resource.id)
  expect(ids[0]).toMatch(/^x{1024}…\(300001 characters, sha256 [0-9a-f]{64}\)$/)
  expect(ids[1]).not.toBe(ids[0])
  expect(ids[2]).toBe('x'.repeat(1024))
})

test('of a long list there are the first items, how many more, and a digest', async () => {
  const { events, open, sink } = gate()
  open()
  const rules = Array.from({ length: 500 }, (_, i) => ({ id: `rule-${i}`, allow: 'read' }))
  const engine = await createEngine({ policies: { version: 1, tenant: 'acme', rules } })
  const random = (length: number) => crypto.getRandomValues(new Uint8Array(length))
  const log = { sink, whenFull: 'wait' } as const
  const guard = createGuard({ engine, store: memoryStore(), clock: () => start, random, log })
  const answer = await guard.authorize(read('eve'))
  await guard.log?.flush()
  const told = events[0]?.data.rules ?? []
  expect(answer.rules).toHaveLength(500)
  expect(told.slice(0, -1)).toEqual(answer.rules.slice(0, told.length - 1))
  expect(told.at(-1)).toMatch(/^…\(\d+ more, sha256 [0-9a-f]{64}\)$/)
  expect(told.join(' ').length).toBeLessThan(4200)
})

test('an event that the store refuses takes no others with it', async () => {
  const { events, open, sink } = gate()
  open()
  const source = await make({ sink, whenFull: 'wait' })
  for (const id of ['ann', 'bob', 'carol']) await source.authorize(read(id))
  await source.log?.flush()
  const [ann, bob, carol] = events as [DecisionEvent, DecisionEvent, DecisionEvent]

  const store = memoryStore()
  const tenant = store.tenant('acme')
  const onError = vi.fn()
  const toStore = storeSink(tenant)
  // What a host adds to an event by itself is not cut.
  const write = () => toStore.write([ann, { ...bob, source: endless() }, carol])
  const guard = await make({ sink: { write }, whenFull: 'wait', onError }, store)
  await guard.authorize(read('eve'))
  await guard.log?.flush()
  const rows = await tenant.find('decision_log', { limit: 1000 })
  expect(rows.map(({ subject }) => subject).sort()).toEqual(['user:ann', 'user:carol'])
  expect(guard.log?.missing.lost).toBe(1)
  expect(onError).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ code: 'E_STORE_STATEMENT' }), 1)
})
