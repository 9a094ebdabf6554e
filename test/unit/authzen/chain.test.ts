/** Actor chains over the wire: in evaluations, batches and searches. */
import { describe, expect, test } from 'vitest'
import {
  answerEvaluation,
  answerEvaluations,
  createPageTokens,
  decideBy,
  readRequest,
} from '../../../src/authzen/index.ts'
import type { JsonObject } from '../../../src/authzen/json.ts'
import { defaultLimits } from '../../../src/authzen/limits.ts'
import { searchResources, searchSubjects } from '../../../src/authzen/search.ts'
import { createEngine } from '../../../src/engine/index.ts'
import { createApp } from '../../../src/service/app.ts'
import { memorySource } from '../../../src/store/entities/memory.ts'
import { failureOf } from '../engine/support.ts'

const engine = await createEngine({
  policies: {
    version: 1,
    chain: { max_depth: 2 },
    entities: {
      subjects: ['ann', 'bob', 'cleo'].map((id) => ({ type: 'user', id })),
      resources: [
        { type: 'doc', id: 'd1', properties: { owner: 'ann' } },
        { type: 'doc', id: 'd2', properties: { owner: 'bob' } },
      ],
    },
    rules: [
      { id: 'own', allow: 'read', on: 'doc', when: { 'chain.root.id': { eq: { ref: 'resource.owner' } } } },
      { id: 'state', deny: '*', when: { 'state.locked': { eq: true, otherwise: false } } },
    ],
  },
})
const ann = { type: 'user', id: 'ann' }
const planner = { type: 'agent', id: 'planner' }
const worker = { type: 'agent', id: 'worker' }
const body = (subject: unknown): JsonObject => ({
  subject,
  action: { name: 'read' },
  resource: { type: 'doc', id: 'd1' },
})
const options = { now: 0, limits: defaultLimits, tokens: createPageTokens(new Uint8Array(32)) }

test('both forms are read, and what the form does not know is left out', () => {
  const nested = { ...worker, on_behalf_of: { ...planner, extra: 1, on_behalf_of: { ...ann, properties: { a: 1 } } } }
  expect(readRequest(body(nested)).subject).toEqual({
    ...worker,
    on_behalf_of: { ...planner, on_behalf_of: { ...ann, properties: { a: 1 } } },
  })
  const listed = { ...worker, delegation_chain: [{ ...ann, extra: 1 }, planner] }
  expect(readRequest(body(listed)).subject).toEqual({ ...worker, delegation_chain: [ann, planner] })
  expect(answerEvaluation(decideBy(engine, 0), body(nested))).toEqual({ decision: true })
  expect(answerEvaluation(decideBy(engine, 0), body(listed))).toEqual({ decision: true })
  expect(
    answerEvaluation(decideBy(engine, 0), body({ ...worker, on_behalf_of: { type: 'user', id: 'bob' } })).decision,
  ).toBe(false)
})

test.each<[string, object]>([
  ['a list below a nested actor', { on_behalf_of: { ...planner, delegation_chain: [ann] } }],
  ['an empty list there', { on_behalf_of: { ...planner, delegation_chain: [] } }],
  ['a list further down', { on_behalf_of: { ...planner, on_behalf_of: { ...ann, delegation_chain: [planner] } } }],
  ['an actor behind one of a list', { delegation_chain: [{ ...planner, on_behalf_of: ann }] }],
  ['nobody behind one of a list', { delegation_chain: [{ ...planner, on_behalf_of: null }] }],
  ['a list in one of a list', { delegation_chain: [ann, { ...planner, delegation_chain: [ann] }] }],
])('%s is refused over the wire as it is in the program: else the chain would be cut', async (_, chain) => {
  const sent = body({ ...worker, ...chain })
  const bytes = new TextEncoder().encode(JSON.stringify(sent))
  for (const ask of [
    () => engine.evaluate(sent as never),
    () => engine.evaluateJson(bytes),
    () => answerEvaluation(decideBy(engine, 0), sent),
    () => searchResources(engine, memorySource(engine), { ...sent, resource: { type: 'doc' } }, options),
  ]) {
    const error = await (async () => ask())().then(
      () => undefined,
      (thrown) => thrown,
    )
    expect(error).toMatchObject({ code: 'E_REQUEST' })
  }
})

test('state never comes over the wire', () => {
  expect(readRequest({ ...body(ann), state: { locked: true } })).not.toHaveProperty('state')
  expect(answerEvaluation(decideBy(engine, 0), { ...body(ann), state: { locked: true } })).toEqual({ decision: true })
})

test.each([
  [{ ...worker, on_behalf_of: 'ann' }, 'E_REQUEST: subject.on_behalf_of is a string; give an object'],
  [{ ...worker, on_behalf_of: { type: 'user' } }, 'E_REQUEST: subject.on_behalf_of.id is missing; give a string'],
  [
    { ...worker, on_behalf_of: { ...planner, on_behalf_of: null } },
    'E_REQUEST: subject.on_behalf_of.on_behalf_of is null; give an object',
  ],
  [
    { ...worker, delegation_chain: ann },
    'E_REQUEST: subject.delegation_chain is an object; give a list, the root first',
  ],
  [{ ...worker, delegation_chain: [ann, 5] }, 'E_REQUEST: subject.delegation_chain[1] is a number; give an object'],
  [
    { ...worker, on_behalf_of: ann, delegation_chain: [ann] },
    'E_REQUEST: subject has both on_behalf_of and delegation_chain',
  ],
  [{ ...worker, delegation_chain: [ann, planner, worker] }, 'E_CHAIN_DEPTH: '],
])('%j', (subject, message) => {
  expect(failureOf(() => answerEvaluation(decideBy(engine, 0), body(subject)))).toContain(message)
})

describe('over HTTP', () => {
  const app = createApp({ engine, logger: { error: () => {} } })
  const post = async (path: string, given: unknown) => {
    const headers = { 'Content-Type': 'application/json' }
    const response = await app.request(path, { method: 'POST', headers, body: JSON.stringify(given) })
    return { status: response.status, body: (await response.json()) as unknown }
  }

  test('a chain that is none, or too deep, is 400', async () => {
    const deep = { ...worker, delegation_chain: [ann, { type: 'agent', id: 'x' }, planner] }
    expect(await post('/access/v1/evaluation', body(deep))).toMatchObject({
      status: 400,
      body: { code: 'E_CHAIN_DEPTH' },
    })
    const twice = { ...worker, delegation_chain: [ann, ann] }
    expect(await post('/access/v1/evaluation', body(twice))).toMatchObject({ status: 400, body: { code: 'E_REQUEST' } })
  })

  test('in a batch it is a denial of its own', async () => {
    const deep = { ...worker, delegation_chain: [ann, { type: 'agent', id: 'x' }, planner] }
    const answer = await answerEvaluations(
      decideBy(engine, 0),
      { ...body(ann), evaluations: [{}, { subject: deep }] },
      defaultLimits,
    )
    expect(answer).toMatchObject({
      evaluations: [
        { decision: true },
        { decision: false, context: { code: 'E_CHAIN_DEPTH', error: { status: 400 } } },
      ],
    })
  })
})

describe('search', () => {
  const source = memorySource(engine)

  test('resources, for a subject that acts for another', async () => {
    const subject = { ...worker, on_behalf_of: { type: 'user', id: 'bob' } }
    const query = { subject, action: { name: 'read' }, resource: { type: 'doc' } }
    expect(await searchResources(engine, source, query, options)).toEqual({ results: [{ type: 'doc', id: 'd2' }] })
  })

  test('subjects that may act for someone; that one itself is no result, and no error', async () => {
    const subject = { type: 'user', on_behalf_of: ann }
    const query = { subject, action: { name: 'read' }, resource: { type: 'doc', id: 'd1' } }
    const found = await searchSubjects(engine, source, query, options)
    expect(found.results.map(({ id }) => id)).toEqual(['bob', 'cleo'])
  })

  test('a chain that is too deep is an error here, too', async () => {
    const subject = { type: 'user', delegation_chain: [ann, worker, planner] }
    const query = { subject, action: { name: 'read' }, resource: { type: 'doc', id: 'd1' } }
    await expect(searchSubjects(engine, source, query, options)).rejects.toMatchObject({ code: 'E_CHAIN_DEPTH' })
  })
})
