/** Sessions and tasks are made once for one key, whoever else asks. */
import { describe, expect, it } from 'vitest'
import { answerOf, type Client, type ServiceError } from '../../../src/client/index.ts'
import { apiUnderTest, start } from './support.ts'

const ann = { type: 'user', id: 'ann' }
const mia = { type: 'user', id: 'mia' }
const expires_at = '2026-05-01T13:00:00Z'
const session = { subject: ann, roles: ['editor'], expires_at }
const scopes = [{ actions: 'travel:*', on: 'trip' }]
const task = { owner: ann, scopes, expires_at, title: 'Rome' }

const keyed = (key: string) => ({ header: { 'idempotency-key': key } })

type Made = Promise<{ data?: { id: string; state: string }; error?: object; response: Response }>

interface Kind {
  make(client: Client, key: string, more?: object): Made
  end(client: Client, id: string): Made
  /** What makes it another call. */
  readonly others: readonly object[]
  owner(subject: object): object
  readonly ended: string
}

/** The two operations, by what they make. */
const kinds: Readonly<Record<'session' | 'task', Kind>> = {
  session: {
    make: (client, key, more = {}) =>
      client.POST('/v1/sessions', { params: keyed(key), body: { ...session, ...more } }),
    end: (client, id) => client.POST('/v1/sessions/{id}/end', { params: { path: { id } }, body: { by: ann } }),
    others: [{ expires_at: '2026-05-01T13:30:00Z' }, { roles: ['manager'] }, { on: { type: 'trip', id: 't1' } }],
    owner: (subject) => ({ subject }),
    ended: 'ended',
  },
  task: {
    make: (client, key, more = {}) => client.POST('/v1/tasks', { params: keyed(key), body: { ...task, ...more } }),
    end: (client, id) => client.POST('/v1/tasks/{id}/cancel', { params: { path: { id } }, body: { by: ann } }),
    others: [{ expires_at: '2026-05-01T13:30:00Z' }, { title: 'Oslo' }, { scopes: [{ actions: '*', on: 'trip' }] }],
    owner: (owner) => ({ owner }),
    ended: 'cancelled',
  },
}

describe.each(['session', 'task'] as const)('a %s', (kind) => {
  const { make, end, others, owner, ended } = kinds[kind]

  it('is made once for one key, and answered the same', async () => {
    const under = await apiUnderTest()
    const first = await make(under.as('pep'), 'k')
    expect(first.response.status).toBe(201)
    const again = await make(under.as('pep'), 'k')
    expect([again.response.status, again.data]).toEqual([201, first.data])
    expect(again.response.headers.get('location')).toBe(first.response.headers.get('location'))
    expect((await answerOf(make(under.as('pep'), 'other'))).id).not.toBe(first.data?.id)
  })

  it('is not made of other terms under the same key: 409', async () => {
    const under = await apiUnderTest()
    await answerOf(make(under.as('pep'), 'k'))
    for (const other of others) {
      const error: ServiceError = await answerOf(make(under.as('pep'), 'k', other)).catch((error) => error)
      expect([error.status, error.problem?.code], JSON.stringify(other)).toEqual([409, 'E_IDEMPOTENCY'])
    }
  })

  it('is told as it is now, also when its time has come since', async () => {
    const under = await apiUnderTest()
    const pep = under.as('pep')
    const { id } = await answerOf(make(pep, 'k'))
    await answerOf(end(pep, id))
    expect(await answerOf(make(pep, 'k'))).toMatchObject({ id, state: ended })
    const { id: late } = await answerOf(make(pep, 'late'))
    under.now = start + 2 * 3_600_000
    expect(await answerOf(make(pep, 'late'))).toMatchObject({ id: late, state: 'expired' })
    // Without that key it is too late.
    expect((await make(pep, 'new')).response.status).toBe(400)
  })

  it('is of its caller, its subject and its tenant', async () => {
    const under = await apiUnderTest()
    const made = [
      make(under.as('pep'), 'k'),
      make(under.as('pep-2'), 'k'),
      make(under.as('user-ann'), 'k'),
      make(under.as('pep', 'acme'), 'k'),
      make(under.as('pep'), 'k', { ...owner(mia), ...(kind === 'session' && { roles: ['manager'] }) }),
    ]
    const ids = (await Promise.all(made.map((one) => answerOf(one)))).map(({ id }) => id)
    expect(new Set(ids).size).toBe(made.length)
  })

  it('that was refused leaves nothing behind: the key is good for what is right', async () => {
    const under = await apiUnderTest()
    const past = { expires_at: '2020-01-01T00:00:00Z' }
    expect((await make(under.as('pep'), 'k', past)).response.status).toBe(400)
    expect((await make(under.as('pep'), 'k')).response.status).toBe(201)
  })

  it('is one, however many ask at the same time', async () => {
    const under = await apiUnderTest()
    const made = await Promise.all(Array.from({ length: 8 }, () => answerOf(make(under.as('pep'), 'k'))))
    expect(new Set(made.map(({ id }) => id)).size).toBe(1)
  })
})

it('a key is of a caller by type and id', async () => {
  const { as } = await apiUnderTest()
  const { make } = kinds.session
  const [service, user] = [await answerOf(make(as('pep'), 'k')), await answerOf(make(as('user/pep'), 'k'))]
  expect(user.id).not.toBe(service.id)
  expect(await answerOf(make(as('user/pep'), 'k'))).toEqual(user)
})

it('a session is not begun anew because its subject was read anew', async () => {
  const { as } = await apiUnderTest()
  const { make } = kinds.session
  const first = await answerOf(make(as('pep'), 'k', { subject: { ...ann, properties: { seen: 1 } } }))
  expect(await answerOf(make(as('pep'), 'k', { subject: { ...ann, properties: { seen: 2 } } }))).toEqual(first)
})

it('what takes no key refuses it', async () => {
  const { app } = await apiUnderTest()
  const response = await app.request('/v1/tasks/x/start', {
    method: 'POST',
    headers: { 'X-Caller': 'pep', 'Content-Type': 'application/json', 'Idempotency-Key': 'k' },
    body: '{}',
  })
  expect([response.status, (await response.json()).code]).toEqual([400, 'E_REQUEST'])
})
