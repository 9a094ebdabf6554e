/** The engine of sallyport/edge: it decides as the whole one does; what it leaves out is there as functions. */
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { loadEngine } from '../../../src/engine/edge.ts'
import { explain, whyNot } from '../../../src/engine/explanations.ts'
import { createEngine } from '../../../src/engine/index.ts'
import { relationsOf } from '../../../src/engine/relations/of-engine.ts'
import type { AccessRequest, DecisionEngine, PolicyInput } from '../../../src/engine/types.ts'
import type { PolicyDocument } from '../../../src/policy/document.ts'
import { failureOf } from './support.ts'

interface Case {
  readonly policies: string
  readonly request: AccessRequest
  readonly now?: number
  readonly untrusted?: readonly string[]
}

/** What every runtime decides, too; test/runtimes. */
const recorded: { readonly policies: Readonly<Record<string, PolicyInput>>; readonly cases: readonly Case[] } =
  JSON.parse(readFileSync(new URL('../../runtimes/cases.json', import.meta.url), 'utf8'))

const shared: PolicyDocument = {
  version: 1,
  relations: { user: {}, doc: { owner: ['user'], viewer: { any: [['user'], 'owner'] } } },
  entities: { tuples: ['doc:1#owner@user:ann'] },
  rules: [{ id: 'view', allow: 'view', on: 'doc', to: { relation: 'viewer' } }],
}

const view = (who: string): AccessRequest => ({
  subject: { type: 'user', id: who },
  action: { name: 'view' },
  resource: { type: 'doc', id: '1' },
})

describe.each(Object.entries(recorded.policies))('the image of %s', (name, policies) => {
  const own = recorded.cases.filter((each) => each.policies === name)

  test(`${own.length} requests are decided and explained as by the whole engine`, async () => {
    const whole = await createEngine({ policies })
    const edge = await loadEngine(whole.image.bytes)
    const answer = (engine: DecisionEngine, { request, now, untrusted }: Case) => {
      const body = new TextEncoder().encode(JSON.stringify(request))
      try {
        return engine.evaluateJson(body, { ...(now !== undefined && { now }), ...(untrusted && { untrusted }) })
      } catch (error) {
        return error
      }
    }
    for (const one of own) {
      const { request, now, untrusted } = one
      const options = { ...(now !== undefined && { now }), ...(untrusted && { untrusted }) }
      expect(edge.evaluate(request, options)).toEqual(whole.evaluate(request, options))
      expect(answer(edge, one)).toEqual(answer(whole, one))
      expect(explain(edge, request, options)).toEqual(whole.explain(request, options))
      expect(whyNot(edge, request, options)).toEqual(whole.whyNot(request, options))
      expect(edge.rolesOf(request, options)).toEqual(whole.rolesOf(request, options))
    }
    const all = own.map(({ request }) => request)
    expect(edge.evaluateMany(all)).toEqual(whole.evaluateMany(all))
    expect([edge.tenant, edge.image.id, edge.actions(), edge.entityTypes('subject')]).toEqual([
      whole.tenant,
      whole.image.id,
      whole.actions(),
      whole.entityTypes('subject'),
    ])
  })
})

describe('tuples at the edge', () => {
  const open = async (tuples?: Iterable<string>) =>
    loadEngine((await createEngine({ policies: shared })).image.bytes, tuples)

  test('are those of the image, those given, and those added', async () => {
    const engine = await open(['doc:1#viewer@user:bob'])
    const ask = (who: string) => engine.evaluate(view(who)).status
    expect([ask('ann'), ask('bob'), ask('eve')]).toEqual(['allow', 'allow', 'deny'])
    engine.relations.add('doc:1#viewer@user:eve')
    engine.relations.remove('doc:1#viewer@user:bob')
    expect([ask('ann'), ask('bob'), ask('eve'), engine.relations.size]).toEqual(['allow', 'deny', 'allow', 2])
    expect(engine.relations.has('doc:1#viewer@user:eve')).toBe(true)
  })

  test('are asked about by relationsOf', async () => {
    const engine = await open()
    const relations = relationsOf(engine)
    expect(relations.check({ subject: 'user:ann', relation: 'viewer', object: 'doc:1' }).allowed).toBe(true)
    expect(relations.listSubjects({ object: 'doc:1', relation: 'viewer', type: 'user' })).toEqual(['user:ann'])
    relations.add('doc:2#viewer@user:ann')
    expect(relations.listObjects({ subject: 'user:ann', relation: 'viewer', type: 'doc' })).toEqual(['doc:1', 'doc:2'])
    expect(engine.relations.size).toBe(2)
    const whole = await createEngine({ policies: shared })
    expect(relationsOf(whole)).toBe(whole.relations)
  })

  test('are refused where the policies have no relations', async () => {
    const { image } = await createEngine({ policies: { version: 1, rules: [{ id: 'a', allow: 'read' }] } })
    await expect(loadEngine(image.bytes, ['doc:1#viewer@user:bob'])).rejects.toMatchObject({ code: 'E_TUPLE' })
  })
})

test('bad images are refused', async () => {
  const { image } = await createEngine({ policies: shared })
  const bytes = image.bytes
  bytes[bytes.length >> 1]! ^= 0x10
  await expect(loadEngine(bytes)).rejects.toMatchObject({ code: 'E_IMAGE' })
  await expect(loadEngine(bytes.slice(0, -1))).rejects.toMatchObject({ code: 'E_IMAGE' })
})

test('an engine of somebody else cannot be explained', async () => {
  const engine = await loadEngine((await createEngine({ policies: shared })).image.bytes)
  const wrapped: DecisionEngine = Object.create(engine)
  expect(failureOf(() => explain(wrapped, view('ann')))).toMatch(/^E_USAGE: /)
  expect(failureOf(() => relationsOf(wrapped))).toMatch(/^E_USAGE: /)
})

test('a getter in a request may not ask the engine that explains it', async () => {
  const engine = await loadEngine((await createEngine({ policies: shared })).image.bytes)
  const reading = {
    ...view('ann'),
    get context() {
      engine.evaluate(view('ann'))
      return {}
    },
  }
  expect(failureOf(() => explain(engine, reading))).toMatch(/^E_USAGE: /)
  expect(engine.evaluate(view('ann')).status).toBe('allow')
})
