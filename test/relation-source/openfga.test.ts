/** A real OpenFGA server as the source: the recorded stores, and decisions. */
import { readdirSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { transformDSLToJSONObject } from '@openfga/syntax-transformer/dist/transformer/dsltojson.js'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createEngine } from '../../src/engine/index.ts'
import { loadStore, type Store, type StoreTest } from '../../src/openfga/store-file.ts'
import type { PolicyDocument } from '../../src/policy/document.ts'
import { openFgaSource } from '../../src/relation-servers/openfga.ts'
import { decideByRelations } from '../../src/relation-source/decide.ts'
import { parseReference, parseSubject, type TupleObject } from '../../src/tuple/tuple.ts'
import { call, describeWith, type RelationServer, startServer } from './servers.ts'

const folder = 'test/vectors/openfga-stores/stores'
const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.fga.yaml'))
  .sort()

describeWith('openfga', 'go install github.com/openfga/openfga/cmd/openfga@v1.22.1', (program) => {
  let server: RelationServer
  beforeAll(async () => {
    server = await startServer(
      program,
      (http, grpc, token) => [
        'run',
        `--http-addr=127.0.0.1:${http}`,
        `--grpc-addr=127.0.0.1:${grpc}`,
        '--playground-enabled=false',
        '--metrics-enabled=false',
        '--authn-method=preshared',
        `--authn-preshared-keys=${token}`,
        '--log-level=error',
      ],
      async (url) => (await fetch(`${url}/healthz`)).ok,
    )
  })
  afterAll(() => server?.stop())

  /** A store of the server with a model and tuples. */
  async function storeWith(model: Store['model'], tuples: readonly TupleObject[]) {
    const { id } = await call<{ id: string }>(server, '/stores', { name: 'test' })
    const body = typeof model === 'string' ? transformDSLToJSONObject(model) : model
    const written = await call<{ authorization_model_id: string }>(server, `/stores/${id}/authorization-models`, body)
    for (let at = 0; at < tuples.length; at += 50) {
      const keys = tuples.slice(at, at + 50).map(({ object, relation, subject, condition }) => {
        const held = typeof condition === 'string' ? { name: condition } : condition
        return { user: subject, relation, object, ...(held && { condition: held }) }
      })
      await call(server, `/stores/${id}/write`, { writes: { tuple_keys: keys } })
    }
    return { store: id, model: written.authorization_model_id }
  }

  const sourceOf = (ids: { readonly store: string; readonly model: string }) =>
    openFgaSource({ url: server.url, token: server.token, timeout: 10_000, consistency: 'higher_consistency', ...ids })

  describe('answers as our engine does, and as is asserted', () => {
    let checks = 0
    test.each(files)('%s', async (name) => {
      const store = await loadStore(join(folder, name), (path) => readFile(path, 'utf8'))
      for (const one of store.tests) {
        const tuples = [...store.tuples, ...one.tuples]
        const source = sourceOf(await storeWith(store.model, tuples))
        const document = { version: 1, relations: { openfga: store.model }, entities: { tuples } } as PolicyDocument
        const engine = await createEngine({ policies: document })
        for (const { question, context, expected } of checksOf(one)) {
          const { subject, relation, object } = question
          const parts = { subject: parseSubject(subject), relation, object: parseReference(object) }
          const { holds } = await source.check([parts], { context, asOf: undefined })
          const own = engine.relations.check({ ...question, ...(context && { context }) }).allowed
          // What lacks a parameter of a condition is not allowed, as the assertion has it; the source says that it is unknown.
          expect([holds[0] === true, own], `${subject} ${relation} ${object}`).toEqual([expected, expected])
          if (holds[0] !== 'unknown') checks++
        }
      }
    })
    test('and nearly all of them certainly', () => {
      expect(checks).toBeGreaterThan(200)
    })
  })

  describe('decisions', () => {
    const model = `model
  schema 1.1
type user
type group
  relations
    define member: [user, group#member]
type document
  relations
    define parent: [document]
    define viewer: [user, user:*, group#member] or viewer from parent
    define blocked: [user]
    define can_read: viewer but not blocked`
    const policies = {
      version: 1,
      relations: { openfga: model },
      rules: [
        { id: 'readers', allow: 'read', on: 'document', to: { relation: 'can_read' } },
        {
          id: 'approved',
          allow: 'publish',
          on: 'document',
          when: {
            related: { relation: 'member', subject: 'context.approver', object: { type: 'group', id: 'board' } },
          },
        },
      ],
    } as PolicyDocument
    const tuples = [
      'document:plan#parent@document:root',
      'document:root#viewer@group:eng#member',
      'group:eng#member@group:core#member',
      'group:core#member@user:ann',
      'group:core#member@user:eve',
      'document:plan#blocked@user:eve',
      'group:board#member@user:mia',
    ]
    const objects = tuples.map((tuple) => {
      const [, object = '', relation = '', subject = ''] = /^(.*?)#(.*?)@(.*)$/.exec(tuple) ?? []
      return { object, relation, subject }
    })
    const ask = (id: string, action: string, context?: Record<string, unknown>, on = 'plan') => ({
      subject: { type: 'user', id },
      action: { name: action },
      resource: { type: 'document', id: on },
      ...(context && { context }),
    })

    test('as with the tuples in memory', async () => {
      const source = sourceOf(await storeWith(model, objects))
      const here = await createEngine({ policies, tuples })
      const away = await createEngine({ policies, tuples: 'elsewhere' })
      for (const request of [
        ask('ann', 'read'),
        ask('eve', 'read'),
        ask('zoe', 'read'),
        ask('zoe', 'publish', { approver: 'user:mia' }),
        ask('zoe', 'publish', { approver: 'user:ann' }),
        ask('zoe', 'publish'),
      ]) {
        const decision = await decideByRelations(away, { source }, request)
        const wanted = here.evaluate(request)
        expect([decision.status, decision.rules, decision.code]).toEqual([wanted.status, wanted.rules, wanted.code])
      }
    })

    test('texts that the server does not take are unknown, and leave the others', async () => {
      const source = sourceOf(await storeWith(model, objects))
      const away = await createEngine({ policies, tuples: 'elsewhere' })
      const spaced = await decideByRelations(away, { source }, ask('ann', 'read', undefined, 'a plan'))
      expect(spaced.code).toBe('relation_unknown')
      const held = {
        subject: { type: 'user', id: 'ann' },
        relation: 'can_read',
        object: { type: 'document', id: 'plan' },
      }
      const odd = { ...held, object: { type: 'document', id: 'a plan' } }
      const answer = await source.check([odd, held], { context: undefined, asOf: undefined })
      expect(answer.holds).toEqual(['unknown', true])
    })

    test('more than one batch', async () => {
      const many = Array.from({ length: 130 }, (_, i) => ({
        object: `document:d${i}`,
        relation: 'viewer',
        subject: 'user:ann',
      }))
      const source = sourceOf(await storeWith(model, many))
      const questions = Array.from({ length: 200 }, (_, i) => ({
        subject: { type: 'user', id: 'ann' },
        relation: 'viewer',
        object: { type: 'document', id: `d${i}` },
      }))
      const { holds } = await source.check(questions, { context: undefined, asOf: undefined })
      expect(holds).toEqual(questions.map((_, i) => i < 130))
    })

    test.each([
      ['a store that is not there', { store: '01JDXXXXXXXXXXXXXXXXXXXXXX' }, 'E_RELATION_SOURCE_REFUSED'],
      ['another token', { token: 'wrong' }, 'E_RELATION_SOURCE_REFUSED'],
      ['a model that is not there', { model: '01JDXXXXXXXXXXXXXXXXXXXXXX' }, 'E_RELATION_SOURCE_REFUSED'],
    ])('%s denies', async (_, wrong, code) => {
      const ids = await storeWith(model, objects)
      const source = openFgaSource({ url: server.url, token: server.token, ...ids, ...wrong })
      const faults: unknown[] = []
      const settings = { source, onFault: (error: unknown) => void faults.push((error as { code: string }).code) }
      const away = await createEngine({ policies, tuples: 'elsewhere' })
      const decision = await decideByRelations(away, settings, ask('ann', 'read'))
      expect([decision.decision, decision.code]).toEqual([false, 'relation_unknown'])
      expect(faults).toEqual([code])
    })
  })
})

function checksOf({ check }: StoreTest) {
  return check.flatMap(({ user, object, context, assertions }) =>
    Object.entries(assertions).map(([relation, expected]) => ({
      question: { subject: user, relation, object },
      context,
      expected,
    })),
  )
}
