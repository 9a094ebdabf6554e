/** Nothing of a request is left for the next one: an engine in use decides as one that has never been asked. */
import { inspect } from 'node:util'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createEngine } from '../../../src/engine/index.ts'
import type { AccessRequest, Decision, Engine } from '../../../src/engine/types.ts'
import { SallyportError } from '../../../src/errors.ts'
import type { ConditionSource, PolicyDocument, Rule } from '../../../src/policy/document.ts'

const KEYS = ['a', 'b', 'c'] as const
const PATHS = ['subject', 'resource', 'action', 'context'].flatMap((root) => KEYS.map((key) => `${root}.${key}`))

/** Every attribute by every way of reading one, spread over actions, so that each request reads other slots. */
const TESTS: readonly ((path: string, other: string) => ConditionSource)[] = [
  (path) => ({ [path]: 'known' }),
  (path, other) => ({ [path]: { eq: { ref: other } } }),
  (path, other) => ({ [path]: { lt: { ref: other } } }),
  (path) => ({ [path]: { glob: '*o?n*' } }),
  (path) => ({ [path]: { regex: '^x+.y' } }),
  (path, other) => ({ [path]: { contains: { ref: other } } }),
  (path) => ({ [path]: { contains_any: ['known', 7, null] } }),
  (path) => ({ [path]: { any_matches: { 'item.p': { starts_with: 'x' } } } }),
  (path, other) => ({ [path]: { all_match: { item: { in: { ref: other } } } } }),
  (path) => ({ [`${path}.p[0]`]: { exists: true } }),
  (path) => ({ [path]: { ip_in_cidr: '10.0.0.0/8', otherwise: true } }),
  (path) => ({ [path]: { semver_gt: '1.0.0' } }),
]

const ACTIONS = ['read', 'write', 'tool:x', 'other'] as const

const rules: Rule[] = PATHS.flatMap((path, p) =>
  TESTS.map((make, t) => ({
    id: `${path} ${t}`,
    [t % 5 === 4 && p % 3 === 0 ? 'deny' : 'allow']: ['tool:*', ACTIONS[(p + t) % ACTIONS.length] ?? 'read'],
    ...(t % 4 === 1 && { on: { id: ['d1', 'x*'] } }),
    ...(t % 4 === 2 && { to: { role: 'viewer' } }),
    when: make(path, PATHS[(p * 5 + t) % PATHS.length] ?? 'context.a'),
  })),
)

const policies: PolicyDocument = {
  version: 1,
  algorithm: 'allow-overrides',
  roles: { admin: ['viewer'], viewer: [] },
  entities: {
    subjects: [{ type: 'user', id: 'alice', roles: ['admin'], properties: { a: 'known', b: [{ p: 'xx' }], c: 'x1y' } }],
    resources: [{ type: 'doc', id: 'd1', properties: { a: ['known'], b: '10.1.2.3', c: { p: ['x'] } } }],
  },
  rules: [...rules, { id: 'time', allow: 'read', when: { now: { gt: 5 } } }],
  sets: {
    // One vote per deny, so that what is not evaluable shows.
    denies: {
      rules: rules.slice(0, 24).map((rule, i) => ({ id: `deny ${i}`, deny: ['other', 'read'], when: rule.when ?? {} })),
    },
  },
  routes: [{ actions: ['write', 'tool:*'], sets: ['default'] }],
}

const text = fc.oneof(
  fc.constantFrom(
    'known',
    'alice',
    'd1',
    'viewer',
    'x1y',
    '10.1.2.3',
    '11.1.1.1',
    '1.2.3',
    'xx.y',
    '',
    '\ud800',
    'ä\u{1f600}on',
  ),
  fc.string({ unit: 'binary', maxLength: 80 }),
  fc.nat({ max: 20_000 }).map((length) => `${'xo'.repeat(length)}ny`),
)
const scalar = fc.oneof(text, fc.constantFrom(7, -0, Number.NaN, true, false, null, undefined))
const value: fc.Arbitrary<unknown> = fc.oneof(
  { arbitrary: scalar, weight: 4 },
  { arbitrary: fc.array(scalar, { maxLength: 6 }), weight: 2 },
  {
    arbitrary: fc.array(fc.oneof(scalar, fc.record({ p: scalar }), fc.array(scalar, { maxLength: 3 })), {
      maxLength: 5,
    }),
    weight: 2,
  },
  { arbitrary: fc.record({ p: fc.oneof(scalar, fc.array(scalar, { maxLength: 2 })) }), weight: 1 },
  { arbitrary: fc.nat({ max: 3000 }).map((length) => Array.from({ length }, (_, i) => `s${i % 700}`)), weight: 1 },
  {
    arbitrary: fc
      .nat({ max: 9 })
      .map((depth) => Array.from({ length: depth }).reduce<unknown>((inner) => [inner], 'x')),
    weight: 1,
  },
)
const properties = fc.option(fc.record(Object.fromEntries(KEYS.map((key) => [key, value])), { requiredKeys: [] }), {
  nil: undefined,
})
const roles = fc.oneof(
  fc.constantFrom(undefined, 'admin', 'viewer', [], ['nobody'], ['nobody', 'admin'], 5),
  fc.nat({ max: 150 }).map((count) => [...Array.from({ length: count }, (_, i) => `r${i}`), 'viewer']),
)

interface Asked {
  readonly request: AccessRequest
  readonly now: number | undefined
}

const asked: fc.Arbitrary<Asked> = fc
  .record({
    subjectId: fc.oneof(fc.constantFrom('alice', 'bob'), text),
    resourceId: fc.oneof(fc.constantFrom('d1', 'd2'), text),
    name: fc.constantFrom(...ACTIONS),
    subject: properties,
    action: properties,
    resource: properties,
    context: properties,
    roles,
    now: fc.constantFrom(undefined, 1, 10),
  })
  .map(({ subjectId, resourceId, name, subject, action, resource, context, roles, now }) => ({
    request: {
      subject: {
        type: 'user',
        id: subjectId,
        ...(subject && { properties: roles === undefined ? subject : { ...subject, roles } }),
      },
      action: { name, ...(action && { properties: action }) },
      resource: { type: 'doc', id: resourceId, ...(resource && { properties: resource }) },
      ...(context && { context }),
    },
    now,
  }))

/** What an engine says, as text: the decision, or the error's code and message. */
function answer(engine: Engine, { request, now }: Asked): string {
  const say = (call: () => Decision): string => {
    try {
      return JSON.stringify(call())
    } catch (error) {
      if (error instanceof SallyportError) return `${error.code} ${error.message}`
      throw error
    }
  }
  return say(() => engine.evaluate(request, now === undefined ? {} : { now }))
}

test('several thousand requests in random order', { timeout: 60_000 }, async () => {
  const used = await createEngine({ policies })
  const { bytes } = used.image
  const seen = new Set<string>()
  let count = 0
  const property = fc.asyncProperty(fc.array(asked, { minLength: 20, maxLength: 30 }), async (sequence) => {
    // What a fresh engine says first is what every other must say.
    const alone = await Promise.all(
      sequence.map(async (one) => {
        const engine = await createEngine({ image: bytes })
        return answer(engine, one)
      }),
    )
    sequence.forEach((one, i) => {
      expect(answer(used, one), inspect(one, { depth: null })).toBe(alone[i])
      seen.add(alone[i]?.slice(0, 70) ?? '')
      count++
    })
  })
  await fc.assert(property, { numRuns: 130, endOnFailure: true })
  expect(count).toBeGreaterThan(2500)
  // They did not all come out alike.
  expect(seen.size).toBeGreaterThan(5)
})
