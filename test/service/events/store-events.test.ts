import { expect, it, onTestFinished } from 'vitest'
import { createEngine } from '../../../src/engine/index.ts'
import { createGuard } from '../../../src/guard/guard.ts'
import { EventHub, followStore } from '../../../src/service/events/index.ts'
import { systemTimer } from '../../../src/service/timer.ts'
import { memoryStore } from '../../../src/store/memory/index.ts'

const ann = { type: 'user', id: 'ann' }
const bot = { type: 'agent', id: 'bot' }
const mia = { type: 'user', id: 'mia' }

async function world() {
  const engine = await createEngine({
    policies: {
      version: 1,
      tenant: 'acme',
      rules: [
        { id: 'ann-reads', allow: 'read', to: { type: 'user' } },
        { id: 'pay', review: 'pay', approval: { by: 'user:mia' } },
      ],
    },
  })
  const store = memoryStore()
  const random = (length: number) => crypto.getRandomValues(new Uint8Array(length))
  const hub = new EventHub({ now: Date.now, newId: () => crypto.randomUUID() })
  const log = { sink: hub.sink('acme'), whenFull: 'drop' as const }
  const guard = createGuard({ engine, store, clock: Date.now, random, log })
  const stop = new AbortController()
  const followed = followStore({ hub, store: store.tenant('acme'), timer: systemTimer, bound: 50 }, stop.signal)
  onTestFinished(async () => {
    stop.abort()
    await followed
  })
  await new Promise((resolve) => setTimeout(resolve, 60))
  const told = (type: string) =>
    hub
      .feed('acme')
      .read(0, 1000)
      .events.map(({ event }) => event)
      .filter((event) => event.type === type)
  const until = async (type: string) => {
    for (const deadline = Date.now() + 5000; told(type).length === 0; ) {
      if (Date.now() > deadline) throw new Error(`no ${type} in 5 s`)
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
    return told(type)
  }
  return { guard, told, until }
}

it('delegations that are revoked are told of, once', async () => {
  const { guard, told, until } = await world()
  const scopes = [{ actions: 'read' }]
  const { id } = await guard.delegations.create({ by: ann, grantor: ann, grantee: bot, scopes })
  await guard.authorizeAndConsume({ subject: bot, action: { name: 'read' }, resource: { type: 'page', id: '1' } })
  await guard.delegations.revoke(id, { by: ann })
  const [event] = await until('sallyport.delegation.revoked.v1')
  expect(event).toMatchObject({
    source: '/tenants/acme',
    subject: id,
    data: { grantor: 'user:ann', grantee: 'agent:bot', parent: null, state: 'revoked' },
  })
  await guard.delegations.revoke(id, { by: ann })
  await new Promise((resolve) => setTimeout(resolve, 150))
  expect(told('sallyport.delegation.revoked.v1')).toHaveLength(1)
})

it('approvals that are resolved are told of, and not their use', async () => {
  const { guard, told, until } = await world()
  const pay = { subject: ann, action: { name: 'pay' }, resource: { type: 'invoice', id: '7' } }
  const { approvals } = await guard.authorize(pay)
  const id = approvals[0]?.id ?? ''
  await guard.approvals.approve(id, mia)
  const [event] = await until('sallyport.approval.resolved.v1')
  expect(event).toMatchObject({ subject: id, data: { requester: 'user:ann', state: 'approved' } })
  expect((await guard.authorize(pay)).decision).toBe(true)
  await new Promise((resolve) => setTimeout(resolve, 150))
  expect(told('sallyport.approval.resolved.v1')).toHaveLength(1)
})

it("the guard's decisions are told of by its log", async () => {
  const { guard, told } = await world()
  await guard.authorize({ subject: ann, action: { name: 'read' }, resource: { type: 'page', id: '1' } })
  await guard.log?.flush()
  expect(told('sallyport.decision.v1')).toMatchObject([
    { subject: 'user:ann', data: { action: 'read', decision: true } },
  ])
})
