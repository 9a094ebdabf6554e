/** Marks of the host: what is untrusted satisfies no test with `trusted: true`. */
import { describe, expect, test } from 'vitest'
import type { AccessRequest, Subject } from '../../../src/engine/types.ts'
import type { ConditionSource } from '../../../src/policy/document.ts'
import { engineWhen, failureOf } from './support.ts'

const subject: Subject = {
  type: 'agent',
  id: 'worker',
  properties: { clearance: 'high', tags: ['a', 'b'], profile: { grade: 2 }, nothing: null, empty: '' },
  on_behalf_of: {
    type: 'agent',
    id: 'planner',
    properties: { clearance: 'high' },
    on_behalf_of: { type: 'user', id: 'ann', properties: { clearance: 'high' } },
  },
}
const request: AccessRequest = {
  subject,
  action: { name: 'read', properties: { mode: 'fast' } },
  resource: { type: 'doc', id: 'd1', properties: { owner: 'ann' } },
  context: { ip: '10.0.0.1', items: [{ price: 1 }, { price: 2 }] },
  state: { task: { level: 2 } },
}

async function outcome(when: ConditionSource, untrusted: readonly string[], asked = request): Promise<string> {
  const engine = await engineWhen(when)
  const [rule] = engine.explain(asked, { untrusted }).rules
  expect(engine.evaluate(asked, { untrusted }).decision).toBe(rule?.outcome === 'true')
  expect(engine.evaluateMany([asked], { untrusted })[0]?.decision).toBe(rule?.outcome === 'true')
  return rule?.outcome ?? 'none'
}

const clearance = { 'subject.clearance': { eq: 'high', trusted: true } }

describe('what a mark covers', () => {
  const reads: readonly (readonly [string, ConditionSource, readonly string[], string])[] = [
    ['nothing is marked', clearance, [], 'true'],
    ['the attribute', clearance, ['subject.clearance'], 'not_evaluable'],
    ['written out', clearance, ['subject.properties.clearance'], 'not_evaluable'],
    ['all of the subject', clearance, ['subject'], 'not_evaluable'],
    ['all properties', clearance, ['subject.properties'], 'not_evaluable'],
    ['another attribute', clearance, ['subject.profile', 'resource.clearance'], 'true'],
    ['a part', { 'subject.id': { eq: 'worker', trusted: true } }, ['subject.id'], 'not_evaluable'],
    ['a part of the whole', { 'subject.id': { eq: 'worker', trusted: true } }, ['subject'], 'not_evaluable'],
    ['a part is no property', { 'subject.id': { eq: 'worker', trusted: true } }, ['subject.properties.id'], 'true'],
    ['below a map', { 'subject.profile.grade': { eq: 2, trusted: true } }, ['subject.profile'], 'not_evaluable'],
    ['something in a list', { 'subject.tags': { contains: 'a', trusted: true } }, ['subject.tags[1]'], 'not_evaluable'],
    ['context', { 'context.ip': { ip_in_cidr: '10.0.0.0/8', trusted: true } }, ['context'], 'not_evaluable'],
    ['an action', { 'action.mode': { eq: 'fast', trusted: true } }, ['action'], 'not_evaluable'],
    ['state', { 'state.task.level': { gt: 1, trusted: true } }, ['state.task'], 'not_evaluable'],
    ['a test that does not ask', { 'subject.clearance': 'high' }, ['subject'], 'true'],
    ['trusted: false', { 'subject.clearance': { eq: 'high', trusted: false } }, ['subject'], 'true'],
    [
      'the other side of a reference',
      { 'chain.root.id': { eq: { ref: 'resource.owner' }, trusted: true } },
      ['resource.owner'],
      'not_evaluable',
    ],
    ['that it exists', { 'subject.clearance': { exists: true, trusted: true } }, ['subject'], 'not_evaluable'],
    ['that it does not', { 'subject.other': { exists: false, trusted: true } }, ['subject'], 'not_evaluable'],
    [
      'an item',
      { 'context.items': { any_matches: { 'item.price': { eq: 2, trusted: true } } } },
      ['context.items[0]'],
      'true',
    ],
    [
      'the item that would do',
      { 'context.items': { any_matches: { 'item.price': { eq: 2, trusted: true } } } },
      ['context.items[1].price'],
      'not_evaluable',
    ],
    [
      'a list with a marked item',
      { 'context.items': { any_matches: { 'item.price': 2 }, trusted: true } },
      ['context.items[0].price'],
      'not_evaluable',
    ],
    [
      'with ignore_case',
      { 'subject.clearance': { eq: 'HIGH', trusted: true, ignore_case: true } },
      ['subject'],
      'not_evaluable',
    ],
    ['otherwise', { 'subject.clearance': { eq: 'high', trusted: true, otherwise: true } }, ['subject'], 'true'],
  ]
  test.each(reads)('%s', async (_, when, untrusted, expected) => {
    expect(await outcome(when, untrusted)).toBe(expected)
  })
})

describe('marks go down the chain, from whoever delegates to whoever acts', () => {
  const of = (path: string) => ({ [path]: { eq: 'high', trusted: true } })
  test.each([
    ['chain.root.clearance', 'subject.clearance', 'not_evaluable'],
    ['chain.root.clearance', 'chain.ancestors[0].clearance', 'not_evaluable'],
    ['chain.root.clearance', 'chain.root.clearance', 'not_evaluable'],
    ['chain.ancestors[1].clearance', 'chain.root.clearance', 'not_evaluable'],
    ['chain.ancestors[0].clearance', 'subject.clearance', 'not_evaluable'],
    ['chain.ancestors[0].clearance', 'chain.root.clearance', 'true'],
    ['subject.clearance', 'chain.ancestors[0].clearance', 'true'],
    ['chain.immediate.clearance', 'subject.clearance', 'not_evaluable'],
    ['chain.root', 'subject.clearance', 'not_evaluable'],
    ['chain', 'chain.root.clearance', 'not_evaluable'],
    ['chain.ancestors', 'subject.clearance', 'not_evaluable'],
    ['chain.root.level', 'subject.clearance', 'true'],
    // An actor that the chain does not have.
    ['chain.ancestors[2].clearance', 'subject.clearance', 'true'],
  ])('%s marked, %s read: %s', async (mark, path, expected) => {
    expect(await outcome(of(path), [mark])).toBe(expected)
  })

  test('over ancestors, one by one', async () => {
    const when = { 'chain.ancestors': { any_matches: { 'item.clearance': { eq: 'high', trusted: true } } } }
    expect(await outcome(when, ['chain.ancestors[0].clearance'])).toBe('true')
    expect(await outcome(when, ['chain.root.clearance'])).toBe('not_evaluable')
  })

  test('depth is that of the chain', async () => {
    const when = { 'chain.depth': { lte: 2, trusted: true } }
    expect(await outcome(when, ['chain.root'])).toBe('true')
    expect(await outcome(when, ['chain.depth'])).toBe('not_evaluable')
    expect(await outcome(when, ['chain'])).toBe('not_evaluable')
  })

  test('chain.root of a request without delegators is its subject', async () => {
    const { on_behalf_of, ...alone } = subject
    expect(on_behalf_of).toBeDefined()
    expect(await outcome(clearance, ['chain.root'], { ...request, subject: alone })).toBe('not_evaluable')
    expect(await outcome(clearance, ['chain.ancestors'], { ...request, subject: alone })).toBe('true')
  })
})

test('an actor that is not there: the number of actors says so', async () => {
  const when = { 'chain.ancestors[4].id': { exists: false, trusted: true } }
  expect(await outcome(when, ['chain.root'])).toBe('true')
  expect(await outcome(when, ['chain'])).toBe('not_evaluable')
})

test('a deny that cannot trust denies', async () => {
  const { createEngine } = await import('../../../src/engine/index.ts')
  const engine = await createEngine({
    policies: {
      version: 1,
      rules: [
        { id: 'all', allow: 'read' },
        { id: 'low', deny: 'read', when: { 'subject.clearance': { eq: 'low', trusted: true } } },
      ],
    },
  })
  expect(engine.evaluate(request).status).toBe('allow')
  expect(engine.evaluate(request, { untrusted: ['subject'] })).toMatchObject({ status: 'deny', code: 'not_evaluable' })
})

test('what the policies say of an entity is trusted', async () => {
  const entities = { subjects: [{ type: 'agent', id: 'worker', properties: { rank: 5, spoof: 1 } }] }
  const engine = await engineWhen({ 'subject.rank': { eq: 5, trusted: true } }, { entities })
  expect(engine.evaluate(request, { untrusted: ['subject'] }).decision).toBe(true)
  const said = { ...request, subject: { ...subject, properties: { rank: 5 } } }
  expect(engine.evaluate(said, { untrusted: ['subject'] }).decision).toBe(false)
})

test('missing, null and empty are three things, marked or not', async () => {
  const cases: [ConditionSource, string][] = [
    [{ 'subject.nothing': { eq: null } }, 'true'],
    [{ 'subject.nothing': { exists: true } }, 'true'],
    [{ 'subject.empty': { eq: '' } }, 'true'],
    [{ 'subject.empty': { eq: null } }, 'false'],
    [{ 'subject.absent': { eq: null } }, 'not_evaluable'],
    [{ 'subject.absent': { exists: false } }, 'true'],
    [{ 'chain.root.absent': { eq: null } }, 'not_evaluable'],
    [{ 'chain.root.absent': { exists: false } }, 'true'],
    [{ 'state.absent': { exists: false } }, 'true'],
  ]
  for (const [when, expected] of cases) expect(await outcome(when, []), JSON.stringify(when)).toBe(expected)
})

test('explain says that it is a mark', async () => {
  const engine = await engineWhen({
    all: [clearance, { 'context.items': { any_matches: { 'item.price': { eq: 9, trusted: true } } } }],
  })
  const { rules } = engine.explain(request, { untrusted: ['subject.clearance', 'context.items[1]'] })
  expect(rules[0]?.tests.map(({ actual, note }) => [actual, note])).toEqual([
    ['high', 'subject.clearance is marked as untrusted'],
    [[{ price: 1 }, { price: 2 }], 'item 1 of context.items has something marked as untrusted'],
  ])
})

test.each([
  [['user.id'], 'nothing of a request is called "user.id"'],
  [['now'], 'nothing of a request is called "now"'],
  [['chain.parent'], 'a chain has nothing called "chain.parent"'],
  [['subject.'], 'ends too early'],
  [[5], 'must be a list of paths'],
  ['subject', 'must be a list of paths'],
])('%j is no list of marks', async (untrusted, message) => {
  const engine = await engineWhen(clearance)
  const failure = failureOf(() => engine.evaluate(request, { untrusted: untrusted as string[] }))
  expect(failure).toMatch(/^E_USAGE: untrusted/)
  expect(failure).toContain(message)
})
