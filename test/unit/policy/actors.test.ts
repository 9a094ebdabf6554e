/** Mistakes in `chain`, `trust`, `actor_types`, `ignore_case` and `trusted`: what is said, and where. */
import { describe, expect, test } from 'vitest'
import { parsePolicies } from '../../../src/policy/index.ts'

/** `CODE message` of every diagnostic. */
function mistakes(text: string): string[] {
  return parsePolicies(text).diagnostics.map(({ code, message }) => `${code} ${message}`)
}

const rule = (parts: string, more = '') => `{ version: 1, ${more} rules: [{ id: r, allow: read, ${parts} }] }`
const when = (condition: string, more = '') => rule(`when: ${condition}`, more)

describe('paths', () => {
  test.each([
    ['{ chain: 1 }', 'E_PATH "chain" is a map in rule "r"; name one of its parts: depth, root, immediate, ancestors'],
    ['{ chain.rot.type: x }', 'E_PATH a chain has no part "rot" in rule "r"; did you mean "root"?'],
    ['{ chain.depth.x: 1 }', 'E_PATH "chain.depth" is a number and has no parts in rule "r"; write chain.depth'],
    [
      '{ chain.root: x }',
      'E_PATH "chain.root" is a map in rule "r"; name what is meant: chain.root.type, chain.root.id or one of its properties',
    ],
    [
      '{ chain.root.type.x: 1 }',
      'E_PATH "chain.root.type" is a string and has no parts in rule "r"; for a property of that name write chain.root.properties.type',
    ],
    [
      '{ chain.ancestors.type: x }',
      'E_PATH "chain.ancestors" is a list in rule "r"; write { chain.ancestors: { any_matches: { item.type: … } } }, or chain.ancestors[0] for the nearest',
    ],
    [
      '{ chain.ancestors: { contains: x } }',
      'E_OPERATOR "contains" cannot work on "chain.ancestors", which is always a list in rule "r"; use another operator',
    ],
    [
      '{ context.a: { in: { ref: chain.ancestors } } }',
      'E_OPERAND "chain.ancestors" is a list of actors, which equal nothing ("in") in rule "r"; use any_matches, all_match or none_match on it',
    ],
    [
      '{ chain.ancestors: { any_matches: { item: x } } }',
      'E_PATH "item" is a map in rule "r"; name what is meant: item.type, item.id or one of its properties',
    ],
    [
      '{ chain.depth: many }',
      'E_OPERAND "chain.depth" is always a number and cannot be compared with the string "many" ("eq") in rule "r"; write a number',
    ],
    ['{ state: 1 }', 'E_PATH "state" is a map in rule "r"; name one of its keys: state.session'],
  ])('%s', (condition, message) => {
    expect(mistakes(when(condition))).toEqual([message])
  })
})

describe('modifiers', () => {
  test.each([
    [
      '{ context.ip: { ip_in_cidr: 10.0.0.0/8, ignore_case: true } }',
      'E_OPERATOR "ignore_case" stands beside "ip_in_cidr", to which case makes no difference in rule "r"; move it to a test of its own, or leave "ignore_case" out',
    ],
    [
      '{ context.a: { gt: 5, ignore_case: true } }',
      'E_OPERAND "ignore_case" stands beside "gt", whose operand has no string in it in rule "r"; leave "ignore_case" out',
    ],
    [
      '{ context.a: { eq: x, ignorecase: true } }',
      'E_OPERATOR unknown operator "ignorecase" in rule "r"; did you mean "ignore_case"?',
    ],
    [
      '{ context.a: { eq: x, trusted_only: true } }',
      'E_OPERATOR unknown operator "trusted_only" in rule "r"; did you mean "trusted"?',
    ],
    [
      '{ context.a: { eq: x, ignore_case: yes } }',
      'E_TYPE "ignore_case" must be true or false, not the string "yes" in rule "r"',
    ],
    [
      '{ now: { gt: 1, trusted: true } }',
      'E_OPERATOR "now" is the time of the host, and always trusted in rule "r"; leave "trusted" out',
    ],
    [
      '{ context.a: { trusted: true } }',
      'E_MISSING the test of "context.a" has no operator in rule "r"; write, for example, { eq: … }',
    ],
  ])('%s', (condition, message) => {
    expect(mistakes(when(condition))).toEqual([message])
  })
})

describe('the chain of a rule', () => {
  test.each([
    ['chain: {}', 'E_MISSING "chain" is empty in rule "r"; leave it out for any chain'],
    ['chain: { root: {} }', 'E_MISSING nothing is asked of the actor in rule "r"; name its type, its id or a property'],
    [
      'chain: { root: user }',
      'E_TYPE the actor in "chain" must be a map, not the string "user" in rule "r"; write, for example, { type: user }',
    ],
    ['chain: { roots: { type: user } }', 'E_KEY unknown key "roots" in "chain" in rule "r"; did you mean "root"?'],
    [
      'chain: { any: { tags: { any_matches: { item: x } } } }',
      'E_OPERATOR "any_matches" cannot stand inside another condition over items in rule "r"; test a key of the item instead',
    ],
  ])('%s', (parts, message) => {
    expect(mistakes(rule(parts))).toEqual([message])
  })
})

describe('trust', () => {
  test.each([
    [
      '',
      '{ min: 0.5 }',
      'E_TRUST the document does not say what trust scores are in rule "r"; add "trust: { scale: 1 }" or "trust: { scale: 1000 }" to it',
    ],
    [
      'trust: { scale: 1 },',
      '{ min: 700 }',
      'E_TRUST 700 is beyond the scale of 0 to 1 in rule "r"; write it on that scale',
    ],
    [
      'trust: { scale: 1 },',
      '{ over: all }',
      'E_MISSING "trust" has neither min nor max in rule "r"; write { min: 0.7, over: all }',
    ],
    [
      'trust: { scale: 1 },',
      '{ min: 1, over: every }',
      'E_TRUST trust is not taken over "every" in rule "r"; use one of immediate, root, all, minimum, product',
    ],
    [
      'trust: { scale: 1 },',
      '{ min: 0.9, max: 0.1 }',
      'E_TRUST no score is at least 0.9 and at most 0.1 in rule "r"; swap min and max',
    ],
    [
      'trust: { scale: 1 },',
      '{ min: high }',
      'E_TRUST "min" cannot be the string "high" in rule "r"; write a number from 0 to 1000',
    ],
  ])('%s %s', (more, condition, message) => {
    expect(mistakes(when(`{ trust: ${condition} }`, more))).toEqual([message])
    expect(mistakes(rule(`chain: { trust: ${condition} }`, more))).toEqual([message])
  })

  test.each([
    ['{}', 'E_MISSING "trust" has no scale; write scale: 1 or scale: 1000'],
    ['{ scale: 100 }', 'E_TRUST the scale of trust cannot be the number 100; write 1 (0–1) or 1000 (0–1000)'],
    ['{ scale: 1, floor: 0.1 }', 'E_KEY "floor" says nothing without "decay"; add "decay", or leave it out'],
    [
      '{ scale: 1, decay: { half_life: P1M } }',
      'E_TRUST "P1M" has no fixed length; write weeks, days, hours: P2W, P30D, PT12H',
    ],
    ['{ scale: 1, decay: { half_life: P0D } }', 'E_TRUST the duration P0D is zero; write a longer one'],
    [
      '{ scale: 1, decay: { per: P1D } }',
      'E_TRUST "decay" is either a half-life or a loss in some time; write { half_life: P7D } or { per: P1D, lose: 0.05 }',
    ],
    ['{ scale: 1, decay: { per: P1D, lose: 2 } }', 'E_TRUST "lose" cannot be the number 2; write a number from 0 to 1'],
  ])('the document: %s', (settings, message) => {
    expect(mistakes(`{ version: 1, trust: ${settings}, rules: [{ id: r, allow: read }] }`)).toEqual([message])
  })
})

describe('actor types', () => {
  test('those that are not declared, wherever a rule names one', () => {
    const text = `
version: 1
actor_types: [user, agent]
rules:
  - id: r
    allow: read
    to: { type: [user, agnt, "serv*"] }
    when: { subject.type: { in: [user, robot] }, chain.root.type: usr }
    chain: { any: { type: { neq: device } }, root: { type: { eq: USER, ignore_case: true } } }
`
    expect(mistakes(text)).toEqual([
      'E_ACTOR_TYPE unknown actor type "agnt" in rule "r"; did you mean "agent"?',
      'E_ACTOR_TYPE unknown actor type "robot" in rule "r"; use one of user, agent',
      'E_ACTOR_TYPE unknown actor type "usr" in rule "r"; did you mean "user"?',
      'E_ACTOR_TYPE unknown actor type "device" in rule "r"; use one of user, agent',
    ])
  })

  test('without a declaration any string is a type', () => {
    expect(mistakes(rule('to: { type: kettle }, chain: { root: { type: cloud } }'))).toEqual([])
  })
})

test.each([
  [
    '{ max_depth: -1 }',
    'E_LIMIT "max_depth" cannot be the number -1; write a whole number from 0 (no delegation) to 64',
  ],
  ['{ depth: 1 }', 'E_KEY unknown key "depth" in "chain"; use one of max_depth, repeats'],
  ['{ repeats: 1 }', 'E_TYPE "repeats" must be true or false, not the number 1'],
])('chain settings %s', (settings, message) => {
  expect(mistakes(`{ version: 1, chain: ${settings}, rules: [{ id: r, allow: read }] }`)).toEqual([message])
})

test('documents of one tenant say these things once, or alike', () => {
  const one = 'version: 1\nchain: { max_depth: 2 }\ntrust: { scale: 1 }\nrules: [{ id: a, allow: read }]\n'
  const other = 'version: 1\nchain: { max_depth: 3 }\ntrust: { scale: 1 }\nrules: [{ id: b, allow: read }]\n'
  expect(mistakes(`${one}---\n${other}`)).toEqual([expect.stringMatching(/^E_CONFLICT "chain" is another one at /)])
})
