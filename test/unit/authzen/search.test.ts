import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../../src/authzen/json.ts'
import { defaultLimits, type Limits } from '../../../src/authzen/limits.ts'
import { createPageTokens } from '../../../src/authzen/page-token.ts'
import { searchActions, searchResources, searchSubjects } from '../../../src/authzen/search.ts'
import { createEngine } from '../../../src/engine/index.ts'
import { createPace } from '../../../src/pace.ts'
import type { PolicyDocument } from '../../../src/policy/document.ts'
import { memorySource } from '../../../src/store/entities/memory.ts'
import { testTurns } from '../../support/turns.ts'

/** 1,000 documents of which every third is open. Ids of one length sort as their numbers do. */
const docs = Array.from({ length: 1000 }, (_, n) => ({
  type: 'doc',
  id: `d${String(n).padStart(3, '0')}`,
  properties: { open: n % 3 === 0 },
}))
const open = docs.filter((doc) => doc.properties.open).map((doc) => doc.id)
const policies: PolicyDocument = {
  version: 1,
  actions: ['read', 'write', 'list'],
  entities: {
    subjects: [
      { type: 'user', id: 'alice', roles: ['member'] },
      { type: 'user', id: 'bob', properties: { team: 'blue' } },
      { type: 'bot', id: 'b1', roles: ['member'] },
    ],
    resources: docs,
  },
  rules: [
    { id: 'open', allow: 'read', on: 'doc', to: { role: 'member' }, when: { 'resource.open': true } },
    { id: 'blue', allow: ['write', 'list'], to: { type: 'user' }, when: { 'subject.team': 'blue' } },
    { id: 'ask', review: 'list', to: { role: 'member' } },
  ],
  roles: { member: [] },
}
const engine = await createEngine({ policies })
const source = memorySource(engine)
const tokens = createPageTokens(new Uint8Array(32))
const options = { now: 0, limits: defaultLimits, tokens }
const within = (limits: Partial<Limits>) => ({ now: 0, limits: { ...defaultLimits, ...limits }, tokens })
const alice = { type: 'user', id: 'alice' }
const readDocs = { subject: alice, action: { name: 'read' }, resource: { type: 'doc' } }

/** Follows the tokens from a first request to the end. */
async function allPages(body: JsonObject, limits: Partial<Limits> = {}): Promise<string[][]> {
  const pages: string[][] = []
  let token: string | undefined
  do {
    const page = token === undefined ? body.page : { token }
    const answer = await searchResources(engine, source, { ...body, page }, within(limits))
    pages.push(answer.results.map((result) => result.id))
    token = answer.page?.next_token
  } while (token)
  return pages
}

describe('search', () => {
  it('finds subjects, resources and actions', async () => {
    const doc = { type: 'doc', id: 'd000' }
    expect(
      await searchSubjects(engine, source, { ...readDocs, subject: { type: 'user' }, resource: doc }, options),
    ).toEqual({
      results: [alice],
    })
    expect(await searchActions(engine, { subject: alice, resource: doc }, options)).toEqual({
      results: [{ name: 'read' }],
    })
    expect(await searchActions(engine, { subject: { type: 'user', id: 'bob' }, resource: doc }, options)).toEqual({
      results: [{ name: 'list' }, { name: 'write' }],
    })
    const found = await searchResources(engine, source, readDocs, options)
    expect(found.results.map((result) => result.id)).toEqual(open)
    expect(found).not.toHaveProperty('page')
  })

  it('gives only what an evaluation then allows', async () => {
    const { results } = await searchResources(engine, source, readDocs, options)
    for (const resource of results) {
      expect(engine.evaluate({ subject: alice, action: { name: 'read' }, resource }).decision).toBe(true)
    }
  })

  it('ignores the id of the searched entity, and reads the properties given for it as an evaluation does', async () => {
    const all = await searchResources(engine, source, readDocs, options)
    const withId = { ...readDocs, resource: { type: 'doc', id: 'd001' } }
    expect(await searchResources(engine, source, withId, options)).toEqual(all)
    expect(await searchResources(engine, source, { ...readDocs, resource: { type: 'doc', id: 7 } }, options)).toEqual(
      all,
    )
    const claimed = { ...readDocs, resource: { type: 'doc', properties: { open: true } } }
    expect((await searchResources(engine, source, claimed, options)).results).toHaveLength(docs.length)
    const ignored = { subject: alice, resource: { type: 'doc', id: 'd000' }, action: 'not even an object' }
    expect((await searchActions(engine, ignored, options)).results).toEqual([{ name: 'read' }])
  })

  it('follows relations: a member of a group that may see a document is found', async () => {
    const related = await createEngine({
      policies: {
        version: 1,
        entities: {
          subjects: ['ann', 'bob', 'cleo'].map((id) => ({ type: 'user', id })),
          resources: ['d1', 'd2'].map((id) => ({ type: 'doc', id })),
        },
        relations: { user: {}, group: { member: ['user', 'group#member'] }, doc: { viewer: ['user', 'group#member'] } },
        rules: [{ id: 'viewers', allow: 'read', on: 'doc', to: { relation: 'viewer' } }],
      },
    })
    related.relations.add(['group:inner#member@user:ann', 'group:outer#member@group:inner#member'])
    related.relations.add(['doc:d1#viewer@group:outer#member', 'doc:d1#viewer@user:cleo'])
    const of = memorySource(related)
    const users = { subject: { type: 'user' }, action: { name: 'read' }, resource: { type: 'doc', id: 'd1' } }
    const found = await searchSubjects(related, of, users, options)
    expect(found.results.map(({ id }) => id)).toEqual(['ann', 'cleo'])
    const docs = { subject: { type: 'user', id: 'ann' }, action: { name: 'read' }, resource: { type: 'doc' } }
    expect((await searchResources(related, of, docs, options)).results).toEqual([{ type: 'doc', id: 'd1' }])
  })

  it('puts the page first', async () => {
    const answer = await searchResources(engine, source, { ...readDocs, page: { limit: 1 } }, options)
    expect(Object.keys(answer)).toEqual(['page', 'results'])
  })

  it('finds nothing where nothing is known, or in another tenant', async () => {
    const none = { results: [] }
    expect(await searchResources(engine, source, { ...readDocs, resource: { type: 'spaceship' } }, options)).toEqual(
      none,
    )
    expect(await searchResources(engine, source, { ...readDocs, subject: { type: 'user', id: 'x' } }, options)).toEqual(
      none,
    )
    expect(await searchResources(engine, source, { ...readDocs, tenant: 'other' }, options)).toEqual(none)
    expect(
      await searchResources(engine, source, { ...readDocs, resource: { type: 'spaceship' }, page: {} }, options),
    ).toEqual({
      page: { next_token: '', count: 0 },
      results: [],
    })
  })

  it.each([
    [{ action: { name: 'read' }, resource: { type: 'doc' } }, 'subject is missing'],
    [{ ...readDocs, subject: { type: 'user' } }, 'subject.id is missing'],
    [{ ...readDocs, resource: {} }, 'resource.type is missing'],
    [{ subject: alice, resource: { type: 'doc' } }, 'action is missing'],
    [{ ...readDocs, page: 1 }, 'page is a number'],
    [{ ...readDocs, page: { token: '' } }, 'page.token does not belong'],
  ])('refuses %j', async (body, message) => {
    await expect(searchResources(engine, source, body, options)).rejects.toThrow(message)
  })
})

describe('pages', () => {
  it.each([1, 7, 333, 334, 335, 1000])('of %i cover the results once, in order', async (limit) => {
    const pages = await allPages({ ...readDocs, page: { limit } })
    expect(pages.flat()).toEqual(open)
    expect(pages).toHaveLength(Math.ceil(open.length / limit))
    for (const page of pages) expect(page.length).toBeLessThanOrEqual(limit)
  })

  it('are made without being asked for when there are too many results', async () => {
    const first = await searchResources(engine, source, readDocs, within({ page: 100 }))
    expect(first.page?.count).toBe(100)
    expect((await allPages(readDocs, { page: 100 })).flat()).toEqual(open)
    expect((await allPages({ ...readDocs, page: { limit: 5000 } }, { page: 100 })).map((page) => page.length)).toEqual([
      100, 100, 100, 34,
    ])
  })

  it('end early when too many candidates had to be looked at', async () => {
    const pages = await allPages(readDocs, { scan: 10 })
    expect(pages.flat()).toEqual(open)
    expect(pages).toHaveLength(100)
  })

  it.each([
    [1, 5],
    [20, 100],
    [300, 1000],
  ])('end early when deciding takes too long: of %i ms each there are %i', async (each, many) => {
    const turns = testTurns()
    const slow = {
      tenant: engine.tenant,
      image: engine.image,
      evaluateMany: (...[requests, call]: Parameters<typeof engine.evaluateMany>) => {
        turns.pass(requests.length * each)
        return engine.evaluateMany(requests, call)
      },
    } as typeof engine
    const found: string[] = []
    let pages = 0
    let token: string | undefined
    do {
      const body = { ...readDocs, ...(token !== undefined && { page: { token } }) }
      const answer = await searchResources(slow, source, body, { ...options, pace: createPace(turns, 200) })
      found.push(...answer.results.map(({ id }) => id))
      token = answer.page?.next_token
      pages++
    } while (token)
    expect(found).toEqual(open)
    expect(pages).toBe(many)
    expect(turns.asked).toBeGreaterThanOrEqual(pages)
  })

  it('end early where profiles have a say, too', async () => {
    const turns = testTurns()
    const decide = (request: Parameters<typeof engine.evaluate>[0]) => {
      turns.pass(1)
      return { decision: engine.evaluate(request).decision }
    }
    const answer = await searchResources(engine, source, readDocs, {
      ...options,
      decide,
      pace: createPace(turns, 200),
    })
    expect(answer.page).toEqual({ next_token: expect.stringMatching(/./), count: answer.results.length })
    expect(answer.results.map(({ id }) => id)).toEqual(open.slice(0, 67))
  })

  it('of 0 results are empty and tell whether there are any', async () => {
    const ask = (body: JsonObject) => searchResources(engine, source, { ...body, page: { limit: 0 } }, options)
    expect(await ask(readDocs)).toEqual({ page: { next_token: expect.stringMatching(/./), count: 0 }, results: [] })
    expect(await ask({ ...readDocs, action: { name: 'write' } })).toEqual({
      page: { next_token: '', count: 0 },
      results: [],
    })
  })

  it('need the same query, whatever the order of its names', async () => {
    const first = await searchResources(engine, source, { ...readDocs, page: { limit: 2 } }, options)
    const token = first.page?.next_token
    const next = (body: JsonObject) => searchResources(engine, source, { ...body, page: { token } }, options)
    const { subject, action, resource } = readDocs
    expect((await next({ resource, action, subject: { id: subject.id, type: subject.type } })).results).toEqual([
      { type: 'doc', id: open[2] },
      { type: 'doc', id: open[3] },
    ])
    const again = { ...readDocs, page: { token, limit: 2 } }
    expect((await searchResources(engine, source, again, options)).results).toHaveLength(2)
    for (const other of [
      { ...readDocs, subject: { type: 'bot', id: 'b1' } },
      { ...readDocs, action: { name: 'write' } },
      { ...readDocs, resource: { type: 'doc', properties: {} } },
      { ...readDocs, context: {} },
    ]) {
      await expect(next(other)).rejects.toThrow('page.token does not belong to this query')
    }
    const changed = { ...readDocs, page: { token, limit: 3 } }
    await expect(searchResources(engine, source, changed, options)).rejects.toThrow('page.limit was 2')
    await expect(
      searchSubjects(engine, source, { ...readDocs, resource: docs[0], page: { token } }, options),
    ).rejects.toThrow('page.token does not belong')
  })

  it('remember the limit that was asked for, where a page may not have so many results', async () => {
    const few = within({ page: 1, scan: 100 })
    const first = await searchResources(engine, source, { ...readDocs, page: { limit: 2 } }, few)
    expect(first.results).toHaveLength(1)
    const next = (limit: number) =>
      searchResources(engine, source, { ...readDocs, page: { token: first.page!.next_token, limit } }, few)
    expect((await next(2)).results).toHaveLength(1)
    await expect(next(3)).rejects.toThrow('page.limit was 2')
  })

  it('name no candidate that the caller may not see', async () => {
    // After d000 the next open one is d003: the page ends behind d001 or d002, which are closed.
    const first = await searchResources(engine, source, { ...readDocs, page: { limit: 1 } }, options)
    const token = first.page?.next_token ?? ''
    expect(Buffer.from(token, 'base64url').toString('latin1')).not.toMatch(/d00\d/)
    const longer = await searchResources(engine, source, { ...readDocs, page: {} }, within({ page: 1, scan: 2 }))
    expect(Buffer.from(longer.page?.next_token ?? '', 'base64url').toString('latin1')).not.toMatch(/d00\d/)
  })

  it('do not go on under other policies', async () => {
    const changing = await createEngine({ policies })
    const candidates = memorySource(changing)
    const first = await searchResources(changing, candidates, { ...readDocs, page: { limit: 2 } }, options)
    const rest = { ...readDocs, page: { token: first.page?.next_token } }
    await changing.replacePolicies({ ...policies, actions: ['read', 'write', 'list', 'print'] })
    await expect(searchResources(changing, candidates, rest, options)).rejects.toThrow('these policies')
  })
})
