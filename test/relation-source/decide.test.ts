/** What is asked of a source, in which rounds, and what becomes of a decision without its answers. */
import { describe, expect, test } from 'vitest'
import { createEngine } from '../../src/engine/index.ts'
import { loadEngine } from '../../src/engine/load.ts'
import type { AccessRequest } from '../../src/engine/types.ts'
import { SallyportError } from '../../src/errors.ts'
import { createGuard } from '../../src/guard/index.ts'
import type { PolicyDocument } from '../../src/policy/document.ts'
import { decideByRelations } from '../../src/relation-source/decide.ts'
import type { AskedRelation, RelationSource } from '../../src/relation-source/port.ts'
import { memoryStore } from '../../src/store/memory/index.ts'
import { formatSubject } from '../../src/tuple/tuple.ts'

const policies = {
  version: 1,
  roles: { admin: [] },
  relations: {
    user: {},
    group: { member: ['user', 'group#member'] },
    document: { parent: ['document'], viewer: ['user', 'group#member'], blocked: ['user'], owner: ['user'] },
  },
  rules: [
    { id: 'blocked', deny: '*', on: 'document', to: { relation: 'blocked' } },
    { id: 'viewers', allow: 'read', on: 'document', to: { relation: 'viewer' } },
    { id: 'admins', allow: 'read', on: 'document', to: { role: 'admin' } },
    {
      id: 'open-viewers',
      allow: 'comment',
      on: 'document',
      when: { all: [{ 'resource.open': true }, { related: { relation: 'viewer' } }] },
    },
    {
      id: 'reviewers',
      allow: 'publish',
      on: 'document',
      when: {
        any: [
          { related: { relation: 'owner' } },
          { related: { relation: 'member', subject: 'context.approver', object: { type: 'group', id: 'board' } } },
        ],
      },
    },
  ],
} satisfies PolicyDocument

const text = ({ subject, relation, object }: AskedRelation) =>
  `${formatSubject(object)}#${relation}@${formatSubject(subject)}`

/** Answers from a list of what holds, and remembers what it was asked. */
function listed(...tuples: string[]): RelationSource & { readonly asked: string[][] } {
  const asked: string[][] = []
  return {
    asked,
    async check(questions) {
      asked.push(questions.map(text))
      return { holds: questions.map((question) => tuples.includes(text(question))) }
    },
  }
}

function ask(action: string, more: Partial<AccessRequest> = {}): AccessRequest {
  return {
    subject: { type: 'user', id: 'ann' },
    action: { name: action },
    resource: { type: 'document', id: '1' },
    ...more,
  }
}

const away = () => createEngine({ policies, tuples: 'elsewhere' })

describe('what is asked', () => {
  test('all that matters so far in one batch; then what is left', async () => {
    const source = listed('document:1#viewer@user:ann')
    const decision = await decideByRelations(await away(), { source }, ask('read'))
    expect([decision.status, decision.rules]).toEqual(['allow', ['viewers']])
    expect(source.asked.flat().sort()).toEqual(['document:1#blocked@user:ann', 'document:1#viewer@user:ann'])
    expect(source.asked.length).toBeLessThanOrEqual(2)
  })

  test('nothing that other tests make needless', async () => {
    const source = listed('document:1#viewer@user:ann')
    const resource = { type: 'document', id: '1', properties: { open: false } }
    const decision = await decideByRelations(await away(), { source }, ask('comment', { resource }))
    expect(decision.code).toBe('no_match')
    expect(source.asked.flat()).toEqual(['document:1#blocked@user:ann'])
  })

  test('what paths and constants name, each once', async () => {
    const source = listed('group:board#member@user:zoë 🙂')
    const request = ask('publish', { context: { approver: 'user:zoë 🙂' } })
    const decision = await decideByRelations(await away(), { source }, request)
    expect(decision.status).toBe('allow')
    expect(new Set(source.asked.flat()).size).toBe(source.asked.flat().length)
    expect(source.asked.flat()).toContain('group:board#member@user:zoë 🙂')
  })

  test('nothing where no rule is about relations', async () => {
    const source = listed()
    const page = { type: 'page', id: '1' }
    const decision = await decideByRelations(await away(), { source }, ask('read', { resource: page }))
    expect([decision.code, source.asked]).toEqual(['no_match', []])
  })

  test('more than 256 are too many', async () => {
    const many = Array.from({ length: 300 }, (_, i) => ({
      id: `r${i}`,
      allow: 'read',
      when: { related: { relation: 'viewer', object: { type: 'document', id: `d${i}` } } },
    }))
    const source = listed()
    const other = await createEngine({ policies: { ...policies, rules: many }, tuples: 'elsewhere' })
    expect((await decideByRelations(other, { source }, ask('read'))).code).toBe('limit')
    expect(source.asked).toEqual([])
  })
})

describe('without answers', () => {
  const gone: RelationSource = {
    check: async () => {
      throw new SallyportError('E_RELATION_SOURCE_UNAVAILABLE', 'gone')
    },
  }

  test('what depends on them is denied, and the fault is told', async () => {
    const faults: unknown[] = []
    const settings = { source: gone, onFault: (error: unknown) => void faults.push((error as SallyportError).code) }
    const decision = await decideByRelations(await away(), settings, ask('read'))
    expect([decision.decision, decision.code]).toEqual([false, 'relation_unknown'])
    expect(new Set(faults)).toEqual(new Set(['E_RELATION_SOURCE_UNAVAILABLE']))
  })

  test('what does not stands', async () => {
    const { rules } = policies
    const engine = await createEngine({ policies: { ...policies, rules: rules.slice(1) }, tuples: 'elsewhere' })
    const admin = { type: 'user', id: 'ann', properties: { roles: ['admin'] } }
    const decision = await decideByRelations(engine, { source: gone }, ask('read', { subject: admin }))
    expect([decision.status, decision.rules]).toEqual(['allow', ['admins']])
  })

  test('a deny that is not answered denies', async () => {
    const admin = { type: 'user', id: 'ann', properties: { roles: ['admin'] } }
    const decision = await decideByRelations(await away(), { source: gone }, ask('read', { subject: admin }))
    expect([decision.status, decision.code]).toEqual(['deny', 'relation_unknown'])
  })

  test('one unknown among others leaves the others', async () => {
    const source: RelationSource = {
      check: async (questions) => ({
        holds: questions.map((question) =>
          question.relation === 'owner' ? 'unknown' : question.relation === 'member',
        ),
      }),
    }
    const request = ask('publish', { context: { approver: 'user:bob' } })
    expect((await decideByRelations(await away(), { source }, request)).status).toBe('allow')
    expect((await decideByRelations(await away(), { source }, ask('publish'))).code).toBe('relation_unknown')
  })

  test('fewer answers than questions are no answers', async () => {
    const source: RelationSource = { check: async () => ({ holds: [] }) }
    expect((await decideByRelations(await away(), { source }, ask('read'))).code).toBe('relation_unknown')
  })
})

describe('an engine whose tuples lie elsewhere', () => {
  test('knows of no relation by itself: denies, also where a rule excludes', async () => {
    const engine = await away()
    const admin = { type: 'user', id: 'ann', properties: { roles: ['admin'] } }
    expect(engine.evaluate(ask('read', { subject: admin })).code).toBe('relation_unknown')
    const body = new TextEncoder().encode(JSON.stringify(ask('read', { subject: admin })))
    expect(JSON.parse(new TextDecoder().decode(engine.evaluateJson(body)))).toMatchObject({ decision: false })
    expect(engine.evaluateMany([ask('read'), ask('read')]).map(({ code }) => code)).toEqual([
      'relation_unknown',
      'relation_unknown',
    ])
    expect(engine.explain(ask('read')).rules[0]?.outcome).toBe('not_evaluable')
  })

  test('takes and tells no tuples', async () => {
    const { relations } = await away()
    expect(relations.types).toContain('document')
    for (const call of [
      () => relations.add('document:1#viewer@user:ann'),
      () => relations.remove('document:1#viewer@user:ann'),
      () => relations.has('document:1#viewer@user:ann'),
      () => relations.check({ subject: 'user:ann', relation: 'viewer', object: 'document:1' }),
    ]) {
      expect(call).toThrow(/elsewhere/)
    }
    const document = { ...policies, entities: { tuples: ['document:1#viewer@user:ann'] } }
    await expect(createEngine({ policies: document, tuples: 'elsewhere' })).rejects.toThrow(/write them there/)
  })

  test('is loaded from an image, and keeps to it when policies are replaced', async () => {
    const engine = await loadEngine((await createEngine({ policies })).image.bytes, 'elsewhere')
    const source = listed('document:1#viewer@user:ann')
    expect((await decideByRelations(engine, { source }, ask('read'))).status).toBe('allow')
    const replaced = await away()
    await replaced.replacePolicies({ ...policies, rules: policies.rules.slice(1, 2) })
    expect(replaced.evaluate(ask('read')).code).toBe('relation_unknown')
    expect((await decideByRelations(replaced, { source }, ask('read'))).status).toBe('allow')
  })

  test('and one that has its own cannot be asked so', async () => {
    const engine = await createEngine({ policies })
    await expect(decideByRelations(engine, { source: listed() }, ask('read'))).rejects.toThrow(/has its tuples itself/)
  })
})

describe('the guard', () => {
  const guardWith = async (source: RelationSource) =>
    createGuard({
      engine: await away(),
      relations: { source },
      store: memoryStore(),
      clock: () => 0,
      random: (length) => crypto.getRandomValues(new Uint8Array(length)),
    })

  test('decides, lends and judges grantors by it', async () => {
    const tuples = ['document:1#viewer@user:ann']
    const guard = await guardWith({
      check: async (questions) => ({ holds: questions.map((question) => tuples.includes(text(question))) }),
    })
    expect((await guard.authorize(ask('read'))).status).toBe('allow')
    const ann = { type: 'user', id: 'ann' }
    const bot = { type: 'agent', id: 'bot' }
    const scopes = [{ actions: 'read', on: { type: 'document', id: '1' } }]
    await guard.delegations.create({ by: ann, grantor: ann, grantee: bot, scopes })
    // The relations know no agents: whether one is blocked is certain.
    expect((await guard.authorize(ask('read', { subject: bot }))).code).toBe('delegated')
    const other = [{ actions: 'read', on: { type: 'document', id: '2' } }]
    const refused = guard.delegations.create({ by: ann, grantor: ann, grantee: bot, scopes: other })
    await expect(refused).rejects.toMatchObject({ code: 'E_DELEGATION_GRANTOR' })
    tuples.length = 0
    expect((await guard.authorize(ask('read', { subject: bot }))).decision).toBe(false)
  })

  test('and an engine need each other', async () => {
    const parts = { store: memoryStore(), clock: () => 0, random: (length: number) => new Uint8Array(length) }
    const engine = await createEngine({ policies })
    expect(() => createGuard({ ...parts, engine, relations: { source: listed() } })).toThrow(/need each other/)
    const elsewhere = await away()
    expect(() => createGuard({ ...parts, engine: elsewhere })).toThrow(/need each other/)
  })
})
