/** The Access Request and Approval Profile, from the denial to the allow, over HTTP. */
import { exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { accessRequestProfile, type MemoryDesk, memoryDesk } from '../../src/authzen/profiles/access-request/index.ts'
import { createSigner, type Signer } from '../../src/authzen/signer.ts'
import { createEngine } from '../../src/engine/index.ts'
import type { Engine } from '../../src/engine/types.ts'
import { createApp } from '../../src/service/app.ts'
import { type Answer, post, readAnswer } from './support.ts'

const publicUrl = 'https://pdp.example.com'
const start = Date.parse('2026-05-01T12:00:00Z')
const urn = 'urn:openid:authzen:access-request:error:'
const policies = (tenant: string) => ({
  version: 1 as const,
  tenant,
  rules: [
    { id: 'read', allow: 'read' },
    { id: 'pay', review: 'pay', because: 'payments need a second person', obligations: [{ id: 'log' }] },
    { id: 'frozen', deny: 'pay', when: { 'resource.frozen': true } },
  ],
})
const payment = {
  subject: { type: 'agent', id: 'clerk', on_behalf_of: { type: 'user', id: 'ann' } },
  action: { name: 'pay', properties: { amount: 10 } },
  resource: { type: 'invoice', id: '7', properties: { frozen: false } },
  context: { time: '2026-05-01T12:00Z', channel: 'chat' },
}

let key: CryptoKey
let signer: Signer
let engines: Map<string, Engine>
beforeAll(async () => {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true })
  key = privateKey
  signer = createSigner({ issuer: publicUrl, jwk: { ...((await exportJWK(privateKey)) as JWK), alg: 'ES256' } })
  engines = new Map()
  for (const tenant of ['default', 'acme']) engines.set(tenant, await createEngine({ policies: policies(tenant) }))
})

let now: number
let desk: MemoryDesk
let app: ReturnType<typeof createApp>
beforeEach(() => {
  now = start
  desk = memoryDesk({ newId: () => crypto.randomUUID() })
  app = createApp({
    engines,
    publicUrl,
    signer,
    identify: ({ headers }) => ({ id: headers.get('x-caller') ?? 'pep-1', tenants: 'all' }),
    profiles: [accessRequestProfile({ desk, signer, newId: () => crypto.randomUUID() })],
    now: () => now,
  })
})

const evaluate = async (body: object, prefix = '') => (await post(app, `${prefix}/access/v1/evaluation`, body)).body
const submit = (body: object, headers = {}, prefix = '') => post(app, `${prefix}/access/v1/requests`, body, headers)
const get = async (path: string, headers = {}): Promise<Answer> => readAnswer(await app.request(path, { headers }))

interface Denied {
  readonly evaluation_id: string
  readonly access_request: { readonly expires_at: string; readonly binding_token: string; readonly endpoint: string }
}

/** What an enforcement point makes of a requestable denial: the request, and what binds it. */
async function submissionOf(request: typeof payment, prefix = '') {
  const { context } = await evaluate(request, prefix)
  const { evaluation_id, access_request } = context as unknown as Denied
  const { expires_at, binding_token } = access_request
  return { ...request, denial: { evaluation_id, expires_at, binding_token } }
}

/** Up to an approval that is good for an hour. */
async function approvalOf(request: typeof payment): Promise<object> {
  const { body } = await submit(await submissionOf(request))
  const { id } = body.task as { id: string }
  desk.approve(id, { approver: 'bob', until: now + 3_600_000 }, now)
  const done = await get(`/access/v1/requests/${id}`)
  return (done.body.result as { approval: object }).approval
}
const withApproval = (request: typeof payment, approval: object) => ({
  ...request,
  context: { ...request.context, approval },
})

describe('a review', () => {
  it('is declared, and says how access can be requested', async () => {
    const metadata = await get('/.well-known/authzen-configuration')
    expect(metadata.body).toMatchObject({
      access_request_endpoint: `${publicUrl}/access/v1/requests`,
      capabilities: ['urn:openid:authzen:capability:access-request'],
      jwks_uri: `${publicUrl}/access/v1/jwks`,
    })
    expect(await evaluate(payment)).toEqual({
      decision: false,
      context: {
        status: 'review',
        code: 'matched',
        reason: 'approval_required',
        explanation: 'payments need a second person',
        rules: ['pay'],
        obligations: [{ id: 'log' }],
        evaluation_id: expect.stringMatching(/^[\w-]{36}$/),
        evaluated_at: '2026-05-01T12:00:00.000Z',
        access_request: {
          endpoint: `${publicUrl}/access/v1/requests`,
          expires_at: '2026-05-01T12:10:00.000Z',
          binding_token: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/),
        },
      },
    })
  })

  it('is the only denial that does', async () => {
    const frozen = { ...payment, resource: { ...payment.resource, properties: { frozen: true } } }
    for (const body of [frozen, { ...payment, action: { name: 'fly' } }]) {
      const answer = await evaluate(body)
      expect(answer.decision).toBe(false)
      expect(answer.context).not.toHaveProperty('access_request')
    }
    expect(await evaluate({ ...payment, action: { name: 'read' } })).toEqual({ decision: true })
  })

  it('is requestable item by item in a batch', async () => {
    const { body } = await post(app, '/access/v1/evaluations', {
      ...payment,
      evaluations: [{}, { action: { name: 'read' } }, {}],
    })
    const ids = (body.evaluations as { context?: { evaluation_id?: string } }[]).map(
      (one) => one.context?.evaluation_id,
    )
    expect(ids[0]).toBeTypeOf('string')
    expect(ids[1]).toBeUndefined()
    expect(ids[2]).not.toBe(ids[0])
  })
})

describe('a request', () => {
  it('opens a task, which ends in an approval, with which the same evaluation is allowed', async () => {
    const submission = await submissionOf(payment)
    const added = { context: { ...payment.context, business_justification: 'end of quarter' } }
    const opened = await submit({ ...submission, ...added, requested_access: { emergency: false } })
    expect(opened.status).toBe(202)
    const { id } = opened.body.task as { id: string }
    const url = `${publicUrl}/access/v1/requests/${id}`
    expect(opened.headers.get('location')).toBe(url)
    expect(opened.body).toEqual({
      task: {
        id,
        status: 'pending',
        status_endpoint: url,
        expires_at: '2026-05-02T12:00:00.000Z',
        links: { cancel: `${url}/cancel` },
      },
    })
    expect((await get(`/access/v1/requests/${id}`)).headers.get('retry-after')).toBe('5')
    const [waiting] = desk.pending(now)
    expect(waiting).toMatchObject({
      taskId: id,
      rules: ['pay'],
      caller: { id: 'pep-1' },
      evaluationId: expect.any(String),
    })
    expect(waiting?.request.context).toMatchObject({ business_justification: 'end of quarter' })

    desk.approve(id, { approver: 'bob', until: now + 3_600_000 }, now)
    const done = await get(`/access/v1/requests/${id}`)
    const approval = {
      id: expect.any(String),
      approved_at: '2026-05-01T12:00:00.000Z',
      approved_until: '2026-05-01T13:00:00.000Z',
    }
    expect(done.body).toMatchObject({ task: { status: 'approved' }, result: { mode: 'reevaluate', approval } })
    const given = (done.body.result as { approval: object }).approval
    expect(await evaluate(withApproval(payment, given))).toEqual({
      decision: true,
      context: {
        approval: { id: expect.any(String), approved_until: '2026-05-01T13:00:00.000Z' },
        obligations: [{ id: 'log' }],
      },
    })
    // Another time of day is no other request.
    const later = { ...payment, context: { ...payment.context, time: '2026-05-01T12:30Z' } }
    expect(await evaluate(withApproval(later, given))).toMatchObject({ decision: true })
  })

  it('must be bound to a denial of this very request', async () => {
    const submission = await submissionOf(payment)
    const other = await submissionOf({ ...payment, resource: { ...payment.resource, id: '8' } })
    const changed = [
      { action: { name: 'pay', properties: { amount: 10_000 } } },
      { resource: { ...payment.resource, id: '8' } },
      { subject: { type: 'agent', id: 'clerk' } },
      { context: { ...payment.context, channel: 'mail' } },
      { context: {} },
      { denial: { ...submission.denial, binding_token: other.denial.binding_token } },
      { denial: { ...submission.denial, binding_token: `${submission.denial.binding_token}A` } },
      { denial: { ...submission.denial, binding_token: undefined } },
      { denial: { ...submission.denial, evaluation_id: other.denial.evaluation_id } },
    ]
    for (const change of changed) {
      const answer = await submit({ ...submission, ...change })
      expect(answer, JSON.stringify(change)).toMatchObject({
        status: 400,
        body: { type: `${urn}invalid_denial_binding`, code: 'E_ACCESS_REQUEST' },
      })
      expect(answer.headers.get('content-type')).toBe('application/problem+json')
    }
    expect(desk.pending(now)).toEqual([])
  })

  it('cannot be bound by a token of another kind, key, tenant or algorithm', async () => {
    const submission = await submissionOf(payment)
    const [, payload = ''] = submission.denial.binding_token.split('.')
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString())
    const { privateKey } = await generateKeyPair('ES256')
    const sign = (header: object, with_: CryptoKey | Uint8Array = key, more = {}) =>
      new SignJWT({ ...claims, ...more })
        .setProtectedHeader({ alg: 'ES256', typ: 'access-request-denial+jwt', ...header })
        .sign(with_)
    const none = `${Buffer.from('{"alg":"none","typ":"access-request-denial+jwt"}').toString('base64url')}.${payload}.`
    const forged = [
      await sign({ typ: 'JWT' }),
      await sign({}, privateKey),
      await sign({ alg: 'HS256' }, new TextEncoder().encode('x'.repeat(32))),
      await sign({}, key, { aud: 'https://other.example.com' }),
      await sign({}, key, { iss: 'https://other.example.com' }),
      await sign({}, key, { tenant: 'acme' }),
      await sign({}, key, { exp: undefined }),
      none,
    ]
    for (const binding_token of forged) {
      const answer = await submit({ ...submission, denial: { ...submission.denial, binding_token } })
      expect(answer.body).toMatchObject({ type: `${urn}invalid_denial_binding` })
    }
    expect((await submit(submission, {}, '/tenants/acme')).body).toMatchObject({ type: `${urn}invalid_denial_binding` })
    expect(
      (await submit({ ...submission, denial: { ...submission.denial, binding_token: await sign({}) } })).status,
    ).toBe(202)
  })

  it('must come in time, whatever time it says it has', async () => {
    const submission = await submissionOf(payment)
    now += 600_000
    expect(await submit(submission)).toMatchObject({ status: 410, body: { type: `${urn}expired_denial` } })
    const stretched = { ...submission, denial: { ...submission.denial, expires_at: '2027-01-01T00:00:00Z' } }
    expect(await submit(stretched)).toMatchObject({ status: 410, body: { type: `${urn}expired_denial` } })
  })

  it('is of no use when the policies have changed', async () => {
    const engine = await createEngine({ policies: policies('default') })
    engines.set('default', engine)
    const submission = await submissionOf(payment)
    await engine.replacePolicies({ version: 1, rules: [{ id: 'no', deny: 'pay' }] })
    expect(await submit(submission)).toMatchObject({ status: 400, body: { type: `${urn}not_requestable` } })
    engines.set('default', await createEngine({ policies: policies('default') }))
  })

  it('that comes twice with one key is one; with another body it is refused', async () => {
    const submission = await submissionOf(payment)
    const headers = { 'Idempotency-Key': 'k1' }
    const first = await submit(submission, headers)
    const again = await submit(submission, headers)
    expect((again.body.task as { id: string }).id).toBe((first.body.task as { id: string }).id)
    expect(desk.pending(now)).toHaveLength(1)
    const other = { ...submission, requested_access: { emergency: true } }
    expect(await submit(other, headers)).toMatchObject({ status: 409, body: { type: `${urn}duplicate_request` } })
    expect((await submit(submission, { ...headers, 'X-Caller': 'pep-2' })).status).toBe(202)
  })

  it('for what this service does not do is refused, and so is one too many', async () => {
    const submission = await submissionOf(payment)
    expect(await submit({ ...submission, items: [] })).toMatchObject({ status: 400, body: { code: 'E_REQUEST' } })
    expect((await submit({ ...submission, callback: { endpoint: 'https://pep' } })).status).toBe(400)
    const full = memoryDesk({ newId: () => crypto.randomUUID(), mostTasks: 1 })
    const bound = { ...(await openable(submission)), request: payment }
    expect(await full.open(bound, now)).toMatchObject({ status: 'pending' })
    expect(await full.open(bound, now)).toBe('full')
  })
})

async function openable(submission: object) {
  await submit(submission)
  const [waiting] = desk.pending(now)
  if (waiting === undefined) throw new Error('no task')
  return waiting
}

describe('a task', () => {
  it('is known to its caller alone, and not in another tenant', async () => {
    const { body } = await submit(await submissionOf(payment))
    const { id } = body.task as { id: string }
    for (const answer of [
      await get(`/access/v1/requests/${id}`, { 'X-Caller': 'pep-2' }),
      await get(`/tenants/acme/access/v1/requests/${id}`),
      await get('/access/v1/requests/none'),
      await post(app, `/access/v1/requests/${id}/cancel`, {}, { 'X-Caller': 'pep-2' }),
    ]) {
      expect(answer).toMatchObject({ status: 404, body: { type: `${urn}unknown_task` } })
    }
  })

  it('can be cancelled once', async () => {
    const { body } = await submit(await submissionOf(payment))
    const { id } = body.task as { id: string }
    const cancelled = await post(app, `/access/v1/requests/${id}/cancel`, {})
    expect(cancelled).toMatchObject({ status: 200, body: { task: { status: 'cancelled' } } })
    expect(cancelled.body.task).not.toHaveProperty('links')
    expect(await post(app, `/access/v1/requests/${id}/cancel`, {})).toMatchObject({
      status: 409,
      body: { type: `${urn}invalid_task_state` },
    })
    expect(() => desk.approve(id, { approver: 'bob', until: now + 1000 }, now)).toThrow('the task is cancelled')
  })

  it('expires, and ends denied without a result', async () => {
    const first = await submit(await submissionOf(payment))
    const { id } = first.body.task as { id: string }
    now += 86_400_000
    expect((await get(`/access/v1/requests/${id}`)).body).toMatchObject({ task: { status: 'expired' } })
    const second = await submit(await submissionOf(payment))
    const task = second.body.task as { id: string }
    desk.deny(task.id, now)
    const { body } = await get(`/access/v1/requests/${task.id}`)
    expect(body).toMatchObject({ task: { status: 'denied' } })
    expect(body).not.toHaveProperty('result')
  })

  it('is not approved by who asks for it', async () => {
    const { body } = await submit(await submissionOf(payment))
    const { id } = body.task as { id: string }
    for (const approver of ['pep-1', 'clerk', 'ann']) {
      expect(() => desk.approve(id, { approver, until: now + 1000 }, now)).toThrow('cannot approve it')
    }
  })
})

describe('an approval', () => {
  it('is good for what was approved, and nothing else', async () => {
    const approval = await approvalOf(payment)
    for (const other of [
      { ...payment, action: { name: 'pay', properties: { amount: 10_000 } } },
      { ...payment, resource: { ...payment.resource, id: '8' } },
      { ...payment, subject: { type: 'agent', id: 'other' } },
      { ...payment, context: { ...payment.context, channel: 'mail' } },
      { ...payment, context: { ...payment.context, urgent: true } },
    ]) {
      expect(await evaluate(withApproval(other as typeof payment, approval))).toMatchObject({
        decision: false,
        context: {
          reason: 'out_of_scope',
          next_action: 'request',
          access_request: { binding_token: expect.any(String) },
        },
      })
    }
  })

  it('does not outlive its time, a revocation, or a deny', async () => {
    const approval = await approvalOf(payment)
    const frozen = { ...payment, resource: { ...payment.resource, properties: { frozen: true } } }
    expect(await evaluate(withApproval(frozen, approval))).toMatchObject({
      decision: false,
      context: { reason: 'policy_denied', next_action: 'none', rules: ['frozen'] },
    })
    now += 3_600_000
    expect(await evaluate(withApproval(payment, approval))).toMatchObject({
      decision: false,
      context: { reason: 'approval_expired', next_action: 'request' },
    })
    const second = (await approvalOf(payment)) as { id: string }
    desk.revoke(second.id)
    expect(await evaluate(withApproval(payment, second))).toMatchObject({ context: { reason: 'approval_expired' } })
  })

  it('is no bearer grant: not for another caller or tenant, and not by an id that is made up', async () => {
    const approval = await approvalOf(payment)
    const asked = withApproval(payment, approval)
    const unverifiable = { decision: false, context: { reason: 'approval_unverifiable', next_action: 'none' } }
    const other = await post(app, '/access/v1/evaluation', asked, { 'X-Caller': 'pep-2' })
    expect(other.body).toMatchObject(unverifiable)
    expect(await evaluate(asked, '/tenants/acme')).toMatchObject(unverifiable)
    expect(await evaluate(withApproval(payment, { id: 'made-up' }))).toMatchObject(unverifiable)
    for (const wrong of [true, 'id', {}, { id: 7 }]) {
      const answer = await post(app, '/access/v1/evaluation', withApproval(payment, wrong as object))
      expect(answer.status).toBe(400)
    }
  })

  it('is nothing that a policy could take at its word', async () => {
    const naive = await createEngine({
      policies: { version: 1, rules: [{ id: 'naive', allow: 'pay', when: { 'context.approval': { exists: true } } }] },
    })
    engines.set('default', naive)
    expect(await evaluate(withApproval(payment, { id: 'made-up' }))).toMatchObject({ decision: false })
    engines.set('default', await createEngine({ policies: policies('default') }))
  })
})

it('is not spoken where nobody says who asks', () => {
  const profiles = [accessRequestProfile({ desk, signer, newId: () => 'x' })]
  expect(() => createApp({ engines, publicUrl, signer, profiles })).toThrow('give identify')
})
