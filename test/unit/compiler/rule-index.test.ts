/** The rule index finds exactly the rules whose target matches: as the reference evaluator says, who has no index. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createEngine } from '../../../src/engine/index.ts'
import type { AccessRequest } from '../../../src/engine/types.ts'
import type { PolicyDocument, Rule } from '../../../src/policy/document.ts'
import { referenceEvaluate } from '../../reference/decide.ts'

/** Names that exact patterns and globs of the tests meet. */
const names = (prefix: string, count: number) => Array.from({ length: count }, (_, i) => `${prefix}${i}`)
const name = (prefix: string, count: number) =>
  fc.oneof(
    fc.nat({ max: count + 2 }).map((i) => `${prefix}${i}`),
    fc.constantFrom('other', prefix, `${prefix}1x`, '\u{1f600}'),
  )

function requests(count: number): fc.Arbitrary<AccessRequest> {
  return fc
    .record({
      action: name('act', count),
      type: name('type', count),
      id: name('res', count),
      subject: name('sub', count),
      subjectType: fc.constantFrom('user', 'agent'),
      roles: fc.array(name('role', count), { maxLength: 3 }),
    })
    .map(({ action, type, id, subject, subjectType, roles }) => ({
      subject: { type: subjectType, id: subject, properties: { roles } },
      action: { name: action },
      resource: { type, id },
    }))
}

/** Returns how often each rule was among the deciding ones. */
async function compare(policies: PolicyDocument, asked: fc.Arbitrary<AccessRequest>, numRuns: number) {
  const engine = await createEngine({ policies })
  const decided = new Map<string, number>()
  fc.assert(
    fc.property(asked, (request) => {
      const expected = referenceEvaluate(policies, request)
      const { status, code, rules } = engine.evaluate(request)
      expect({ status, code, rules }).toEqual({ status: expected.status, code: expected.code, rules: expected.rules })
      for (const rule of rules) decided.set(rule, (decided.get(rule) ?? 0) + 1)
    }),
    { numRuns },
  )
  return decided
}

describe('a rule with more keys than are worth filing', () => {
  const roles = Object.fromEntries(names('role', 30).map((role) => [role, []]))

  test('several long lists: the longest are left out of the index', async () => {
    // 12 × 11 × 10 × 9 keys, and 40 × 30 in the second rule.
    const rules: Rule[] = [
      {
        id: 'lists',
        allow: names('act', 12),
        on: { type: names('type', 11), id: names('res', 10) },
        to: { id: names('sub', 9), role: ['role1', 'role2', 'role3'] },
      },
      { id: 'roles', allow: names('act', 40), to: { role: names('role', 30) } },
      { id: 'one', allow: 'act3' },
    ]
    const decided = await compare({ version: 1, roles, rules }, requests(12), 4000)
    for (const { id } of rules) expect(decided.get(id) ?? 0, id).toBeGreaterThan(3)
  })

  test('one list that is too long by itself', async () => {
    const rules: Rule[] = [
      { id: 'actions', allow: names('act', 1500) },
      { id: 'types', allow: '*', on: [...names('type', 1200), 'type*x'] },
      { id: 'ids', deny: '*', on: { id: names('res', 1100).filter((_, i) => i % 3 === 0) } },
    ]
    const decided = await compare({ version: 1, algorithm: 'allow-overrides', rules }, requests(1200), 80)
    for (const { id } of rules) expect(decided.get(id) ?? 0, id).toBeGreaterThan(0)
  })

  test('exactly at 1,024 keys, and one more', async () => {
    const rules: Rule[] = [
      { id: 'at', allow: names('act', 32), on: names('type', 32) },
      { id: 'above', allow: names('act', 41), on: names('type', 25) },
    ]
    const decided = await compare({ version: 1, rules }, requests(34), 2000)
    for (const { id } of rules) expect(decided.get(id) ?? 0, id).toBeGreaterThan(100)
  })
})

describe('globs', () => {
  test('on each of the four dimensions, alone and among exact patterns', async () => {
    const some: readonly (readonly [string, string | readonly string[]])[] = [
      ['glob', '1*'],
      ['mixed', ['3', '?4', '[5-7]']],
      ['negated', '[!1]'],
    ]
    const rules = some.flatMap(([kind, tails]): Rule[] => {
      const on = (prefix: string) => [tails].flat().map((tail) => `${prefix}${tail}`)
      return [
        { id: `action ${kind}`, allow: on('act') },
        { id: `type ${kind}`, allow: '*', on: on('type') },
        { id: `id ${kind}`, allow: '*', on: { id: on('res') } },
        { id: `subject ${kind}`, allow: '*', to: { id: on('sub') } },
        {
          id: `all ${kind}`,
          allow: on('act'),
          on: { type: on('type'), id: on('res') },
          to: { id: on('sub'), type: 'us*' },
        },
      ]
    })
    const decided = await compare({ version: 1, rules }, requests(8), 6000)
    for (const { id } of rules) if (!id.startsWith('all')) expect(decided.get(id) ?? 0, id).toBeGreaterThan(20)
    expect(rules.filter(({ id }) => id.startsWith('all') && decided.has(id)).length).toBeGreaterThan(0)
  })

  test('many different ones on one dimension', async () => {
    const rules = Array.from(
      { length: 200 },
      (_, i): Rule => ({ id: `r${i}`, allow: [`act${i}*`, `*${i}`], on: `type*${i % 3}*` }),
    )
    const decided = await compare({ version: 1, rules }, requests(200), 400)
    expect(decided.size).toBeGreaterThan(30)
  })
})

describe('the deciding rules', () => {
  const request: AccessRequest = {
    subject: { type: 'user', id: 'alice', properties: { roles: ['a', 'b', 'c'] } },
    action: { name: 'read' },
    resource: { type: 'doc', id: 'd1' },
  }

  test('that are filed under several keys of a request are listed once', async () => {
    const policies: PolicyDocument = {
      version: 1,
      roles: { a: ['b'], b: ['c'], c: [] },
      rules: [
        { id: 'keys', allow: ['read', 'r*', '*d', 'r?ad'], on: ['doc', 'd*', '*c'], to: { role: ['a', 'b', 'c'] } },
        { id: 'same', allow: ['read', 'read', '{read,read}'] },
      ],
    }
    const engine = await createEngine({ policies })
    expect(engine.evaluate(request).rules).toEqual(['keys', 'same'])
    expect(engine.explain(request).rules.map(({ id }) => id)).toEqual(['keys', 'same'])
  })

  test('500 of them come in document order, whatever the index files them under', async () => {
    const targets: readonly Partial<Rule>[] = [
      { allow: '*' },
      { allow: 'read' },
      { allow: 're*', on: 'doc' },
      { allow: ['read', 'r*'], to: { role: ['c', 'a'] } },
      { allow: 'read', on: { type: 'd*', id: 'd1' }, to: { id: 'alice' } },
      { allow: '*', to: { role: 'b' }, when: { 'subject.id': { starts_with: 'a' } } },
    ]
    const rules = Array.from({ length: 500 }, (_, i): Rule => ({ id: `r${i}`, ...targets[(i * 7) % targets.length] }))
    const policies: PolicyDocument = { version: 1, roles: { a: [], b: [], c: [] }, rules }
    const decision = (await createEngine({ policies })).evaluate(request)
    expect(decision.rules).toEqual(rules.map(({ id }) => id))
  })

  test('of several sets come in document order, too', async () => {
    const rules = (set: string): Rule[] => [
      { id: `${set}-glob`, allow: 'r*' },
      { id: `${set}-exact`, allow: 'read', on: 'doc' },
      { id: `${set}-any`, allow: '*' },
    ]
    const policies: PolicyDocument = {
      version: 1,
      rules: rules('default'),
      sets: { b: { rules: rules('b') }, a: { rules: rules('a') } },
    }
    const { rules: ids } = (await createEngine({ policies })).evaluate(request)
    expect(ids).toEqual(['default', 'b', 'a'].flatMap((set) => rules(set).map(({ id }) => id)))
  })
})
