/** Deciding, using and listing over HTTP, by our own client. */
import { beforeEach, describe, expect, it } from 'vitest'
import { answerOf, type Client, type ServiceError } from '../../../src/client/index.ts'
import { testTurns } from '../../support/turns.ts'
import { type ApiUnderTest, apiUnderTest } from './support.ts'

let under: ApiUnderTest
let pep: Client
beforeEach(async () => {
  under = await apiUnderTest()
  pep = under.as('pep')
})

const ann = { type: 'user', id: 'ann' }
const planner = { type: 'agent', id: 'planner' }
const trip = { type: 'trip', id: 't1' }
const book = { action: { name: 'travel:book' }, resource: trip }

async function lend(terms: object = {}) {
  const body = { by: ann, grantor: ann, grantee: planner, scopes: [{ actions: 'travel:*', on: 'trip' }], ...terms }
  return answerOf(pep.POST('/v1/delegations', { body }))
}

/** What a call that fails is told. */
async function failure(
  call: Promise<{ error?: unknown; response: Response }>,
): Promise<{ status: number; code: string | undefined }> {
  const error = await answerOf(call).then(
    () => undefined,
    (thrown: ServiceError) => thrown,
  )
  return { status: error?.status ?? 200, code: error?.problem?.code }
}

describe('authorize', () => {
  it('decides by policies, and by what is lent', async () => {
    expect(await answerOf(pep.POST('/v1/authorize', { body: { subject: ann, ...book } }))).toMatchObject({
      decision: true,
      code: 'matched',
      rules: ['people'],
      delegations: [],
    })
    const ask = () => answerOf(pep.POST('/v1/authorize', { body: { subject: planner, ...book } }))
    expect(await ask()).toMatchObject({ decision: false, status: 'deny', code: 'no_match' })
    const { id } = await lend()
    expect(await ask()).toMatchObject({
      decision: true,
      code: 'delegated',
      delegations: [{ id, grantor: ann, line: [id] }],
    })
  })

  it('asks people for what is under review, unless it is only asked', async () => {
    const purge = { subject: planner, action: { name: 'purge' }, resource: { type: 'record', id: 'r1' } }
    const dry = await answerOf(pep.POST('/v1/authorize', { body: { ...purge, dry_run: true } }))
    expect(dry).toMatchObject({ status: 'review', approvals: [] })
    const asked = await answerOf(pep.POST('/v1/authorize', { body: purge }))
    expect(asked).toMatchObject({
      status: 'review',
      approvals: [{ state: 'pending', expires_at: '2026-05-01T16:00:00.000Z' }],
    })
  })

  it('decides many, in order; what cannot be decided is a denial with its error', async () => {
    const deep = { type: 'agent', id: 'a' }
    const chain = { ...planner, delegation_chain: Array.from({ length: 7 }, (_, i) => ({ ...deep, id: `a${i}` })) }
    const requests = [
      { subject: ann, ...book },
      { subject: chain, ...book },
      { subject: planner, ...book },
    ]
    const { decisions } = await answerOf(pep.POST('/v1/authorize-many', { body: { requests } }))
    expect(decisions.map(({ decision, code }) => [decision, code])).toEqual([
      [true, 'matched'],
      [false, 'E_CHAIN_DEPTH'],
      [false, 'no_match'],
    ])
  })

  it('denies those of many for which no time is left', async () => {
    const turns = testTurns()
    const { as } = await apiUnderTest({
      turns: {
        ...turns,
        now: () => {
          turns.pass(500)
          return turns.now()
        },
      },
    })
    const requests = Array.from({ length: 8 }, () => ({ subject: ann, ...book }))
    const { decisions } = await answerOf(as('pep').POST('/v1/authorize-many', { body: { requests } }))
    const codes = decisions.map(({ code }) => code)
    expect(codes.slice(0, 2)).toEqual(['matched', 'matched'])
    expect(codes.slice(-2)).toEqual(['limit', 'limit'])
    expect(decisions.at(-1)).toMatchObject({
      decision: false,
      status: 'deny',
      reason: expect.stringContaining('2000 ms'),
    })
  })

  it('knows tasks and sessions of its subject, and no others', async () => {
    const expires_at = '2026-05-01T13:00:00Z'
    const task = await answerOf(
      pep.POST('/v1/tasks', { body: { owner: ann, scopes: [{ actions: 'travel:book', on: 'trip' }], expires_at } }),
    )
    const ask = (body: object) => answerOf(pep.POST('/v1/authorize', { body: { subject: ann, ...book, ...body } }))
    expect(await ask({ task: task.id })).toMatchObject({ decision: false, code: 'task_inactive' })
    const params = { path: { id: task.id } }
    await answerOf(pep.POST('/v1/tasks/{id}/start', { params, body: { by: ann } }))
    expect(await ask({ task: task.id })).toMatchObject({ decision: true })
    expect(await ask({ task: task.id, action: { name: 'travel:cancel' } })).toMatchObject({ code: 'outside_task' })
    expect(await ask({ task: task.id, subject: { type: 'user', id: 'mia' } })).toMatchObject({ code: 'task_inactive' })
    const session = await answerOf(pep.POST('/v1/sessions', { body: { subject: ann, roles: ['editor'], expires_at } }))
    const edit = { action: { name: 'edit' }, session: session.id }
    expect(await ask(edit)).toMatchObject({ decision: true })
    expect(await ask({ ...edit, subject: { type: 'user', id: 'mia' } })).toMatchObject({ code: 'session_expired' })
    under.now += 3_600_000
    expect(await ask(edit)).toMatchObject({ code: 'session_expired' })
  })
})

describe('using', () => {
  const cost = { amount: '20.00', unit: 'EUR' }

  it('pays once for one key, and once more for another', async () => {
    await lend({ budget: { amount: '100.00', unit: 'EUR' }, max_uses: 9 })
    const use = (key: string, body: object = {}, client = pep) =>
      client.POST('/v1/authorize-and-consume', {
        params: { header: { 'idempotency-key': key } },
        body: { subject: planner, ...book, cost, ...body },
      })
    const first = await answerOf(use('k1'))
    expect(first).toMatchObject({ decision: true, paid: [{ uses: 8, budget: { amount: '80.00', unit: 'EUR' } }] })
    expect(await answerOf(use('k1'))).toMatchObject({ repeated: true, paid: [{ uses: 8 }] })
    expect(await failure(use('k1', { cost: { amount: '1', unit: 'EUR' } }))).toEqual({
      status: 409,
      code: 'E_IDEMPOTENCY',
    })
    expect((await answerOf(use('k2'))).paid).toMatchObject([{ uses: 7 }])
    // Keys are of one caller.
    const other = await answerOf(use('k1', {}, under.as('pep-2')))
    expect(other.repeated).toBeUndefined()
    expect(other.paid).toMatchObject([{ uses: 6 }])
  })

  it('reserves, and settles for less', async () => {
    const { id } = await lend({ budget: { amount: '100.00', unit: 'EUR' } })
    const held = await answerOf(
      pep.POST('/v1/reservations', { body: { subject: planner, ...book, cost, hold_ms: 60_000 } }),
    )
    const reservation = held.reservation?.id ?? ''
    const params = { path: { id: reservation } }
    expect(held.paid).toMatchObject([{ budget: { amount: '80.00' } }])
    const settle = { by: planner, cost: { amount: '5', unit: 'EUR' } }
    expect(await failure(pep.POST('/v1/reservations/{id}/commit', { params, body: { ...settle, by: ann } }))).toEqual({
      status: 409,
      code: 'E_RESERVATION',
    })
    await answerOf(pep.POST('/v1/reservations/{id}/commit', { params, body: settle }))
    const { budget_left } = await answerOf(
      pep.GET('/v1/delegations/{id}', { params: { path: { id }, query: { by: 'user:ann' } } }),
    )
    expect(budget_left).toEqual({ amount: '95.00', unit: 'EUR' })
    const cancelled = await failure(pep.POST('/v1/reservations/{id}/cancel', { params, body: { by: planner } }))
    expect(cancelled).toEqual({ status: 409, code: 'E_RESERVATION' })
  })

  it('gives back what is cancelled', async () => {
    const { id } = await lend({ max_uses: 1 })
    const body = { subject: planner, ...book, hold_ms: 60_000 }
    const { reservation } = await answerOf(pep.POST('/v1/reservations', { body }))
    expect((await answerOf(pep.POST('/v1/reservations', { body }))).code).toBe('delegation_spent')
    const params = { path: { id: reservation?.id ?? '' } }
    await answerOf(pep.POST('/v1/reservations/{id}/cancel', { params, body: { by: planner } }))
    const query = { by: 'agent:planner' }
    expect(await answerOf(pep.GET('/v1/delegations/{id}', { params: { path: { id }, query } }))).toMatchObject({
      uses_left: 1,
    })
  })
})

describe('lists', () => {
  it('give resources, subjects and actions, in pages', async () => {
    const body = { subject: ann, action: { name: 'travel:book' }, resource: { type: 'trip' }, limit: 1 }
    const first = await answerOf(pep.POST('/v1/list/resources', { body }))
    expect(first.results).toEqual([{ type: 'trip', id: 't1' }])
    const second = await answerOf(pep.POST('/v1/list/resources', { body: { ...body, cursor: first.cursor ?? '' } }))
    expect(second.results).toEqual([{ type: 'trip', id: 't2' }])
    const subjects = { subject: { type: 'user' }, action: { name: 'edit' }, resource: trip }
    expect((await answerOf(pep.POST('/v1/list/subjects', { body: subjects }))).results).toEqual([ann])
    expect(
      (await answerOf(pep.POST('/v1/list/actions', { body: { subject: ann, resource: trip } }))).results,
    ).toContain('edit')
    const foreign = { ...body, subject: planner, cursor: first.cursor ?? '' }
    expect(await failure(pep.POST('/v1/list/resources', { body: foreign }))).toEqual({ status: 400, code: 'E_CURSOR' })
  })
})

describe('explanations', () => {
  it('tell which rules decided, and which would have', async () => {
    const body = { subject: planner, ...book }
    const why = await answerOf(pep.POST('/v1/explain', { body: { ...body, subject: ann } }))
    expect(why.decision).toEqual({ decision: true })
    expect(why.rules).toMatchObject([{ id: 'people', deciding: true, effect: 'allow' }])
    const { nearest } = await answerOf(pep.POST('/v1/why-not', { body: { ...body, limit: 1 } }))
    expect(nearest).toMatchObject([{ id: 'people', missing: [{ outcome: 'false' }], blocked_by: [] }])
  })
})
