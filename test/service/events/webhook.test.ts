import { createServer, type IncomingHttpHeaders } from 'node:http'
import { afterEach, describe, expect, it } from 'vitest'
import { EventHub, type EventWebhookOptions, eventWebhook, verifyWebhook } from '../../../src/service/events/index.ts'

const secret = `whsec_${Buffer.from('0123456789012345678901234567').toString('base64')}`
const now = () => Date.parse('2026-05-01T12:00:00Z')
const ends: (() => Promise<void> | void)[] = []
afterEach(async () => {
  for (const end of ends.splice(0)) await end()
})

/** Waits are noted, and over at once; those for the next event last until it comes. */
function manualTimer() {
  const waits: number[] = []
  return {
    waits,
    now: () => 0,
    wait: (milliseconds: number, signal: AbortSignal) =>
      new Promise<void>((resolve) => {
        if (milliseconds < 60_000) {
          waits.push(milliseconds)
          resolve()
        } else signal.addEventListener('abort', () => resolve(), { once: true })
      }),
  }
}

/** A real receiver, which answers with these statuses, then with 204. */
async function receiver(statuses: readonly number[] = []) {
  const got: { headers: IncomingHttpHeaders; body: string }[] = []
  const left = [...statuses]
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request) body += chunk
    got.push({ headers: request.headers, body })
    const status = left.shift() ?? 204
    response.writeHead(status, status === 302 ? { Location: '/elsewhere' } : {}).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  ends.push(() => {
    server.closeAllConnections()
    server.close()
  })
  return { got, url: `http://127.0.0.1:${(server.address() as { port: number }).port}/hook` }
}

function sending(url: string, options: Partial<EventWebhookOptions> = {}, kept = 1000) {
  let ids = 0
  const hub = new EventHub({ now, newId: () => `e${ids++}`, kept })
  const timer = manualTimer()
  const lost: unknown[] = []
  const onLost: EventWebhookOptions['onLost'] = (error, event) => void lost.push([(error as Error).message, event?.id])
  const stop = new AbortController()
  const terms = { hub, tenant: 'acme', url, secret, timer, now, onLost, ...options }
  const sent = eventWebhook(terms).then((send) => send(stop.signal))
  ends.push(async () => {
    stop.abort()
    await sent
  })
  return { hub, lost, sent, stop, waits: timer.waits }
}
const until = async (test: () => boolean) => {
  const deadline = Date.now() + 5000
  while (!test()) {
    if (Date.now() > deadline) throw new Error('waited 5 s')
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

describe('a webhook', () => {
  it('gets events in order, signed, and only those that it wants', async () => {
    const { got, url } = await receiver()
    const { hub } = sending(url, { wants: ({ type }) => type !== 'noise' })
    hub.tell('bolt', 'other', {})
    for (const type of ['a', 'noise', 'b']) hub.tell('acme', type, { type })
    await until(() => got.length === 2)
    expect(got.map(({ body }) => JSON.parse(body).type)).toEqual(['a', 'b'])
    for (const { headers, body } of got) {
      expect(headers['content-type']).toBe('application/cloudevents+json')
      const received = { header: (name: string) => headers[name] as string, body }
      await verifyWebhook(received, secret, now())
      expect(headers['webhook-id']).toBe(JSON.parse(body).id)
      await expect(verifyWebhook({ ...received, body: `${body} ` }, secret, now())).rejects.toThrow('not signed')
    }
  })

  it('that fails is tried again, ever later, with the same id; what comes after waits for it', async () => {
    const { got, url } = await receiver([500, 503, 200])
    const { hub, waits, lost } = sending(url)
    hub.tell('acme', 'a', {})
    hub.tell('acme', 'b', {})
    await until(() => got.length === 4)
    expect(got.map(({ body }) => JSON.parse(body).type)).toEqual(['a', 'a', 'a', 'b'])
    expect(new Set(got.slice(0, 3).map(({ headers }) => headers['webhook-id'])).size).toBe(1)
    expect([waits, lost]).toEqual([[1000, 2000], []])
  })

  it('that goes on failing loses the event, says so, and gets the next', async () => {
    const { got, url } = await receiver([500, 500, 500])
    const { hub, lost } = sending(url, { retries: 2 })
    hub.tell('acme', 'a', {})
    hub.tell('acme', 'b', {})
    await until(() => got.length === 4)
    expect(lost).toEqual([['the webhook answered with status 500', 'e1']])
  })

  it('that is slower than what comes is told that there is a gap', async () => {
    const { got, url } = await receiver()
    const { hub, lost } = sending(url, {}, 3)
    for (let i = 0; i < 10; i++) hub.tell('acme', 'x', { i })
    await until(() => got.length === 3)
    expect(got.map(({ body }) => JSON.parse(body).data.i)).toEqual([7, 8, 9])
    expect(lost).toEqual([['the webhook takes events more slowly than they come', undefined]])
  })

  it('that is stopped tells how much it has not sent, and does not wait for an answer', async () => {
    const server = createServer(() => {})
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    ends.push(() => {
      server.closeAllConnections()
      server.close()
    })
    const { hub, lost, stop, sent } = sending(`http://127.0.0.1:${(server.address() as { port: number }).port}/hook`)
    const came = new Promise((resolve) => server.once('request', resolve))
    for (let i = 0; i < 150; i++) hub.tell('acme', 'x', { i })
    await came
    stop.abort()
    await sent
    expect(lost).toEqual([
      [expect.stringContaining('abort'), 'e1'],
      ['it was stopped before 149 events were sent', undefined],
    ])
  })

  it('sends what there is when no more comes', async () => {
    const { got, url } = await receiver()
    const { hub, lost, sent } = sending(url)
    for (let i = 0; i < 5; i++) hub.tell('acme', 'x', { i })
    hub.end()
    await sent
    expect([got.length, lost]).toEqual([5, []])
  })

  it('is not followed elsewhere', async () => {
    const { got, url } = await receiver([302])
    const { hub, lost } = sending(url, { retries: 0 })
    hub.tell('acme', 'a', {})
    await until(() => lost.length === 1)
    expect(got).toHaveLength(1)
  })

  it.each([
    ['http://example.com/hook', secret, 'E_ADDRESS'],
    ['http://169.254.169.254/', secret, 'E_ADDRESS'],
    ['https://user:pass@example.com/', secret, 'E_ADDRESS'],
    ['https://example.com/hook', 'whsec_short', 'E_USAGE'],
  ])('to %s with secret %s is refused at once', async (url, wrong, code) => {
    const hub = new EventHub({ now, newId: () => 'x' })
    const terms = { hub, tenant: 'acme', url, secret: wrong, timer: manualTimer(), now }
    await expect(eventWebhook(terms)).rejects.toMatchObject({ code })
  })
})
