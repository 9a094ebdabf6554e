import { describe, expect, test } from 'vitest'
import { createJsIndex } from '../../../bench/peers/js-index.ts'
import type { AccessRequest } from '../../../src/engine/types.ts'
import type { PolicyDocument, Rule } from '../../../src/policy/document.ts'

const roles = { editor: [], viewer: [] }
const on = 'record'
const editor = { role: 'editor' }

function engine(...rules: Rule[]) {
  return createJsIndex({ version: 1, roles, rules }, 'some-id')
}

function request(subject: Record<string, unknown>, resource: Record<string, unknown> = {}): AccessRequest {
  return {
    subject: { type: 'user', id: 'alice', properties: { roles: ['editor'], ...subject } },
    action: { name: 'write' },
    resource: { type: 'record', id: 'r1', properties: resource },
  }
}

describe('the hand-written index decides as docs/policy-reference.md says', () => {
  test('no rule applies: denied', () => {
    const decision = engine({ id: 'a', allow: 'read', on, to: editor })(request({}))
    expect(decision).toMatchObject({ decision: false, status: 'deny', code: 'no_match', rules: [], imageId: 'some-id' })
  })

  test('all deciding rules, in document order, whatever the order of the roles', () => {
    const evaluate = engine(
      { id: 'a', allow: 'write', on, to: { role: 'viewer' }, advice: [{ id: 'hint' }] },
      { id: 'b', allow: 'write', on, to: editor, because: 'editors write', obligations: [{ id: 'log' }] },
      { id: 'c', allow: 'write', on, to: editor, when: { 'subject.department': 'sales' } },
    )
    const decision = evaluate(request({ roles: ['editor', 'viewer', 'editor'], department: 'legal' }))
    expect(decision).toMatchObject({ decision: true, status: 'allow', code: 'matched', reason: 'editors write' })
    expect(decision.rules).toEqual(['a', 'b'])
    expect(decision.obligations).toEqual([{ id: 'log' }])
    expect(decision.advice).toEqual([{ id: 'hint' }])
  })

  test('a deny overrides, and allows do not decide then', () => {
    const evaluate = engine(
      { id: 'a', allow: 'write', on, to: editor },
      { id: 'd', deny: 'write', on, to: editor, when: { 'resource.status': { in: ['archived', 'draft'] } } },
      { id: 'b', allow: 'write', on, to: editor },
    )
    expect(evaluate(request({}, { status: 'archived' }))).toMatchObject({
      status: 'deny',
      code: 'matched',
      rules: ['d'],
    })
    expect(evaluate(request({}, { status: 'published' }))).toMatchObject({ status: 'allow', rules: ['a', 'b'] })
  })

  test('a missing attribute: an allow does not apply, a deny denies without its obligations', () => {
    const when = { 'subject.clearance': { gt: 3 }, 'subject.zone': { eq: { ref: 'resource.zone' } } }
    const allow = engine({ id: 'a', allow: 'write', on, to: editor, when })
    const deny = engine({ id: 'd', deny: 'write', on, to: editor, when, obligations: [{ id: 'log' }] })
    const missing = request({ zone: 'eu' }, { zone: 'eu' })
    expect(allow(missing).code).toBe('no_match')
    expect(deny(missing)).toMatchObject({ code: 'not_evaluable', rules: ['d'], obligations: [] })
    // One test that is false settles it, the missing one notwithstanding.
    expect(deny(request({ zone: 'eu' }, { zone: 'us' })).code).toBe('no_match')
    // An ordering between different types cannot be evaluated.
    expect(deny(request({ zone: 'eu', clearance: '4' }, { zone: 'eu' })).code).toBe('not_evaluable')
    expect(deny(request({ zone: 'eu', clearance: 4 }, { zone: 'eu' }))).toMatchObject({
      code: 'matched',
      obligations: [{ id: 'log' }],
    })
  })

  test('denies of which only some could be evaluated: matched', () => {
    const evaluate = engine(
      { id: 'd', deny: 'write', on, to: editor, when: { 'context.amount': { lt: 5 } }, obligations: [{ id: 'no' }] },
      { id: 'e', deny: 'write', on, to: editor, obligations: [{ id: 'yes' }] },
    )
    expect(evaluate(request({}))).toMatchObject({ code: 'matched', rules: ['d', 'e'], obligations: [{ id: 'yes' }] })
  })

  test('one role as a string, and none', () => {
    const evaluate = engine({ id: 'a', allow: 'write', on, to: editor })
    expect(evaluate(request({ roles: 'editor' })).decision).toBe(true)
    expect(evaluate(request({ roles: [] })).decision).toBe(false)
  })

  test.each<[string, Partial<PolicyDocument>]>([
    ['another algorithm', { algorithm: 'priority' }],
    ['roles that inherit', { roles: { editor: ['viewer'], viewer: [] } }],
    ['a glob', { rules: [{ id: 'a', allow: 'w*', on, to: editor }] }],
    [
      'another operator',
      { rules: [{ id: 'a', allow: 'write', on, to: editor, when: { 'subject.zone': { glob: 'x*' } } }] },
    ],
    ['another attribute', { rules: [{ id: 'a', allow: 'write', on, to: editor, when: { 'subject.age': 3 } }] }],
    ['unless', { rules: [{ id: 'a', allow: 'write', on, to: editor, unless: { 'context.mfa': true } }] }],
  ])('refuses %s instead of deciding wrongly', (_, change) => {
    expect(() => createJsIndex({ version: 1, roles, rules: [], ...change }, 'id')).toThrow(/the JS index/)
  })
})
