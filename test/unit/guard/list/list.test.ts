/** Lists of what is authorized: the same answers as one by one, in pages, with cursors that belong to their query. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createEngine } from '../../../../src/engine/index.ts'
import { createGuard, type GuardOptions, listedCandidates } from '../../../../src/guard/index.ts'
import { listedCandidates as listed, unionOf } from '../../../../src/guard/list/candidate.ts'
import { Cursors } from '../../../../src/guard/list/cursor.ts'
import { createPace } from '../../../../src/pace.ts'
import type { PolicyDocument } from '../../../../src/policy/document.ts'
import { memoryStore } from '../../../../src/store/memory/index.ts'
import { testTurns } from '../../../support/turns.ts'
import { codeOf, hour, start, user } from '../approval/support.ts'

const policies: PolicyDocument = {
  version: 1,
  tenant: 'acme',
  relations: { user: {}, doc: { viewer: ['user', 'user:*'], banned: ['user'] } },
  entities: {
    subjects: [
      { type: 'user', id: 'ann', roles: ['editor'] },
      { type: 'user', id: 'bob' },
    ],
    resources: Array.from({ length: 30 }, (_, i) => ({
      type: 'doc',
      id: `d${String(i).padStart(2, '0')}`,
      properties: { open: i % 3 === 0, secret: i % 2 === 0, reviewed: i === 9 },
    })),
    tuples: ['doc:t1#viewer@user:ann', 'doc:t2#viewer@user:ann', 'doc:t2#banned@user:ann', 'doc:d01#viewer@user:*'],
  },
  rules: [
    { id: 'open', allow: 'read', on: 'doc', when: { 'resource.open': { eq: true, otherwise: false } } },
    { id: 'viewers', allow: 'read', on: 'doc', to: { relation: 'viewer' } },
    { id: 'banned', deny: 'read', on: 'doc', to: { relation: 'banned' } },
    { id: 'secret', deny: 'read', on: 'doc', when: { 'resource.secret': { eq: true, otherwise: false } } },
    {
      id: 'reviewed',
      review: 'read',
      on: 'doc',
      when: { 'resource.reviewed': { eq: true, otherwise: false } },
      approval: { by: 'user:bob' },
    },
    { id: 'edit', allow: ['write', 'share'], on: 'doc', to: { role: 'editor' } },
    { id: 'lend', allow: 'delegate', to: { type: 'user' } },
  ],
}
const ann = user('ann')
const read = { subject: ann, action: { name: 'read' }, resource: { type: 'doc' } }

async function make(options: Partial<GuardOptions> = {}) {
  const random = (length: number) => crypto.getRandomValues(new Uint8Array(length))
  const engine = await createEngine({ policies })
  return createGuard({ engine, store: memoryStore(), clock: () => start, random, ...options })
}

/** All pages together. */
async function all<R>(
  page: (cursor: string | undefined) => Promise<{ results: readonly R[]; cursor?: string }>,
): Promise<R[]> {
  const found: R[] = []
  let cursor: string | undefined
  do {
    const next = await page(cursor)
    found.push(...next.results)
    cursor = next.cursor
  } while (cursor !== undefined)
  return found
}

const from = (cursor: string | undefined) => (cursor === undefined ? {} : { cursor })

describe('what tuples with conditions lead to', () => {
  const conditional: PolicyDocument = {
    version: 1,
    tenant: 'acme',
    relations: {
      user: {},
      group: { member: ['user with open', 'user'] },
      doc: { banned: ['user with open'], viewer: ['user with open', 'user with late', 'user', 'group#member'] },
    },
    conditions: {
      open: { 'context.ip': { ip_in_cidr: '10.0.0.0/8' } },
      late: { 'context.hour': { gte: 18 } },
    },
    entities: {
      tuples: [
        { object: 'doc:1', relation: 'viewer', subject: 'user:ann', condition: { name: 'open', context: {} } },
        { object: 'doc:2', relation: 'viewer', subject: 'user:ann', condition: { name: 'late', context: {} } },
        'doc:3#viewer@user:ann',
        'doc:4#viewer@group:eng#member',
        { object: 'doc:3', relation: 'banned', subject: 'user:ann', condition: { name: 'open', context: {} } },
        { object: 'group:eng', relation: 'member', subject: 'user:ann', condition: { name: 'open', context: {} } },
        'group:eng#member@user:bob',
      ],
    },
    rules: [
      { id: 'viewers', allow: 'read', on: 'doc', to: { relation: 'viewer' } },
      { id: 'banned', deny: 'read', on: 'doc', to: { relation: 'banned' } },
    ],
  }
  const contexts = [{ ip: '10.1.1.1', hour: 20 }, { ip: '10.1.1.1', hour: 9 }, { ip: '11.0.0.1', hour: 20 }, {}]

  test.each(contexts)('is what would be allowed, in %o', async (context) => {
    const guard = await make({ engine: await createEngine({ policies: conditional }) })
    const action = { name: 'read' }
    const ids = { doc: ['1', '2', '3', '4', '5'], user: ['ann', 'bob', 'cyd'] }
    const mayRead = async (subject: object, resource: object) =>
      (await guard.authorize({ subject, action, resource, context } as never, { dryRun: true })).decision
    for (const id of ids.user) {
      const subject = { type: 'user', id }
      const want: string[] = []
      for (const doc of ids.doc) if (await mayRead(subject, { type: 'doc', id: doc })) want.push(doc)
      const { results } = await guard.listAuthorized({ subject, action, resource: { type: 'doc' }, context })
      expect(results.map((one) => one.id)).toEqual(want)
    }
    for (const id of ids.doc) {
      const resource = { type: 'doc', id }
      const want: string[] = []
      for (const one of ids.user) if (await mayRead({ type: 'user', id: one }, resource)) want.push(one)
      const { results } = await guard.listSubjects({ subject: { type: 'user' }, action, resource, context })
      expect(results.map((one) => one.id)).toEqual(want)
    }
  })
})

test('resources: allowed ones, denies first, without what waits for an approval, from every source', async () => {
  const guard = await make()
  const expected = ['d01', 'd03', 'd15', 'd21', 'd27', 't1']
  for (const limit of [1, 2, 5, 6, 7, 100]) {
    const found = await all((cursor) => guard.listAuthorized(read, { limit, ...from(cursor) }))
    expect(found.map(({ id }) => id)).toEqual(expected)
  }
  const { approvals } = await guard.authorize({ ...read, resource: { type: 'doc', id: 'd09' } })
  await guard.approvals.approve(approvals[0]?.id ?? '', user('bob'))
  // The properties of what was approved are those that the policies know; so the request is the same.
  expect((await guard.listAuthorized(read)).results.map(({ id }) => id)).toEqual([
    'd01',
    'd03',
    'd09',
    'd15',
    'd21',
    'd27',
    't1',
  ])
  expect((await guard.listAuthorized(read)).results.map(({ id }) => id)).toContain('d09')
})

test('a page ends when its time is up, and the next one goes on', async () => {
  const turns = testTurns()
  const seen: string[] = []
  const slow = await createEngine({ policies })
  const evaluate = slow.evaluate.bind(slow)
  slow.evaluate = (...asked) => {
    turns.pass(30)
    seen.push(asked[0].resource.id)
    return evaluate(...asked)
  }
  const guard = await make({ engine: slow })
  let pages = 0
  const found = await all((cursor) => {
    pages++
    return guard.listAuthorized(read, { pace: createPace(turns, 100), ...from(cursor) })
  })
  expect(found.map(({ id }) => id)).toEqual(['d01', 'd03', 'd15', 'd21', 'd27', 't1'])
  expect(pages).toBe(Math.ceil(seen.length / 4))
})

test('subjects and actions', async () => {
  const guard = await make()
  const resource = { type: 'doc', id: 't1' }
  const subjects = { subject: { type: 'user' }, action: { name: 'read' }, resource }
  expect(await guard.listSubjects(subjects)).toEqual({ results: [{ type: 'user', id: 'ann' }] })
  const everybody = await guard.listSubjects({ ...subjects, resource: { type: 'doc', id: 'd01' } }, { limit: 1 })
  expect(everybody.results).toEqual([{ type: 'user', id: 'ann' }])
  expect(await guard.listActions({ subject: ann, resource })).toEqual({
    results: ['delegate', 'read', 'share', 'write'],
  })
  expect(await guard.listActions({ subject: user('bob'), resource })).toEqual({ results: ['delegate'] })
})

test('what is lent is listed, also where only the delegation knows of it', async () => {
  const guard = await make()
  const terms = { by: ann, grantor: ann, scopes: [{ actions: 'read', on: { type: 'doc', id: ['t1', 'd00'] } }] }
  const bot = { type: 'agent', id: 'bot' }
  const query = { ...read, subject: bot }
  expect((await guard.listAuthorized(query)).results.map(({ id }) => id)).toEqual(['d03', 'd15', 'd21', 'd27'])
  expect(await codeOf(guard.delegations.create({ ...terms, grantee: bot }))).toBe('E_DELEGATION_GRANTOR')
  const { id } = await guard.delegations.create({
    ...terms,
    scopes: [{ actions: 'read', on: { type: 'doc', id: 't1' } }],
    grantee: bot,
  })
  expect((await guard.listAuthorized(query)).results.map((one) => one.id)).toEqual(['d03', 'd15', 'd21', 'd27', 't1'])
  await guard.delegations.revoke(id, { by: ann })
  expect((await guard.listAuthorized(query)).results.map((one) => one.id)).toEqual(['d03', 'd15', 'd21', 'd27'])
})

test('sessions, tasks and limits hold for lists, too', async () => {
  const guard = await make({ limits: [{ name: 'reads', actions: 'read', per: 'subject', over: 'ever', denyAbove: 1 }] })
  const { id } = await guard.tasks.create({
    owner: ann,
    scopes: [{ actions: 'read', on: { id: 'd2*' } }],
    expiresAt: start + hour,
  })
  await guard.tasks.start(id)
  expect((await guard.listAuthorized(read, { task: id })).results.map((one) => one.id)).toEqual(['d21', 'd27'])
  expect((await guard.listAuthorized(read, { session: 'ses_x' })).results).toEqual([])
  await guard.authorize({ ...read, resource: { type: 'doc', id: 't1' } })
  expect((await guard.listAuthorized(read)).results).toEqual([])
})

describe('a cursor', () => {
  test('goes on in another process over the same store', async () => {
    const cursorKey = crypto.getRandomValues(new Uint8Array(32))
    const [one, other] = [await make({ lists: { cursorKey } }), await make({ lists: { cursorKey } })]
    const { results, cursor = '' } = await one.listAuthorized(read, { limit: 2 })
    const next = await other.listAuthorized(read, { limit: 2, cursor })
    expect([...results, ...next.results].map(({ id }) => id)).toEqual(['d01', 'd03', 'd15', 'd21'])
    const stranger = await make({ lists: { cursorKey: crypto.getRandomValues(new Uint8Array(32)) } })
    expect(await codeOf(stranger.listAuthorized(read, { cursor }))).toBe('E_CURSOR')
    const keyless = await make()
    expect(await codeOf(keyless.listAuthorized(read, { cursor }))).toBe('E_CURSOR')
  })
  test.each([[undefined], [new Uint8Array(32).fill(7)]])(
    'belongs to its query and policies (%#)',
    async (cursorKey) => {
      const guard = await make({ lists: cursorKey === undefined ? {} : { cursorKey } })
      const { cursor = '' } = await guard.listAuthorized(read, { limit: 2 })
      const wrong = [
        guard.listAuthorized({ ...read, action: { name: 'write' } }, { cursor }),
        guard.listAuthorized({ ...read, subject: user('bob') }, { cursor }),
        guard.listAuthorized({ ...read, context: { a: 1 } }, { cursor }),
        guard.listAuthorized(read, { cursor, stable: true }),
        guard.listActions({ subject: ann, resource: { type: 'doc', id: 't1' } }, { cursor }),
        guard.listAuthorized(read, { cursor: `${cursor}A` }),
        guard.listAuthorized(read, { cursor: '' }),
        guard.listAuthorized(read, { cursor: '.' }),
        guard.listAuthorized(read, { cursor: cursor.replace('.', '.A') }),
        ...Array.from({ length: cursor.length }, (_, i) =>
          guard.listAuthorized(read, {
            cursor: cursor.slice(0, i) + (cursor[i] === 'A' ? 'B' : 'A') + cursor.slice(i + 1),
          }),
        ),
      ]
      // The last character of each part holds bits that mean nothing: changed, it is still refused, as the text is sealed.
      expect(new Set(await Promise.all(wrong.map(codeOf)))).toEqual(new Set(['E_CURSOR']))
      await guard.engine.replacePolicies({
        ...policies,
        description: 'other',
        rules: [...(policies.rules ?? []), { id: 'x', allow: 'x' }],
      })
      expect(await codeOf(guard.listAuthorized(read, { cursor }))).toBe('E_CURSOR')
    },
  )
  test('of a stable list is refused when something was written', async () => {
    const guard = await make()
    const first = await guard.listAuthorized(read, { limit: 2, stable: true })
    const second = await guard.listAuthorized(read, { limit: 2, stable: true, ...from(first.cursor) })
    expect(second.results).toHaveLength(2)
    await guard.tasks.create({ owner: ann, scopes: [{ actions: 'read' }], expiresAt: start + hour })
    expect(await codeOf(guard.listAuthorized(read, { stable: true, ...from(second.cursor) }))).toBe('E_CURSOR')
    const open = await guard.listAuthorized(read, { limit: 2 })
    await guard.tasks.create({ owner: ann, scopes: [{ actions: 'read' }], expiresAt: start + hour })
    expect((await guard.listAuthorized(read, { limit: 2, ...from(open.cursor) })).results).toHaveLength(2)
  })
  test('needs a long key, and a limit is a number', async () => {
    expect(await codeOf(make({ lists: { cursorKey: new Uint8Array(31) } }))).toBe('E_USAGE')
    expect(await codeOf((await make()).listAuthorized(read, { limit: 0 }))).toBe('E_USAGE')
  })
  test('sealed is what is opened, whatever it says', async () => {
    const cursors = new Cursors(undefined)
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary' }), fc.option(fc.maxSafeNat()), async (after, revision) => {
        const position = revision === null ? { after } : { after, revision }
        expect(await cursors.read(['b'], await cursors.issue(['b'], position))).toEqual(position)
      }),
      { numRuns: 100 },
    )
  })
})

test('pages stop at so many candidates, and go on', async () => {
  const candidates = [
    listedCandidates(
      Array.from({ length: 700 }, (_, i) => ({ type: 'doc', id: `n${i}`, properties: { open: i === 699 } })),
    ),
  ]
  const guard = await make({ lists: { candidates, scan: 300 } })
  const first = await guard.listAuthorized(read)
  expect(first).toEqual({ results: [], cursor: expect.any(String) })
  expect(await all((cursor) => guard.listAuthorized(read, from(cursor)))).toEqual([{ type: 'doc', id: 'n699' }])
})

test('a union is every candidate once, in order, whatever the pages', async () => {
  const ids = fc.uniqueArray(
    fc.string({ unit: fc.constantFrom('a', 'b', 'Z', '\u{1F600}', '\uFFFD'), minLength: 1, maxLength: 4 }),
  )
  await fc.assert(
    fc.asyncProperty(fc.array(ids, { maxLength: 4 }), fc.integer({ min: 1, max: 5 }), async (lists, limit) => {
      const source = unionOf(lists.map((list) => listed(list.map((id) => ({ type: 'doc', id })))))
      const found: string[] = []
      let after: string | undefined
      while (true) {
        const query = {
          kind: 'resource',
          type: 'doc',
          other: ann,
          limit,
          ...(after !== undefined && { after }),
        } as const
        const { candidates, more } = await source.list(query)
        found.push(...candidates.map(({ id }) => id))
        after = found.at(-1)
        if (!more) break
        expect(candidates.length).toBeGreaterThan(0)
      }
      const sorted = [...new Set(lists.flat())].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
      expect(found).toEqual(sorted)
    }),
  )
})
