/** Decisions as values: whatever calls may share of them, nothing that a reader does changes the next one. */
import { deepStrictEqual } from 'node:assert/strict'
import { inspect } from 'node:util'
import { describe, expect, test } from 'vitest'
import { ask, engineOf } from './support.ts'

const rules = [
  {
    id: 'open',
    allow: 'read',
    because: 'all may read',
    obligations: [{ id: 'mask', fields: ['ssn'], more: { level: 1 } }],
    advice: [{ id: 'notify' }],
  },
  { id: 'closed', deny: 'write' },
] as const

/** Changes everything that can be changed from outside. */
function tamper(value: unknown): void {
  if (typeof value !== 'object' || value === null) return
  for (const key of [...Object.keys(value), 'decision', 'status', 'rules', 'toJSON']) {
    tamper(Reflect.get(value, key))
    Reflect.set(value, key, 'tampered')
    Reflect.deleteProperty(value, key)
  }
  Reflect.set(value, 'length', 0)
}

describe('a decision', () => {
  test('as JSON has everything, and nothing else', async () => {
    const engine = await engineOf(rules)
    expect(JSON.parse(JSON.stringify(engine.evaluate(ask())))).toEqual({
      decision: true,
      status: 'allow',
      code: 'matched',
      reason: 'all may read',
      rules: ['open'],
      obligations: [{ id: 'mask', fields: ['ssn'], more: { level: 1 } }],
      advice: [{ id: 'notify' }],
      imageId: engine.image.id,
    })
  })

  test('without rules as JSON', async () => {
    const engine = await engineOf(rules)
    const decision = engine.evaluate({ ...ask(), action: { name: 'list' } })
    expect(JSON.parse(JSON.stringify(decision))).toEqual({
      decision: false,
      status: 'deny',
      code: 'no_match',
      reason: decision.reason,
      rules: [],
      obligations: [],
      advice: [],
      imageId: engine.image.id,
    })
  })

  test('is copied, cloned and compared by what it is about', async () => {
    const engine = await engineOf(rules)
    const [allow, deny] = [engine.evaluate(ask()), engine.evaluate({ ...ask(), action: { name: 'write' } })]
    expect({ ...deny }).toEqual({ decision: false, status: 'deny' })
    expect(structuredClone(allow)).toEqual({ decision: true, status: 'allow' })
    expect(inspect(deny)).toMatch(/decision: false, status: 'deny'/)
    expect(allow).not.toEqual(deny)
    expect(() => deepStrictEqual(allow, deny)).toThrow()
  })

  test('carries the id of the image that decided', async () => {
    const engine = await engineOf(rules)
    const before = engine.evaluate(ask())
    const id = engine.image.id
    await engine.replacePolicies({ version: 1, rules: [{ id: 'new', allow: 'read' }] })
    expect(before.imageId).toBe(id)
    expect(engine.evaluate(ask()).imageId).toBe(engine.image.id)
    expect(engine.image.id).not.toBe(id)
  })

  test('reads the same every time', async () => {
    const decision = (await engineOf(rules)).evaluate(ask())
    expect(decision.rules).toEqual(decision.rules)
    expect(decision.obligations).toEqual(decision.obligations)
    expect(JSON.stringify(decision)).toBe(JSON.stringify(decision))
  })

  test.each(['read', 'write', 'list'])(
    'of %s that a reader tampers with does not change the next one',
    async (name) => {
      const engine = await engineOf(rules)
      const request = { ...ask(), action: { name } }
      const expected = JSON.stringify(engine.evaluate(request))
      // Not the lists alone: obligations hold lists and maps.
      const read = engine.evaluate(request)
      for (const part of [read.obligations, read.advice, read.rules, read]) tamper(part)
      expect(JSON.stringify(engine.evaluate(request))).toBe(expected)
      expect(engine.evaluate(request).decision).toBe(name === 'read')
    },
  )
})
