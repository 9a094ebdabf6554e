/** Large requests: the core's memory grows while a decision is under way, and the decision is right all the same. */
import { describe, expect, test } from 'vitest'
import type { Properties } from '../../../src/engine/types.ts'
import { ask, engineOf, engineWhen } from './support.ts'

describe('memory grows during a decision', () => {
  test('for a text of 3 MB that a pattern looks into', async () => {
    const engine = await engineOf([
      { id: 'first', allow: 'read', when: { 'context.first': { starts_with: 'keep' } } },
      { id: 'glob', allow: 'read', when: { 'context.text': { glob: '*need?e*' } } },
      { id: 'last', allow: 'read', when: { 'context.last': { ends_with: 'too' } } },
    ])
    const hay = 'hay '.repeat(390_000)
    const context = { first: 'keep this', last: 'this too' }
    expect(engine.evaluate(ask({ context: { ...context, text: `${hay}needle${hay}` } })).rules).toEqual([
      'first',
      'glob',
      'last',
    ])
    expect(engine.evaluate(ask({ context: { ...context, text: hay + hay } })).rules).toEqual(['first', 'last'])
    expect(engine.evaluate(ask({ context: { ...context, text: 'needle' } })).rules).toEqual(['first', 'glob', 'last'])
  })

  test('again and again, up and down', async () => {
    const engine = await engineWhen({ 'context.text': { ends_with: 'end' }, 'context.list': { contains: 'x' } })
    for (const size of [10, 100_000, 1, 1_000_000, 0, 4_000_000, 10, 8_000_000, 100]) {
      const text = '\u00e4'.repeat(size)
      const list = Array.from({ length: size % 65_000 }, (_, i) => `s${i}`)
      for (const yes of [true, false]) {
        const context = { text: `${text}${yes ? 'end' : 'END'}`, list: [...list, 'x'] }
        expect(engine.evaluate(ask({ context })).decision, `${size}`).toBe(yes)
      }
    }
  })

  test('for the roles of the subject, and for a part of the request', async () => {
    const engine = await engineOf([{ id: 'r', allow: 'read', on: { id: '*-x' }, to: { role: 'admin' } }], {
      roles: { admin: [] },
    })
    const roles = Array.from({ length: 60_000 }, (_, i) => `role-${i}`)
    const id = `${'\u{1f600}'.repeat(1_000_000)}-x`
    expect(engine.evaluate(ask({ subject: { roles: [...roles, 'admin'] }, id })).decision).toBe(true)
    expect(engine.evaluate(ask({ subject: { roles }, id })).decision).toBe(false)
    expect(engine.evaluate(ask({ subject: { roles: [...roles, 'admin'] }, id: `${id}y` })).decision).toBe(false)
  })

  test('in explain: of a large request, with a long trace', async () => {
    const engine = await engineOf([
      ...Array.from({ length: 5000 }, (_, i) => ({ id: `r${i}`, allow: 'read', when: { 'context.n': i } })),
      { id: 'text', allow: 'read', when: { 'context.text': { ends_with: 'end' } } },
    ])
    const text = `${'a'.repeat(2_000_000)}end`
    const { rules, decision } = engine.explain(ask({ context: { n: 7, text } }))
    expect(decision.rules).toEqual(['r7', 'text'])
    expect(rules).toHaveLength(5001)
    expect(rules.at(-1)?.tests[0]).toMatchObject({ actual: text, outcome: 'true' })
    expect(engine.evaluate(ask({ context: { n: 8, text: 'the end' } })).rules).toEqual(['r8', 'text'])
  })
})

test('10,000 attributes: those that policies read are found, the others are nothing', async () => {
  const many: Properties = Object.fromEntries(Array.from({ length: 10_000 }, (_, i) => [`key-${i}`, i]))
  const engine = await engineWhen({
    'subject["key-9999"]': 9999,
    'resource.key-0': 0,
    'action.key-5000': 5000,
    'context.key-77': { eq: { ref: 'subject.key-77' } },
  })
  const parts = { subject: many, resource: many, action: many, context: many }
  expect(engine.evaluate(ask(parts)).decision).toBe(true)
  expect(engine.evaluate(ask({ ...parts, context: { ...many, 'key-77': 78 } })).decision).toBe(false)
  expect(engine.explain(ask(parts)).rules[0]?.tests.map(({ actual }) => actual)).toEqual([9999, 0, 5000, 77])
})
