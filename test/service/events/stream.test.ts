import { afterEach, describe, expect, it, vi } from 'vitest'
import { createApp } from '../../../src/service/app.ts'
import { EventHub, type StreamOptions } from '../../../src/service/events/index.ts'
import { bearer, engines, keysOf } from '../auth/support.ts'
import { post, request } from '../support.ts'

const now = () => Date.parse('2026-05-01T12:00:00Z')
const { made, identify } = await keysOf([{}, { tenants: ['bolt'] }, { tenants: ['acme', 'bolt'] }])
const [acme = {}, bolt = {}, both = {}] = made.map(({ key }): Record<string, string> => bearer(key))

function service(stream: StreamOptions = {}, kept = 1000) {
  let ids = 0
  const hub = new EventHub({ now, newId: () => `id-${ids++}`, kept })
  return { hub, app: createApp({ engines, identify, events: { hub, stream }, now }) }
}

interface Frame {
  readonly id: string | undefined
  readonly event: string | undefined
  readonly data: { readonly type: string; readonly data: Record<string, unknown>; readonly [name: string]: unknown }
}

/** Reads frames of a stream, as an EventSource would. */
function reader(response: Response) {
  const decoder = new TextDecoder()
  const source = response.body?.getReader()
  let text = ''
  let done = false
  const frames: Frame[] = []
  const comments: string[] = []
  async function more(): Promise<void> {
    const chunk = await source?.read()
    done = chunk?.done ?? true
    text += decoder.decode(chunk?.value, { stream: true })
    for (let at = text.indexOf('\n\n'); at >= 0; at = text.indexOf('\n\n')) {
      const block = text.slice(0, at)
      text = text.slice(at + 2)
      if (block.startsWith(':')) comments.push(block)
      else {
        const fields = new Map(
          block.split('\n').map((line) => [line.slice(0, line.indexOf(': ')), line.slice(line.indexOf(': ') + 2)]),
        )
        frames.push({ id: fields.get('id'), event: fields.get('event'), data: JSON.parse(fields.get('data') ?? '') })
      }
    }
  }
  return {
    frames,
    comments,
    ended: () => done,
    /** Reads until there are so many frames, or the end. */
    async until(count: number): Promise<readonly Frame[]> {
      while (frames.length < count && !done) await more()
      return frames
    },
    async end(): Promise<readonly Frame[]> {
      while (!done) await more()
      return frames
    },
    more,
    cancel: () => source?.cancel(),
  }
}
const follow = async (app: ReturnType<typeof service>['app'], headers: HeadersInit, path = '/v1/events') =>
  reader(await app.request(path, { headers }))

afterEach(() => void vi.useRealTimers())

describe('/v1/events', () => {
  it('tells what is decided in the tenant, as CloudEvents', async () => {
    const { app } = service()
    const response = await app.request('/v1/events', { headers: acme })
    expect(response.headers.get('content-type')).toBe('text/event-stream')
    expect(response.headers.get('cache-control')).toBe('no-cache, no-transform')
    const stream = reader(response)
    await stream.more()
    await post(app, '/tenants/acme/access/v1/evaluation', request, both)
    const delegated = { ...request, subject: { type: 'agent', id: 'a', on_behalf_of: { type: 'user', id: 'u' } } }
    const batch = { ...delegated, evaluations: [{ action: { name: 'write' } }] }
    await post(app, '/tenants/acme/access/v1/evaluations', batch, both)
    const [first, second] = await stream.until(2)
    expect(first).toEqual({
      id: 'id-0.1',
      event: 'sallyport.decision.v1',
      data: {
        specversion: '1.0',
        type: 'sallyport.decision.v1',
        id: 'id-1',
        source: '/tenants/acme',
        subject: 'user:alice',
        time: '2026-05-01T12:00:00.000Z',
        datacontenttype: 'application/json',
        data: {
          action: 'read',
          resource: { type: 'record', id: 'record-1' },
          on_behalf_of: [],
          decision: true,
          status: 'allow',
          code: 'matched',
          reason: '',
          rules: [],
          delegations: [],
          approvals: [],
          image: engines.get('acme')?.image.id,
          caller: { type: 'service', id: 'pep' },
        },
      },
    })
    expect(second?.data).toMatchObject({
      subject: 'agent:a',
      data: { on_behalf_of: ['user:u'], decision: false, status: 'deny', code: 'no_match' },
    })
    await stream.cancel()
  })

  it('is of one tenant: nobody hears of another', async () => {
    const { app, hub } = service()
    const stream = await follow(app, bolt)
    await stream.more()
    hub.tell('acme', 'x', { secret: 1 })
    hub.tell('bolt', 'y', {})
    expect((await stream.until(1)).map(({ data }) => [data.type, data.source])).toEqual([['y', '/tenants/bolt']])
    await stream.cancel()
    const status = async (headers: HeadersInit, path: string) => (await app.request(path, { headers })).status
    expect(await status(acme, '/tenants/bolt/v1/events')).toBe(404)
    expect(await status({}, '/tenants/bolt/v1/events')).toBe(401)
    expect(await status(both, '/v1/events')).toBe(404)
  })

  it('goes on after the last event that was seen', async () => {
    const { app, hub } = service()
    for (let i = 1; i <= 250; i++) hub.tell('acme', 'x', { i })
    const stream = await follow(app, { ...acme, 'Last-Event-ID': `${hub.epoch}.3` })
    const frames = await stream.until(247)
    expect(frames.map(({ data }) => data.data.i)).toEqual(Array.from({ length: 247 }, (_, i) => i + 4))
    hub.tell('acme', 'x', { i: 251 })
    expect((await stream.until(248)).at(-1)).toMatchObject({ id: `${hub.epoch}.251`, data: { data: { i: 251 } } })
    await stream.cancel()
  })

  it.each([
    ['of which later ones are lost', (epoch: string) => `${epoch}.3`],
    ['of another process', () => 'other.7'],
    ['that is none', () => 'what?'],
    ['that is yet to come', (epoch: string) => `${epoch}.99`],
  ])('says that there is a gap after an event %s, and goes on with what is kept', async (_name, last) => {
    const { app, hub } = service({}, 5)
    for (let i = 1; i <= 10; i++) hub.tell('acme', 'x', { i })
    const stream = await follow(app, { ...acme, 'Last-Event-ID': last(hub.epoch) })
    const [gap, ...frames] = await stream.until(6)
    expect(gap).toMatchObject({ id: undefined, event: 'sallyport.events.gap.v1' })
    expect(frames.map(({ data }) => data.data.i)).toEqual([6, 7, 8, 9, 10])
    await stream.cancel()
  })

  it('cuts a reader for whom what comes next is no longer kept, tells it so, and lets it come back', async () => {
    const { app, hub } = service({}, 5)
    const stream = await follow(app, acme)
    await stream.more()
    hub.tell('acme', 'x', { i: 1 })
    await stream.until(1)
    for (let i = 2; i <= 20; i++) hub.tell('acme', 'x', { i })
    const frames = await stream.end()
    expect(frames.map(({ event }) => event)).toEqual(['x', 'sallyport.events.cut.v1'])
    expect(hub.feed('acme').listeners).toBe(0)
    const again = await follow(app, { ...acme, 'Last-Event-ID': frames[0]?.id ?? '' })
    expect((await again.until(6)).map(({ event }) => event)).toEqual(['sallyport.events.gap.v1', ...Array(5).fill('x')])
    await again.cancel()
  })

  it('keeps so much and no more, however slow its readers are', async () => {
    const { app, hub } = service({}, 5)
    const slow = await Promise.all(Array.from({ length: 20 }, () => follow(app, acme)))
    for (let i = 0; i < 10_000; i++) hub.tell('acme', 'x', { i })
    expect(hub.feed('acme').read(0, 1e6).events).toHaveLength(5)
    await Promise.all(slow.map(async (stream) => stream.cancel()))
    expect(hub.feed('acme').listeners).toBe(0)
  })

  it('sends a comment now and then when nothing happens', async () => {
    const { app, hub } = service({ heartbeat: 20 })
    const stream = await follow(app, acme)
    for (let i = 0; i < 3; i++) await stream.more()
    expect(stream.comments.length).toBeGreaterThanOrEqual(3)
    hub.tell('acme', 'x', {})
    expect(await stream.until(1)).toHaveLength(1)
    await stream.cancel()
  })

  it('ends after a while, so that callers prove again who they are', async () => {
    const { app, hub } = service({ maxAge: 30 })
    expect(await (await follow(app, acme)).end()).toEqual([])
    expect(hub.feed('acme').listeners).toBe(0)
  })

  it('ends with the process, and with the tenant', async () => {
    const { app, hub } = service()
    hub.policies(engines)
    const [one, other] = [await follow(app, acme), await follow(app, bolt)]
    await one.more()
    await other.more()
    hub.policies(new Map([...engines].filter(([tenant]) => tenant !== 'bolt')))
    expect((await other.end()).map(({ event }) => event)).toEqual(['sallyport.policies.removed.v1'])
    hub.end()
    expect(await one.end()).toEqual([])
  })

  it('is for so many readers of a tenant', async () => {
    const { app } = service({ readers: 2 })
    const streams = [await follow(app, acme), await follow(app, acme)]
    const refused = await app.request('/v1/events', { headers: acme })
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '60'])
    expect((await app.request('/v1/events', { headers: bolt })).status).toBe(200)
    await streams[0]?.cancel()
    expect((await app.request('/v1/events', { headers: acme })).status).toBe(200)
  })

  it('takes no reader for HEAD, and loses one that never reads when its time is over', async () => {
    const { app, hub } = service({ readers: 2, maxAge: 30 })
    for (let i = 0; i < 5; i++) {
      const { status, headers, body } = await app.request('/v1/events', { method: 'HEAD', headers: acme })
      expect([status, headers.get('content-type'), body]).toEqual([200, 'text/event-stream', null])
    }
    expect(hub.feed('acme').listeners).toBe(0)
    await app.request('/v1/events', { headers: acme })
    expect(hub.feed('acme').listeners).toBe(1)
    await vi.waitFor(() => expect(hub.feed('acme').listeners).toBe(0))
  })

  it('needs callers that prove who they are', () => {
    const { hub } = service()
    expect(() => createApp({ engines, events: { hub } })).toThrow('give identify')
  })
})

it('where there were none at first, as without a bundle, the first policies are told of', () => {
  const { hub } = service()
  hub.policies(new Map())
  hub.policies(engines)
  const [event] = hub.feed('acme').read(0, 10).events
  expect(event?.event).toMatchObject({
    type: 'sallyport.policies.replaced.v1',
    data: { image: engines.get('acme')?.image.id, before: null },
  })
})

it('policies that are replaced are told of, by tenant, with the images', async () => {
  const { hub } = service()
  hub.policies(engines)
  const [first, second] = [engines.get('acme'), engines.get('bolt')]
  if (first === undefined || second === undefined) throw new Error('no engines')
  hub.policies(new Map([...engines, ['acme', second]]))
  hub.policies(new Map([...engines, ['acme', second]]))
  const told = hub
    .feed('acme')
    .read(0, 10)
    .events.map(({ event }) => [event.type, event.data])
  expect(told).toEqual([['sallyport.policies.replaced.v1', { image: second.image.id, before: first.image.id }]])
  expect(hub.feed('bolt').last).toBe(0)
})
