/** Requests that are not of the form: E_REQUEST, naming the part. */
import { describe, expect, test } from 'vitest'
import { ask, engineOf, failureOf, untyped } from './support.ts'

/** Reads every part of the request. */
const engine = await engineOf([
  {
    id: 'open',
    allow: 'read',
    on: { type: 'doc', id: ['d1', 'd*'] },
    to: { type: ['user', 'u*'], id: ['alice', 'a*'] },
    when: {
      any: [{ 'subject.a': 1 }, { 'action.a': 1 }, { 'resource.a': 1 }, { 'context.a': { eq: 1, otherwise: true } }],
    },
  },
])
const good = ask()

describe('a part that is missing is named', () => {
  test.each([
    ['subject', { ...good, subject: undefined }],
    ['subject', { ...good, subject: null }],
    ['action', { ...good, action: undefined }],
    ['resource', { ...good, resource: null }],
    ['subject.type', { ...good, subject: { id: 'alice' } }],
    ['subject.id', { ...good, subject: { type: 'user' } }],
    ['subject.id', { ...good, subject: { type: 'user', id: null } }],
    ['action.name', { ...good, action: {} }],
    ['resource.type', { ...good, resource: { id: 'd1' } }],
    ['resource.id', { ...good, resource: { type: 'doc' } }],
    ['the request', null],
    ['the request', undefined],
    ['the request', 'read'],
    ['the request', [good]],
    ['subject', {}],
  ])('%s', (part, request) => {
    for (const call of ['evaluate', 'explain'] as const) {
      expect(failureOf(() => engine[call](untyped(request)))).toMatch(new RegExp(`^E_REQUEST: ${part}\\b`))
    }
    expect(failureOf(() => engine.evaluateMany([untyped(request)]))).toMatch(new RegExp(`^E_REQUEST: ${part}\\b`))
  })
})

describe('a part of another type, where policies read it', () => {
  test.each([
    ['subject.type', { ...good, subject: { type: 5, id: 'alice' } }],
    ['subject.id', { ...good, subject: { type: 'user', id: { toString: () => 'alice' } } }],
    ['subject.id', { ...good, subject: { type: 'user', id: 7 } }],
    ['action.name', { ...good, action: { name: ['read'] } }],
    ['resource.type', { ...good, resource: { type: true, id: 'd1' } }],
    ['resource.id', { ...good, resource: { type: 'doc', id: 0 } }],
  ])('%s', (part, request) => {
    expect(failureOf(() => engine.evaluate(untyped(request)))).toMatch(
      new RegExp(`^E_REQUEST: ${part} must be a string`),
    )
  })

  test('a string that no policy reads is not looked at, but has to be there', async () => {
    const blind = await engineOf([{ id: 'open', allow: '*' }])
    expect(failureOf(() => blind.evaluate(untyped({ ...good, resource: { type: 'doc' } })))).toMatch(/resource\.id/)
  })
})

describe('properties and context must be objects, where policies read them', () => {
  const wrong = [null, [], ['a'], 'text', 5, true]
  test.each(['subject', 'action', 'resource'] as const)('%s.properties', (part) => {
    for (const properties of wrong) {
      const request = untyped({ ...good, [part]: { ...good[part], properties } })
      expect(failureOf(() => engine.evaluate(request))).toMatch(
        new RegExp(`^E_REQUEST: ${part}\\.properties must be an object`),
      )
    }
  })

  test('context', () => {
    for (const context of wrong) {
      expect(failureOf(() => engine.evaluate(untyped({ ...good, context })))).toMatch(
        /^E_REQUEST: context must be an object/,
      )
    }
  })

  test('undefined is as good as left out', () => {
    const request = untyped({ ...good, context: undefined, subject: { ...good.subject, properties: undefined } })
    expect(engine.evaluate(request).decision).toBe(true)
  })

  test('unknown keys are ignored, wherever they are', () => {
    const request = untyped({ ...good, extra: 1, subject: { ...good.subject, name: 'Alice' } })
    expect(engine.evaluate(request).decision).toBe(true)
  })
})

test('a refused request leaves the engine as it was', () => {
  const before = JSON.stringify(engine.evaluate(good))
  failureOf(() => engine.evaluate(untyped({ ...good, resource: { type: 'doc', id: 0 } })))
  expect(JSON.stringify(engine.evaluate(good))).toBe(before)
})

describe('half of a surrogate pair', () => {
  test.each([
    ['subject.id', { ...good, subject: { type: 'user', id: 'a\ud800' } }],
    ['resource.id', { ...good, resource: { type: 'doc', id: '\udc00d' } }],
  ])('in %s, where a pattern looks at it', (part, request) => {
    expect(failureOf(() => engine.evaluate(request))).toMatch(new RegExp(`^E_REQUEST: ${part}`))
  })

  test('is a string like any other where nothing looks into it', async () => {
    const plain = await engineOf([{ id: 'open', allow: 'read', when: { 'context.a': { neq: 'x', otherwise: true } } }])
    expect(plain.evaluate({ ...good, subject: { type: 'user', id: '\ud800' } }).decision).toBe(true)
    expect(plain.evaluate(ask({ context: { a: '\ud800' } })).decision).toBe(true)
  })
})
