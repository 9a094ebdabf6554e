/** Separation of duty when requests are decided: static over the roles held, dynamic over the active ones. */
import { describe, expect, test } from 'vitest'
import type { PolicyDocument } from '../../../src/policy/document.ts'
import { ask, engineOf } from './support.ts'

const roles = { buyer: ['requester'], boss: ['approver'], requester: [], approver: [], auditor: [] }
const rules = [
  { id: 'request', allow: 'read', to: { role: 'requester' } },
  { id: 'open', allow: 'read', on: 'public' },
]

function engineWith(separation: PolicyDocument['separation'], rest: Partial<PolicyDocument> = {}) {
  return engineOf(rules, { roles, ...(separation && { separation }), ...rest })
}

function ofRoles(held: unknown, activated?: readonly string[], type = 'doc') {
  return { ...ask({ subject: { roles: held }, type }), ...(activated && { state: { session: { roles: activated } } }) }
}

describe('static', async () => {
  const engine = await engineWith({ static: [{ roles: ['requester', 'approver'] }] })

  test.each<[unknown, string]>([
    [[], 'no_match'],
    [['requester'], 'matched'],
    ['buyer', 'matched'],
    [['requester', 'buyer'], 'matched'],
    [['requester', 'auditor'], 'matched'],
    [['requester', 'approver'], 'separation_of_duty'],
    [['buyer', 'boss'], 'separation_of_duty'],
    [['requester', { role: 'approver', on: 'file' }], 'matched'],
    [['requester', { role: 'approver', on: 'doc' }], 'separation_of_duty'],
    [['requester', { role: 'approver', on: { type: 'doc', id: 'd1' } }], 'separation_of_duty'],
    [['requester', { role: 'approver', on: { type: 'doc', id: 'd2' } }], 'matched'],
    [[...Array.from({ length: 100 }, () => 'requester'), 'approver'], 'separation_of_duty'],
  ])('%j: %s', (held, code) => {
    expect(engine.evaluate(ofRoles(held)).code).toBe(code)
    expect(engine.explain(ofRoles(held)).decision.code).toBe(code)
  })

  test('denies whatever is asked for, and says which', () => {
    const decision = engine.evaluate(ofRoles(['requester', 'approver'], undefined, 'public'))
    expect(decision).toMatchObject({ decision: false, status: 'deny', rules: [], obligations: [] })
    expect(decision.reason).toBe(
      'separation of duty (static): of the roles "requester", "approver" at most 1 may be held together',
    )
    expect(engine.evaluate(ofRoles([], undefined, 'public')).status).toBe('allow')
  })

  test('is about roles held, whatever a session activates', () => {
    expect(engine.evaluate(ofRoles(['requester', 'approver'], ['requester'])).code).toBe('separation_of_duty')
    expect(engine.evaluate(ofRoles(['requester'], ['requester', 'approver'])).code).toBe('matched')
  })
})

describe('dynamic', async () => {
  const engine = await engineWith({ dynamic: [{ roles: ['requester', 'approver'] }] })

  test.each<[unknown, readonly string[] | undefined, string]>([
    [['requester', 'approver'], undefined, 'separation_of_duty'],
    [['requester', 'approver'], ['requester', 'approver'], 'separation_of_duty'],
    [['requester', 'approver'], ['boss', 'buyer'], 'separation_of_duty'],
    [['requester', 'approver'], ['requester'], 'matched'],
    [['requester', 'approver'], ['approver'], 'no_match'],
    [['buyer', 'boss'], ['requester'], 'matched'],
    [['requester'], ['requester', 'approver'], 'matched'],
    [['requester', { role: 'approver', on: 'file' }], undefined, 'matched'],
  ])('%j, activating %j: %s', (held, activated, code) => {
    expect(engine.evaluate(ofRoles(held, activated)).code).toBe(code)
  })

  test('says so', () => {
    expect(engine.evaluate(ofRoles(['boss', 'buyer'])).reason).toBe(
      'separation of duty (dynamic): of the roles "requester", "approver" at most 1 may be active together',
    )
  })
})

test('more than one may be allowed', async () => {
  const engine = await engineWith({ static: [{ roles: ['requester', 'approver', 'auditor'], at_most: 2 }] })
  expect(engine.evaluate(ofRoles(['requester', 'approver'])).code).toBe('matched')
  expect(engine.evaluate(ofRoles(['requester', 'approver', 'auditor'])).code).toBe('separation_of_duty')
})

test('of several, the first that is broken is named, static ones before dynamic ones', async () => {
  const engine = await engineWith({
    dynamic: [{ roles: ['requester', 'auditor'] }],
    static: [{ roles: ['approver', 'auditor'] }, { roles: ['requester', 'approver'] }],
  })
  const reasons = [
    ['requester', 'approver', 'auditor'],
    ['requester', 'approver'],
    ['requester', 'auditor'],
  ].map((held) => engine.evaluate(ofRoles(held)).reason)
  expect(reasons.map((reason) => /\((\w+)\): of the roles "(\w+)", "(\w+)"/.exec(reason)?.slice(1))).toEqual([
    ['static', 'approver', 'auditor'],
    ['static', 'requester', 'approver'],
    ['dynamic', 'requester', 'auditor'],
  ])
})

test('a hundred separations, of which the last is broken', async () => {
  const many = Array.from({ length: 100 }, (_, i) => ({ roles: [`a-${i}`, `b-${i}`, `c-${i}`] }))
  const engine = await engineOf(rules, { separation: { static: many } })
  expect(engine.evaluate(ofRoles(['a-99', 'c-99'])).reason).toContain('"a-99", "b-99", "c-99"')
  expect(engine.evaluate(ofRoles(many.map(({ roles: [first] }) => first))).code).toBe('no_match')
})

test('known subjects are decided by the roles that apply', async () => {
  const subject = { type: 'user', id: 'alice' }
  const engine = await engineWith(
    { static: [{ roles: ['requester', 'approver'] }], dynamic: [{ roles: ['requester', 'auditor'] }] },
    { entities: { subjects: [{ ...subject, roles: ['requester', { role: 'auditor', on: 'file' }] }] } },
  )
  expect(engine.evaluate(ask()).code).toBe('matched')
  expect(engine.evaluate(ask({ type: 'file' })).code).toBe('separation_of_duty')
})

test('images that are loaded again decide the same', async () => {
  const { createEngine } = await import('../../../src/engine/index.ts')
  const { image } = await engineWith({ static: [{ roles: ['requester', 'approver'] }] })
  const engine = await createEngine({ image: image.bytes })
  expect(engine.evaluate(ofRoles(['requester', 'approver'])).reason).toContain('"requester", "approver"')
})
