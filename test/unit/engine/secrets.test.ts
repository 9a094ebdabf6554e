/** Values of secret attributes, and constants they are compared with, are shown nowhere. */
import { describe, expect, test } from 'vitest'
import { createEngine } from '../../../src/engine/index.ts'
import type { ConditionSource, PolicyDocument, Rule } from '../../../src/policy/document.ts'
import { parsePolicies } from '../../../src/policy/index.ts'
import { ask, engineOf } from './support.ts'

const secrets = ['context.token', 'subject.profile.ssn', 'context.keys', 'subject.pair[1]']
const context = {
  token: 'hush-1',
  keys: ['hush-2', { name: 'hush-3' }],
  said: 'hush-1',
  ids: ['hush-1', 'x'],
  pair: ['x', 'hush-7'],
}
const subject = { pair: ['x', 'hush-7'], profile: { ssn: 'hush-4', name: 'Ann' }, roles: ['r1'] }

/** All that the engine tells about a request that one rule with this condition allows, if it does. */
async function told(when: ConditionSource, rest: Partial<PolicyDocument> = { secrets }) {
  const rules: Rule[] = [
    { id: 'w', allow: 'read', when },
    { id: 'n', allow: 'read', when: { not: when } },
    { id: 'd', deny: 'read', when: { any: [when, { 'context.nobody': { exists: false } }] } },
  ]
  const engine = await engineOf(rules, rest)
  const request = ask({ context, subject })
  return { explanation: engine.explain(request), whyNot: engine.whyNot(request), engine, request }
}

describe('neither side of a test is shown', () => {
  test.each<[string, ConditionSource]>([
    ['eq', { 'context.token': 'hush-1' }],
    ['neq', { 'context.token': { neq: 'hush-9' } }],
    ['in', { 'context.token': { in: ['hush-1', 'hush-9'] } }],
    ['a list of other values', { 'context.token': { in: ['hush-1', 9] } }],
    ['an order', { 'context.token': { gt: 'hush-0' } }],
    ['a number', { 'context.token': { lte: 4711 } }],
    ['a beginning', { 'context.token': { starts_with: 'hush' } }],
    ['a pattern', { 'context.token': { glob: 'hush-*' } }],
    ['a regular expression', { 'context.token': { regex: '^hush' } }],
    ['a range', { 'context.token': { ip_in_cidr: '47.11.0.0/16' } }],
    ['a version', { 'context.token': { semver_lt: '47.11.0' } }],
    ['a secret list', { 'context.keys': { contains: 'hush-2' } }],
    ['an item of a secret list', { 'context.keys[0]': 'hush-2' }],
    ['items of a secret list', { 'context.keys': { any_matches: { 'item.name': 'hush-3' } } }],
    ['below a path', { 'subject.profile.ssn': { contains: 'hush' } }],
    ['around it', { 'subject.profile': { eq: ['hush'] } }],
    ['what equals it', { 'context.said': { eq: { ref: 'context.token' } } }],
    ['what equals something around it', { 'context.pair': { eq: { ref: 'subject.pair' } } }],
    ['a reference from it', { 'context.token': { eq: { ref: 'context.said' } } }],
    ['a secret inside a condition over items', { 'context.ids': { any_matches: { 'context.token': 'hush-1' } } }],
    ['items that are compared with it', { 'context.ids': { any_matches: { item: { eq: { ref: 'context.token' } } } } }],
    ['otherwise', { 'context.token': { eq: 'hush-9', otherwise: true } }],
    ['a call of CEL', 'context.token.matches("hush-9")'],
    ['a call of CEL in words', 'context.token + "" == "hush-9"'],
    ['a constant on the left', '"hush-9" in [context.token]'],
    ['a part by its key', 'subject.profile["ssn"].contains("hush-9")'],
    ['a map around it', 'subject.profile == {"ssn": "hush-9"}'],
    ['an optional', 'context.?token.orValue("") == "hush-9"'],
    ['a macro', '[context.token].exists(x, x == "hush-9")'],
    ['a macro over it', 'context.keys.exists(x, x.matches("hush-9"))'],
    ['a macro over what is around it', 'subject.pair.exists(x, x.matches("hush-9"))'],
    ['a condition of CEL', 'context.token == "hush-9" ? true : false'],
    ['why CEL failed', 'timestamp(context.token + "hush-9") > now'],
  ])('%s', async (_, when) => {
    const { explanation, whyNot } = await told(when)
    const shown = JSON.stringify([explanation, whyNot])
    expect(shown).not.toMatch(/hush|4711|47\.11/)
    expect(shown).toContain('(secret)')
    // The test would find it, were it no secret.
    const open = await told(when, {})
    expect(JSON.stringify([open.explanation, open.whyNot])).toMatch(/hush|4711|47\.11/)
  })
})

test('expressions that read no secret are shown', async () => {
  const { explanation } = await told('subject.roles.size() > 0 && has(context.token) && context.said.matches("^h")')
  expect(explanation.rules[0]?.tests.map(({ expected }) => expected)).toEqual([
    'subject.roles.size() > 0',
    true,
    'context.said.matches("^h")',
  ])
})

test('roles may be secret, too', async () => {
  const rules: Rule[] = [{ id: 'r', allow: 'read', to: { role: 'hush-role' } }]
  const engine = await engineOf(rules, { secrets: ['subject.roles'], roles: { 'hush-role': [] } })
  const [near] = engine.whyNot(ask({ subject: { roles: ['hush-other'] } })).nearest
  expect(near?.missing).toEqual([
    { path: 'subject.roles', operator: 'holds one of', expected: '(secret)', actual: '(secret)', outcome: 'false' },
  ])
})

test('what is around a secret is shown without it', async () => {
  const { explanation } = await told({ 'subject.profile': { exists: true } })
  expect(explanation.rules[0]?.tests[0]?.actual).toEqual({ ssn: '(secret)', name: 'Ann' })
})

test('of an entity, and from an image alone', async () => {
  const entities = { subjects: [{ type: 'user', id: 'alice', properties: { profile: { ssn: 'hush-5' } } }] }
  const engine = await engineOf([{ id: 'r', allow: 'read', when: { 'subject.profile.ssn': 'hush-6' } }], {
    secrets,
    entities,
  })
  const loaded = await createEngine({ image: engine.image.bytes })
  const shown = JSON.stringify([loaded.explain(ask()), loaded.whyNot(ask())])
  expect(shown).not.toContain('hush')
  expect(loaded.explain(ask()).rules[0]?.tests[0]).toMatchObject({ expected: '(secret)', actual: '(secret)' })
})

test('decisions are the same with secrets and without', async () => {
  const { engine, request } = await told({ 'context.token': 'hush-1' })
  const open = await told({ 'context.token': 'hush-1' }, {})
  expect(engine.evaluate(request).rules).toEqual(open.engine.evaluate(request).rules)
})

describe('mistakes', () => {
  const check = (text: string) =>
    parsePolicies({ name: 'p', text: `version: 1\nsecrets: ${text}\nrules: [{ id: r, allow: x }]` }).diagnostics.map(
      ({ place, code, message }) => `${place.line}:${place.column} ${code} ${message}`,
    )
  test.each([
    ['context.token', ['2:10 E_TYPE "secrets" must be a list, not the string "context.token"; write [subject.ssn, …]']],
    ['[5]', ['2:11 E_TYPE an item of "secrets" must be a string, not the number 5; write "5" in quotes']],
    ['[contxt.a]', ['2:11 E_PATH unknown path "contxt.a": nothing is called "contxt"; did you mean "context.a"?']],
    [
      '[subject.id]',
      [
        '2:11 E_PATH "subject.id" names the request itself and cannot be secret; keep secrets in properties or in the context',
      ],
    ],
    [
      '[now]',
      ['2:11 E_PATH "now" names the request itself and cannot be secret; keep secrets in properties or in the context'],
    ],
    ['[context.a, subject.b.c]', []],
    ['[]', []],
  ])('%s', (text, expected) => {
    expect(check(text)).toEqual(expected)
  })
})

describe('what is secret of the subject is secret of every actor', () => {
  const root = { type: 'user', id: 'ann', properties: { profile: { ssn: 'hush-4', name: 'Ann' }, trust_score: 0.4711 } }
  test.each<[string, ConditionSource]>([
    ['the root', { 'chain.root.profile.ssn': 'hush-9' }],
    ['something around it', { 'chain.root.profile': { exists: false } }],
    ['an ancestor by number', { 'chain.ancestors[0].profile.ssn': { starts_with: 'hush-9' } }],
    ['items', { 'chain.ancestors': { any_matches: { 'item.profile.ssn': 'hush-9' } } }],
    [
      'items, ignoring case',
      { 'chain.ancestors': { none_match: { 'item.profile.ssn': { eq: 'HUSH-4', ignore_case: true } } } },
    ],
    ['an actor as a whole', { 'chain.ancestors': { any_matches: { 'item.profile': { eq: ['hush-4'] } } } }],
    ['a score of trust', { trust: { min: 0.9, over: 'root' } }],
    ['items in CEL', 'chain.ancestors.exists(a, a.profile.ssn.matches("hush-9"))'],
    ['a whole in CEL', 'chain.root.profile["ssn"].matches("hush-9")'],
    ['scores of trust', { trust: { min: 0.9, over: 'all' } }],
  ])('%s', async (_, when) => {
    const rules: Rule[] = [{ id: 'w', allow: 'read', when }]
    const rest = { trust: { scale: 1 as const }, secrets: ['subject.profile.ssn', 'subject.trust_score'] }
    const request = {
      ...ask({}),
      subject: { type: 'agent', id: 'a', properties: { trust_score: 0.5 }, on_behalf_of: root },
    }
    const engine = await engineOf(rules, rest)
    expect(engine.evaluate(request).decision).toBe(false)
    expect(JSON.stringify([engine.explain(request), engine.whyNot(request)])).not.toMatch(/hush|HUSH|4711/)
    const open = await engineOf(rules, { trust: rest.trust })
    expect(JSON.stringify([open.explain(request), open.whyNot(request)])).toMatch(/hush|HUSH|4711/)
  })
})
