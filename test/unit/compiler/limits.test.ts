/** What an image has no room for is a mistake in the policies, told as one, and not a damaged image. */
import { describe, expect, test } from 'vitest'
import { createEngine } from '../../../src/engine/index.ts'
import type { ConditionSource, PolicyDocument } from '../../../src/policy/document.ts'

const tooMany = { name: 'PolicyError', code: 'E_POLICY', message: expect.stringMatching(/more than .* E_LIMIT/) }

function reading(count: number): PolicyDocument {
  const rules = Array.from({ length: count }, (_, i) => ({
    id: `r${i}`,
    allow: 'read',
    when: { [`context.k${i}`]: 1 },
  }))
  return { version: 1, rules }
}

function readingOfItems(count: number): PolicyDocument {
  const any: ConditionSource[] = Array.from({ length: count }, (_, i) => ({ [`item.k${i}`]: i }))
  return { version: 1, rules: [{ id: 'r', allow: 'read', when: { 'context.items': { any_matches: { any } } } }] }
}

function ask(context: Record<string, unknown>) {
  return {
    subject: { type: 'user', id: 'alice' },
    action: { name: 'read' },
    resource: { type: 'doc', id: 'd1' },
    context,
  }
}

describe('attributes', () => {
  test('4,088 may be read', async () => {
    const engine = await createEngine({ policies: reading(4088) })
    expect(engine.evaluate(ask({ k0: 1, k4087: 1, k4088: 1 })).rules).toEqual(['r0', 'r4087'])
  })

  test('one more is told', async () => {
    await expect(createEngine({ policies: reading(4089) })).rejects.toMatchObject(tooMany)
  })
})

describe('parts of the items of a list', () => {
  test('255 may be read, beside the item itself', async () => {
    const engine = await createEngine({ policies: readingOfItems(255) })
    expect(engine.evaluate(ask({ items: [{ k0: 1 }, { k254: 254 }] })).decision).toBe(true)
    expect(engine.evaluate(ask({ items: [{ k0: 1 }, { k255: 255 }] })).decision).toBe(false)
  })

  test('one more is told', async () => {
    await expect(createEngine({ policies: readingOfItems(256) })).rejects.toMatchObject(tooMany)
  })
})

test('strings of any form are kept apart', async () => {
  const names = ['', ' ', '__proto__', 'constructor', '\u0000', '\uffff', '\u{1f600}', 'a b', 'a  b', 'a*b', 'A', 'a']
  const rules = names.map((name, i) => ({ id: `r${i}`, allow: 'read', when: { 'context.name': name } }))
  const engine = await createEngine({ policies: { version: 1, rules } })
  for (const [i, name] of names.entries()) {
    expect(engine.evaluate(ask({ name })).rules, JSON.stringify(name)).toEqual([`r${i}`])
  }
})
