/** Actor chains: their forms, their limits, and what policies see of them. */
import { describe, expect, test } from 'vitest'
import { createEngine } from '../../../src/engine/index.ts'
import type { AccessRequest, Engine, Subject } from '../../../src/engine/types.ts'
import type { ChainCondition, ConditionSource, PolicyDocument } from '../../../src/policy/document.ts'
import { engineOf, engineWhen, failureOf, untyped } from './support.ts'

const ann = { type: 'user', id: 'ann', properties: { level: 3, tags: ['a'], zone: 'eu' } }
const planner = { type: 'agent', id: 'planner', properties: { level: 2 } }
const worker = { type: 'agent', id: 'worker', properties: { level: 1 } }
/** worker acts for planner, planner for ann. */
const nested: Subject = { ...worker, on_behalf_of: { ...planner, on_behalf_of: ann } }
const listed: Subject = { ...worker, delegation_chain: [ann, planner] }

function asking(subject: unknown): AccessRequest {
  return untyped({ subject, action: { name: 'read' }, resource: { type: 'doc', id: 'd1' } })
}

const decides = (engine: Engine, subject: unknown) => engine.evaluate(asking(subject)).decision

describe('both forms say the same', () => {
  const holds: readonly ConditionSource[] = [
    { 'chain.depth': 2 },
    { 'chain.root.type': 'user', 'chain.root.id': 'ann', 'chain.root.level': 3, 'chain.root.properties.zone': 'eu' },
    { 'chain.root.tags[0]': 'a' },
    { 'chain.root.tags': { contains: 'a' } },
    { 'chain.immediate.id': 'worker', 'chain.immediate.level': 1, 'chain.immediate.properties.level': 1 },
    { 'chain.ancestors[0].id': 'planner', 'chain.ancestors[1].id': 'ann', 'chain.ancestors[1].level': 3 },
    { 'chain.ancestors': { any_matches: { 'item.type': 'user', 'item.level': { gte: 3 } } } },
    { 'chain.ancestors': { all_match: { 'item.level': { gte: 2 } } } },
    { 'chain.ancestors': { none_match: { 'item.type': 'device' } } },
    { 'chain.ancestors': { any_matches: { 'item.id': { eq: { ref: 'chain.root.id' } }, 'item.level': 3 } } },
    { 'subject.level': { lt: { ref: 'chain.root.level' } } },
  ]
  test.each(holds)('%j', async (when) => {
    const engine = await engineWhen(when)
    expect(decides(engine, nested)).toBe(true)
    expect(decides(engine, listed)).toBe(true)
    expect(decides(engine, { type: 'agent', id: 'other', on_behalf_of: { type: 'device', id: 'd' } })).toBe(false)
  })
})

test('without delegators the subject is the root of its chain, and there are no ancestors', async () => {
  const entities = { subjects: [{ type: 'user', id: 'ann', roles: ['chief'], properties: { zone: 'eu' } }] }
  const when = {
    'chain.depth': 0,
    'chain.root.type': 'user',
    'chain.root.zone': 'eu',
    'chain.root.roles': { contains: 'chief' },
    'chain.ancestors': { all_match: { 'item.type': 'nobody' } },
    'chain.ancestors[0].id': { exists: false },
  }
  const engine = await engineWhen(when, { entities })
  // The entity supplies what the request leaves out.
  expect(decides(engine, { type: 'user', id: 'ann' })).toBe(true)
  expect(decides(engine, { type: 'user', id: 'ann', properties: { zone: 'us' } })).toBe(false)
  expect(decides(engine, { type: 'user', id: 'bob' })).toBe(false)
  expect(decides(engine, { type: 'user', id: 'ann', delegation_chain: [] })).toBe(true)
})

test('the entity of a subject says nothing of the actor it acts for', async () => {
  const entities = { subjects: [{ type: 'user', id: 'ann', properties: { zone: 'eu' } }] }
  const engine = await engineWhen({ 'chain.root.zone': { exists: true } }, { entities })
  expect(decides(engine, { type: 'user', id: 'ann', on_behalf_of: { type: 'user', id: 'bob' } })).toBe(false)
})

describe('the chain of a rule', () => {
  const cases: readonly (readonly [ChainCondition, boolean])[] = [
    [{ root: { type: 'user' } }, true],
    [{ root: { type: 'agent' } }, false],
    [{ root: { type: 'user', level: { gte: 3 } }, depth: { lte: 2 } }, true],
    [{ depth: 1 }, false],
    [{ immediate: { type: 'agent', id: 'worker' } }, true],
    [{ any: { type: 'user', level: 3 } }, true],
    [{ any: { type: 'user', level: 2 } }, false],
    [{ all: { level: { gte: 2 } } }, true],
    [{ none: { type: 'agent' } }, false],
    [{ none: { '["x y"]': { exists: true } } }, true],
    [{ any: { id: { eq: { ref: 'chain.ancestors[0].id' } } } }, true],
  ]
  test.each(cases)('%j: %s', async (chain, expected) => {
    const engine = await engineOf([{ id: 'r', allow: 'read', chain }])
    expect(decides(engine, nested)).toBe(expected)
  })

  test('stands beside when and unless', async () => {
    const chain = { root: { type: 'user' } }
    const engine = await engineOf([
      { id: 'r', allow: 'read', when: { 'subject.level': 1 }, unless: { 'resource.id': 'd2' }, chain },
    ])
    expect(decides(engine, nested)).toBe(true)
    expect(decides(engine, { ...nested, properties: { level: 9 } })).toBe(false)
  })
})

describe('depth', () => {
  const longChain = (length: number) => ({
    ...worker,
    delegation_chain: Array.from({ length }, (_, i) => ({ type: 'agent', id: `a${i}` })),
  })

  test('five delegators, where the document says nothing', async () => {
    const engine = await engineOf([{ id: 'r', allow: 'read' }])
    expect(decides(engine, longChain(5))).toBe(true)
    expect(failureOf(() => engine.evaluate(asking(longChain(6))))).toMatch(/^E_CHAIN_DEPTH: .* at most 5$/)
  })

  test.each([
    [0, 0],
    [1, 1],
    [8, 8],
  ])('max_depth %d', async (max_depth, fits) => {
    const engine = await engineOf([{ id: 'r', allow: 'read' }], { chain: { max_depth } })
    expect(decides(engine, longChain(fits))).toBe(true)
    expect(failureOf(() => engine.evaluate(asking(longChain(fits + 1))))).toMatch(/^E_CHAIN_DEPTH/)
  })

  test('a chain that holds itself is too deep', async () => {
    const engine = await engineOf([{ id: 'r', allow: 'read' }])
    const one: Record<string, unknown> = { type: 'agent', id: 'one' }
    one.on_behalf_of = { type: 'agent', id: 'two', on_behalf_of: one }
    expect(failureOf(() => engine.evaluate(asking(one)))).toMatch(/^E_CHAIN_DEPTH/)
  })

  test('an image keeps the limit', async () => {
    const policies: PolicyDocument = { version: 1, chain: { max_depth: 1 }, rules: [{ id: 'r', allow: 'read' }] }
    const { image } = await createEngine({ policies })
    const engine = await createEngine({ image: image.bytes })
    expect(failureOf(() => engine.evaluate(asking(nested)))).toMatch(/^E_CHAIN_DEPTH.* at most 1$/)
  })
})

describe('what is no chain is refused, also where no policy reads it', () => {
  test.each([
    ['both forms', { ...nested, delegation_chain: [] }, 'subject has both on_behalf_of and delegation_chain'],
    ['null', { ...worker, on_behalf_of: null }, 'subject.on_behalf_of must be an object with type and id; found null'],
    ['a string', { ...worker, on_behalf_of: 'ann' }, 'subject.on_behalf_of must be an object'],
    ['no id', { ...worker, on_behalf_of: { type: 'user' } }, 'subject.on_behalf_of.id must be a string; it is missing'],
    [
      'deeper down',
      { ...worker, on_behalf_of: { ...planner, on_behalf_of: { id: 'x' } } },
      'subject.on_behalf_of.on_behalf_of.type must be a string',
    ],
    [
      'bad properties',
      { ...worker, on_behalf_of: { ...ann, properties: [] } },
      'on_behalf_of.properties must be an obj',
    ],
    ['no list', { ...worker, delegation_chain: ann }, 'subject.delegation_chain must be a list; found an object'],
    ['a hole', { ...worker, delegation_chain: new Array(1) }, 'subject.delegation_chain[0] must be an object'],
    ['a chain in the list', { ...worker, delegation_chain: [nested] }, 'delegation_chain[0] has a chain of its own'],
    ['a list in the chain', { ...worker, on_behalf_of: listed }, 'on_behalf_of has a delegation_chain'],
    [
      'the subject in the list',
      { ...worker, delegation_chain: [ann, worker] },
      'leave the subject itself out of delegation_chain',
    ],
    [
      'an actor twice',
      { ...worker, on_behalf_of: { ...planner, on_behalf_of: planner } },
      'agent "planner" twice in a row',
    ],
  ])('%s', async (_, subject, message) => {
    const engine = await engineOf([{ id: 'r', allow: 'read' }])
    const failure = failureOf(() => engine.evaluate(asking(subject)))
    expect(failure).toMatch(/^E_REQUEST: /)
    expect(failure).toContain(message)
    expect(failureOf(() => engine.explain(asking(subject)))).toBe(failure)
    // Nothing of it is left for the next request.
    expect(decides(engine, worker)).toBe(true)
  })

  test('the same id of another type, or again later on, is another matter', async () => {
    const engine = await engineOf([{ id: 'r', allow: 'read' }])
    expect(decides(engine, { ...ann, on_behalf_of: { type: 'agent', id: 'ann' } })).toBe(true)
    expect(decides(engine, { ...ann, on_behalf_of: { ...planner, on_behalf_of: ann } })).toBe(true)
  })

  test('repeats: true takes an actor twice in a row', async () => {
    const engine = await engineWhen({ 'chain.depth': 2 }, { chain: { repeats: true } })
    expect(decides(engine, { ...ann, delegation_chain: [ann, ann] })).toBe(true)
  })
})

test('one request after another: no chain is left behind', async () => {
  const engine = await engineWhen({ 'chain.depth': { gte: 1 } })
  expect([nested, worker, listed, ann].map((subject) => decides(engine, subject))).toEqual([true, false, true, false])
})

test('actors are what they were when they were checked', async () => {
  const engine = await engineWhen({ 'chain.root.type': 'user' })
  let reads = 0
  const shifty = {
    id: 'x',
    get type() {
      return reads++ === 0 ? 'user' : 'device'
    },
  }
  expect(decides(engine, { ...worker, on_behalf_of: shifty })).toBe(true)
})

describe('state', () => {
  test('is what the host says, by paths of its own', async () => {
    const engine = await engineWhen({ 'state.task.level': { gte: 2 }, 'state.tasks': { contains: 't1' } })
    const request = { ...asking(worker), state: { task: { level: 2 }, tasks: ['t1'] } }
    expect(engine.evaluate(request).decision).toBe(true)
    expect(engine.evaluate({ ...request, state: {} }).decision).toBe(false)
    expect(engine.evaluate({ ...asking(worker), context: { task: { level: 2 }, tasks: ['t1'] } }).decision).toBe(false)
  })

  test('must be a map', async () => {
    const engine = await engineWhen({ 'state.a': 1 })
    const failure = failureOf(() => engine.evaluate(untyped({ ...asking(worker), state: [1] })))
    expect(failure).toBe('E_REQUEST: state must be an object; found a list of other values')
  })
})

test('explain shows what was found on the chain', async () => {
  const engine = await engineWhen({
    'chain.root.level': { gt: 5 },
    'chain.depth': 2,
    'state.count': 1,
    'chain.ancestors[0].id': 'planner',
  })
  const { rules } = engine.explain({ ...asking(nested), state: { count: 1 } })
  expect(rules[0]?.tests.map(({ path, actual, outcome }) => [path, actual, outcome])).toEqual([
    ['chain.root.level', 3, 'false'],
    ['chain.depth', 2, 'true'],
    ['state.count', 1, 'true'],
    ['chain.ancestors[0].id', 'planner', 'true'],
  ])
})
