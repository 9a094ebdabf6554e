/** One contract for the desks of the Access Request profile: in memory, and on the guard's approvals. Over HTTP, from the denial to the allow. */
import { exportJWK, generateKeyPair, type JWK } from 'jose'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import {
  type AccessRequestDesk,
  accessRequestProfile,
  guardDesk,
  memoryDesk,
} from '../../src/authzen/profiles/access-request/index.ts'
import { createSigner, type Signer } from '../../src/authzen/signer.ts'
import { createEngine } from '../../src/engine/index.ts'
import type { Engine } from '../../src/engine/types.ts'
import { createGuard, type Guard } from '../../src/guard/guard.ts'
import { createApp } from '../../src/service/app.ts'
import { memoryStore } from '../../src/store/memory/index.ts'
import { post, readAnswer } from './support.ts'

const publicUrl = 'https://pdp.example.com'
const start = Date.parse('2026-05-01T12:00:00Z')
const urn = 'urn:openid:authzen:access-request:error:'
const bob = { type: 'user', id: 'bob' }
const newId = () => crypto.randomUUID()

const policies = (uses: number) => ({
  version: 1 as const,
  rules: [
    { id: 'pay', review: 'pay', approval: { by: ['user:bob', 'user:cy'], valid: '1h', within: '1d', uses } },
    { id: 'ship', review: 'ship' },
  ],
})
const payment = {
  subject: { type: 'agent', id: 'clerk', on_behalf_of: { type: 'user', id: 'ann' } },
  action: { name: 'pay', properties: { amount: 10 } },
  resource: { type: 'invoice', id: '7' },
  context: { time: '2026-05-01T12:00Z', channel: 'chat' },
}

interface Desk {
  readonly desk: AccessRequestDesk
  /** Of a task that is pending. */
  approve(task: string): Promise<unknown>
  deny(task: string): Promise<unknown>
}

let signer: Signer
let engine: Engine
let now: number
beforeAll(async () => {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true })
  signer = createSigner({ issuer: publicUrl, jwk: { ...((await exportJWK(privateKey)) as JWK), alg: 'ES256' } })
})

function inMemory(): Desk {
  const desk = memoryDesk({ newId })
  return {
    desk,
    approve: async (task) => desk.approve(task, { approver: 'bob', until: now + 3_600_000 }, now),
    deny: async (task) => desk.deny(task, now),
  }
}

let guard: Guard
function onGuard(): Desk {
  const store = memoryStore()
  const random = (length: number) => crypto.getRandomValues(new Uint8Array(length))
  guard = createGuard({ engine, store, clock: () => now, random })
  /** Every request that waits for Bob: the tests have one task at a time. */
  const vote = async (cast: 'approve' | 'reject') => {
    for (const { id } of await guard.approvals.pending({ approver: bob })) await guard.approvals[cast](id, bob)
  }
  return {
    desk: guardDesk({ guard: () => guard, store, newId }),
    approve: () => vote('approve'),
    deny: () => vote('reject'),
  }
}

let under: Desk
let app: ReturnType<typeof createApp>
async function begin(make: () => Desk, uses = 10) {
  now = start
  engine = await createEngine({ policies: policies(uses) })
  under = make()
  app = createApp({
    engine,
    publicUrl,
    signer,
    identify: ({ headers }) => ({
      id: headers.get('x-caller') ?? 'pep-1',
      type: headers.get('x-type') ?? 'service',
      tenants: 'all',
    }),
    profiles: [accessRequestProfile({ desk: under.desk, signer, newId })],
    now: () => now,
  })
}

const evaluate = async (body: object, headers = {}) => (await post(app, '/access/v1/evaluation', body, headers)).body
const submit = (body: object, headers = {}) => post(app, '/access/v1/requests', body, headers)
const status = async (task: string, headers = {}) =>
  readAnswer(await app.request(`/access/v1/requests/${task}`, { headers }))

async function submissionOf(request: object) {
  const { context } = await evaluate(request)
  const { evaluation_id, access_request } = context as {
    readonly evaluation_id: string
    readonly access_request: { readonly expires_at: string; readonly binding_token: string }
  }
  const { expires_at, binding_token } = access_request
  return { ...request, denial: { evaluation_id, expires_at, binding_token } }
}

async function open(request: object = payment): Promise<string> {
  const answer = await submit(await submissionOf(request))
  expect(answer.status).toBe(202)
  return (answer.body.task as { readonly id: string }).id
}

async function approvalOf(task: string): Promise<object> {
  return ((await status(task)).body.result as { readonly approval: object }).approval
}
const withApproval = (approval: object, request = payment) => ({
  ...request,
  context: { ...request.context, approval },
})

describe.each([
  ['in memory', inMemory],
  ['on the guard', onGuard],
])('a desk %s', (_name, make) => {
  beforeEach(() => begin(make))

  it('takes a request to its approval, with which the same evaluation is allowed', async () => {
    const task = await open()
    expect((await status(task)).body).toMatchObject({
      task: { status: 'pending', expires_at: '2026-05-02T12:00:00.000Z' },
    })
    await under.approve(task)
    expect((await status(task)).body).toMatchObject({
      task: { status: 'approved' },
      result: { mode: 'reevaluate', approval: { approved_until: '2026-05-01T13:00:00.000Z' } },
    })
    const approval = await approvalOf(task)
    expect(await evaluate(withApproval(approval))).toMatchObject({ decision: true })
    const later = { ...payment, context: { ...payment.context, time: '2026-05-01T12:30Z' } }
    expect(await evaluate(withApproval(approval, later))).toMatchObject({ decision: true })
  })

  it('gives an approval for one request, one caller and a time', async () => {
    const task = await open()
    expect(await evaluate(withApproval({ id: task }))).toMatchObject({ decision: false })
    await under.approve(task)
    const approval = await approvalOf(task)
    const dearer = { ...payment, action: { name: 'pay', properties: { amount: 11 } } }
    expect(await evaluate(withApproval(approval, dearer))).toMatchObject({ context: { reason: 'out_of_scope' } })
    const foreign = await evaluate(withApproval(approval), { 'X-Caller': 'pep-2' })
    expect(foreign).toMatchObject({ context: { reason: 'approval_unverifiable' } })
    expect(await evaluate(withApproval({ id: 'made-up' }))).toMatchObject({
      context: { reason: 'approval_unverifiable' },
    })
    now += 3_600_000
    expect(await evaluate(withApproval(approval))).toMatchObject({ context: { reason: 'approval_expired' } })
    // It has left pending, and stays what it was.
    expect((await status(task)).body).toMatchObject({ task: { status: 'approved' } })
  })

  it('tells of a task its caller alone', async () => {
    const task = await open()
    expect((await status(task, { 'X-Caller': 'pep-2' })).body).toMatchObject({ type: `${urn}unknown_task` })
    const cancel = (headers: Record<string, string>) => post(app, `/access/v1/requests/${task}/cancel`, {}, headers)
    expect((await cancel({ 'X-Caller': 'pep-2' })).status).toBe(404)
    expect((await cancel({ 'Sec-Fetch-Site': 'cross-site' })).body).toMatchObject({ status: 403, code: 'E_FORBIDDEN' })
    expect((await cancel({})).body).toMatchObject({ task: { status: 'cancelled' } })
    expect((await cancel({})).body).toMatchObject({ type: `${urn}invalid_task_state` })
  })

  it('takes callers of one id and two types for two', async () => {
    const user = { 'X-Type': 'user' }
    const submission = await submissionOf(payment)
    const headers = { 'Idempotency-Key': 'k1' }
    const task = ((await submit(submission, headers)).body.task as { readonly id: string }).id
    expect((await status(task, user)).body).toMatchObject({ type: `${urn}unknown_task` })
    expect((await post(app, `/access/v1/requests/${task}/cancel`, {}, user)).status).toBe(404)
    const theirs = ((await submit(submission, { ...headers, ...user })).body.task as { readonly id: string }).id
    expect(theirs).not.toBe(task)
    expect((await post(app, `/access/v1/requests/${theirs}/cancel`, {}, user)).status).toBe(200)
    expect((await status(task)).body).toMatchObject({ task: { status: 'pending' } })
    await under.approve(task)
    expect((await status(theirs, user)).body).toMatchObject({ task: { status: 'cancelled' } })
    const approval = await approvalOf(task)
    expect(await evaluate(withApproval(approval), user)).toMatchObject({ context: { reason: 'approval_unverifiable' } })
    expect(await evaluate(withApproval(approval))).toMatchObject({ decision: true })
  })

  it('denies, and lets what nobody decides expire', async () => {
    const denied = await open()
    await under.deny(denied)
    const { body } = await status(denied)
    expect(body).toMatchObject({ task: { status: 'denied' } })
    expect(body).not.toHaveProperty('result')
    const other = await open({ ...payment, resource: { type: 'invoice', id: '8' } })
    now += 86_400_000
    expect((await status(other)).body).toMatchObject({ task: { status: 'expired' } })
  })

  it('takes the same key for the same task, and for no other body', async () => {
    const submission = await submissionOf(payment)
    const headers = { 'Idempotency-Key': 'k1' }
    const first = await submit(submission, headers)
    const again = await submit(submission, headers)
    expect(again.body.task).toEqual(first.body.task)
    const other = await submit({ ...submission, requested_access: { emergency: true } }, headers)
    expect(other).toMatchObject({ status: 409, body: { type: `${urn}duplicate_request` } })
    expect((await submit(submission, { ...headers, 'X-Caller': 'pep-2' })).body.task).not.toEqual(first.body.task)
    const at = await Promise.all([1, 2, 3].map(() => submit(submission, { 'Idempotency-Key': 'k2' })))
    expect(new Set(at.map(({ body }) => (body.task as { readonly id: string }).id)).size).toBe(1)
  })
})

describe('a desk on the guard', () => {
  it('shows approvers who asks and why, and nobody among the actors may approve', async () => {
    await begin(onGuard)
    await submit({ ...(await submissionOf(payment)), requested_access: { reason: 'quarter' } })
    const [waiting] = await guard.approvals.pending({ approver: bob })
    expect(waiting?.request.context).toMatchObject({ requested_by: 'pep-1', requested_access: { reason: 'quarter' } })
    await expect(guard.approvals.approve(waiting?.id ?? '', { type: 'user', id: 'ann' })).rejects.toMatchObject({
      code: 'E_APPROVAL_FORBIDDEN',
    })
  })

  it('lets an approval be redeemed as often as its rule says, also by many at once', async () => {
    await begin(onGuard, 2)
    const task = await open()
    await under.approve(task)
    const approval = await approvalOf(task)
    const answers = await Promise.all([1, 2, 3, 4].map(() => evaluate(withApproval(approval))))
    const allowed = answers.filter(({ decision }) => decision === true).length
    expect(allowed).toBeGreaterThan(0)
    for (let tries = 0; tries < 2; tries++) answers.push(await evaluate(withApproval(approval)))
    expect(answers.filter(({ decision }) => decision === true)).toHaveLength(2)
    expect(await evaluate(withApproval(approval))).toMatchObject({ context: { reason: 'approval_expired' } })
    expect((await status(task)).body).toMatchObject({ task: { status: 'approved' } })
  })

  it('is of one revision of the policies', async () => {
    await begin(onGuard)
    const task = await open()
    await under.approve(task)
    const approval = await approvalOf(task)
    const { version, rules } = policies(10)
    await engine.replacePolicies({ version, rules: [...rules, { id: 'more', allow: 'read' }] })
    expect(await evaluate(withApproval(approval))).toMatchObject({ context: { reason: 'approval_expired' } })
  })

  it('takes no request that nobody could approve', async () => {
    await begin(onGuard)
    const answer = await submit(await submissionOf({ ...payment, action: { name: 'ship' } }))
    expect(answer).toMatchObject({ status: 400, body: { type: `${urn}not_requestable` } })
  })
})
