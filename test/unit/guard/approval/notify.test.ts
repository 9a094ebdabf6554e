/** Telling of approvals, and waiting for them. */
import { setTimeout } from 'node:timers/promises'
import { expect, test, vi } from 'vitest'
import { type ApprovalEvent, callNotifier } from '../../../../src/guard/approval/notifier.ts'
import { readWebhook, webhookNotifier } from '../../../../src/guard/approval/webhook.ts'
import { codeOf, hour, start, user, world } from './support.ts'

const sleep = (ms: number, signal?: AbortSignal) => setTimeout(ms, undefined, signal && { signal })

test('a notifier hears of each step once', async () => {
  const events: ApprovalEvent[] = []
  const notifier = callNotifier((event) => void events.push(event))
  const it = await world(
    { by: ['user:ann', 'role:manager'], order: 'sequence', within: '4h', escalate: { after: '1h', to: 'user:dan' } },
    { notifier },
  )
  const id = await it.open()
  await it.open()
  await it.approvals.approve(id, user('ann'))
  it.pass(hour)
  expect(await Promise.all([it.approvals.sweep(), it.approvals.sweep()])).toEqual(expect.arrayContaining([0, 1]))
  await it.approvals.approve(id, user('mia'))
  await it.open({ subject: user('bob'), action: { name: 'purge' }, resource: { type: 'record', id: 'r9' } })
  it.pass(4 * hour)
  expect(await it.approvals.sweep()).toBe(1)
  expect(await it.approvals.sweep()).toBe(0)
  expect(events.map(({ type, approval }) => `${type} ${approval.state}`)).toEqual([
    'approval.requested pending',
    'approval.advanced pending',
    'approval.escalated pending',
    'approval.resolved approved',
    'approval.requested pending',
    'approval.resolved expired',
  ])
})

test('what a notifier throws changes nothing', async () => {
  const onError = vi.fn()
  const notifier = {
    notify: () => {
      throw new Error('down')
    },
  }
  const it = await world({ by: 'user:ann' }, { notifier, onError })
  const id = await it.open()
  expect((await it.approvals.approve(id, user('ann'))).state).toBe('approved')
  await vi.waitFor(() => expect(onError).toHaveBeenCalledTimes(2))
})

test('nor does what is thrown by who is told of it', async () => {
  const works: Promise<void>[] = []
  const fail = () => {
    throw new Error('down')
  }
  const settings = { notifier: { notify: fail }, onError: fail, defer: (work: Promise<void>) => void works.push(work) }
  const it = await world({ by: 'user:ann' }, settings)
  await it.open()
  expect(await Promise.all(works)).toEqual([undefined])
})

test('waiting ends with the vote, with its time, or with its signal', async () => {
  const it = await world({ by: 'user:ann' }, { sleep })
  const id = await it.open()
  const waiting = it.approvals.untilResolved(id, { pollEvery: 60_000 })
  await setTimeout(5)
  await it.approvals.reject(id, user('ann'))
  expect((await waiting).state).toBe('rejected')

  const other = await it.open({
    subject: user('bob'),
    action: { name: 'purge' },
    resource: { type: 'record', id: 'r9' },
  })
  const late = it.approvals.untilResolved(other, { pollEvery: 5 })
  it.pass(24 * hour)
  expect((await late).state).toBe('expired')

  const third = await it.open()
  const stop = new AbortController()
  const aborted = it.approvals.untilResolved(third, { signal: stop.signal, pollEvery: 60_000 })
  await setTimeout(5)
  stop.abort(new Error('enough'))
  await expect(aborted).rejects.toThrow('enough')
  await expect(it.approvals.untilResolved(third, { signal: AbortSignal.abort(new Error('early')) })).rejects.toThrow(
    'early',
  )
  const { approvals } = await world({ by: 'user:ann' })
  expect(await codeOf(approvals.untilResolved(third))).toBe('E_USAGE')
})

test.each([
  ['fails', () => Promise.reject(new Error('no LISTEN here'))],
  ['never answers', () => new Promise<() => void>(() => undefined)],
])('waiting goes on where watching %s', async (_, watch) => {
  const it = await world({ by: 'user:ann' }, { sleep })
  Object.assign(it.store, { watch })
  const id = await it.open()
  const waiting = it.approvals.untilResolved(id, { pollEvery: 5 })
  await setTimeout(20)
  await it.approvals.reject(id, user('ann'))
  expect((await waiting).state).toBe('rejected')
})

const secret = `whsec_${btoa('0123456789abcdefghijklmnop')}`

test('webhooks are signed as Standard Webhooks are', async () => {
  const sent: { headers: Record<string, string>; body: string }[] = []
  const send = async (_: string, { headers, body }: RequestInit) => {
    sent.push({ headers: headers as Record<string, string>, body: String(body) })
    return { ok: true, status: 200 }
  }
  const notifier = webhookNotifier({
    url: 'https://example.org/hook',
    secret,
    send,
    newId: () => 'msg_1',
    now: () => start,
  })
  const it = await world({ by: 'user:ann' }, { notifier })
  const id = await it.open()
  await vi.waitFor(() => expect(sent).toHaveLength(1))
  const [{ headers, body }] = sent as [(typeof sent)[number]]
  const received = { header: (name: string) => headers[name], body }
  expect(await readWebhook(received, secret, start + 1000)).toMatchObject({
    type: 'approval.requested',
    approval: { id },
  })
  const wrong = [
    readWebhook({ ...received, body: `${body} ` }, secret, start),
    readWebhook(received, `whsec_${btoa('another secret of 26 bytes')}`, start),
    readWebhook(received, secret, start + 301_000),
    readWebhook({ ...received, header: (name) => (name === 'webhook-id' ? 'msg_2' : headers[name]) }, secret, start),
    readWebhook({ ...received, header: () => undefined }, secret, start),
  ]
  expect(await Promise.all(wrong.map(codeOf))).toEqual(Array.from({ length: 5 }, () => 'E_WEBHOOK'))
})

test('a signature that the specification publishes', async () => {
  // https://github.com/standard-webhooks/standard-webhooks, the example of its libraries' tests.
  const headers: Record<string, string> = {
    'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
    'webhook-timestamp': '1614265330',
    'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  }
  const body = '{"test": 2432232314}'
  const known = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'
  expect(await readWebhook({ header: (name) => headers[name], body }, known, 1_614_265_330_000)).toEqual({
    test: 2_432_232_314,
  })
})

test('addresses without TLS, short secrets and refusals', async () => {
  const options = { secret, send: async () => ({ ok: false, status: 500 }), newId: () => 'x', now: () => start }
  expect(() => webhookNotifier({ ...options, url: 'http://example.org' })).toThrow('https')
  expect(() => webhookNotifier({ ...options, url: 'file:///etc/passwd' })).toThrow('https')
  const event = { type: 'approval.requested' } as ApprovalEvent
  const short = webhookNotifier({ ...options, url: 'https://example.org', secret: 'whsec_AAAA' })
  expect(await codeOf(short.notify(event))).toBe('E_USAGE')
  expect(await codeOf(webhookNotifier({ ...options, url: 'http://127.0.0.1:1' }).notify(event))).toBe('E_WEBHOOK')
})
