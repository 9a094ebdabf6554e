/** One role as a string is a list of it: in conditions of every kind, whether the request comes as an object or as bytes. */
import { describe, expect, test } from 'vitest'
import { ask, engineOf } from './support.ts'

const engine = await engineOf([
  { id: 'to', allow: 'read', to: { role: 'admin' } },
  { id: 'contains', allow: 'read', when: { 'subject.roles': { contains: 'admin' } } },
  { id: 'any', allow: 'read', when: { 'subject.roles': { any_matches: { item: 'admin' } } } },
  { id: 'folded', allow: 'read', when: { 'subject.roles': { contains: 'ADMIN', ignore_case: true } } },
  { id: 'cel', allow: 'read', when: { cel: '"admin" in subject.roles' } },
  { id: 'size', allow: 'write', when: { cel: 'size(subject.roles) == 1' } },
])

const encoder = new TextEncoder()

function decided(roles: unknown, name = 'read') {
  const request = { ...ask(), action: { name }, subject: { type: 'user', id: 'bob', properties: { roles } } }
  const answer = engine.evaluateJson(encoder.encode(JSON.stringify(request)))
  return {
    rules: engine.evaluate(request).rules,
    inList: engine.evaluateMany([request, { ...request, resource: { type: 'doc', id: 'other' } }])[1]?.rules,
    explained: engine.explain(request).decision.rules,
    bytes: JSON.parse(new TextDecoder().decode(answer)).decision,
  }
}

function all(rules: readonly string[]) {
  return { rules, inList: rules, explained: rules, bytes: rules.length > 0 }
}

describe('one role as a string', () => {
  test('is the same as a list of it', () => {
    expect(decided('admin')).toEqual(all(['to', 'contains', 'any', 'folded', 'cel']))
    expect(decided('admin')).toEqual(decided(['admin']))
  })

  test('is not looked into', () => {
    for (const role of ['non-admin', 'administrator', 'a', '']) expect(decided(role)).toEqual(all([]))
  })

  test('that has to be unescaped', () => {
    const body = JSON.stringify({ ...ask(), subject: { type: 'user', id: 'bob', properties: { roles: 'admin' } } })
    const escaped = body.replace('"admin"', '"\\u0061dmin"')
    expect(escaped).not.toBe(body)
    expect(JSON.parse(new TextDecoder().decode(engine.evaluateJson(encoder.encode(escaped)))).decision).toBe(true)
  })

  test('counts as one', () => {
    expect(decided('a long name with "quotes"', 'write')).toEqual(all(['size']))
    expect(decided(['a', 'b'], 'write')).toEqual(all([]))
  })
})
