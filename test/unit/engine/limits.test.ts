/** Past a limit: a denial with the code `limit`, soon, and the next request is decided as ever. */
import { describe, expect, test } from 'vitest'
import { Limit } from '../../../assembly/abi/memory.ts'
import type { AccessRequest, Engine } from '../../../src/engine/types.ts'
import type { Rule } from '../../../src/policy/document.ts'
import { ask, engineOf } from './support.ts'

/** Generous: what is to be shown is that no request holds the engine for long. */
const SOON = 2000

/** Decides, and afterwards two small requests: one allowed, one not. */
function codeOf(engine: Engine, request: AccessRequest): string {
  const start = performance.now()
  const decision = engine.evaluate(request)
  expect(performance.now() - start).toBeLessThan(SOON)
  expect(engine.evaluate(ask({ context: { small: 'yes' } })).decision).toBe(true)
  expect(engine.evaluate(ask({ context: { small: 'no' } })).decision).toBe(false)
  if (decision.code === 'limit') expect(decision).toMatchObject({ decision: false, status: 'deny', rules: [] })
  return decision.code
}

/** An engine that reads `context.a` and `context.b` by one rule, and `context.small` by another. */
function engineReading(tests: Record<string, object>): Promise<Engine> {
  return engineOf([
    { id: 'small', allow: 'read', when: { 'context.small': { starts_with: 'yes' } } },
    { id: 'big', allow: 'read', when: { ...tests } },
  ])
}

const strings = (count: number) => Array.from({ length: count }, (_, i) => `item-${i}`)

function nested(depth: number): unknown {
  return Array.from({ length: depth }).reduce<unknown>((inner) => [inner], 'x')
}

describe('items of lists', () => {
  test('65,536 are read, one more is too many', async () => {
    const engine = await engineReading({ 'context.a': { contains: 'item-65535' } })
    expect(codeOf(engine, ask({ context: { a: strings(Limit.ListItems) } }))).toBe('matched')
    expect(codeOf(engine, ask({ context: { a: strings(Limit.ListItems + 1) } }))).toBe('limit')
  })

  test('count together, those of inner lists, too', async () => {
    const engine = await engineReading({ 'context.a': { contains: 'x' }, 'context.b': { contains: 1 } })
    const half = Limit.ListItems / 2
    const inner = strings(half - 2)
    expect(codeOf(engine, ask({ context: { a: ['x', inner], b: new Array(half).fill(1) } }))).toBe('matched')
    expect(codeOf(engine, ask({ context: { a: ['x', inner], b: new Array(half + 1).fill(1) } }))).toBe('limit')
  })

  test('do not count where no rule in question reads them', async () => {
    const engine = await engineReading({ 'context.a': { exists: true } })
    const unread = strings(Limit.ListItems + 1)
    expect(codeOf(engine, ask({ context: { a: 1, other: unread }, subject: { tags: unread } }))).toBe('matched')
  })
})

describe('lists in lists', () => {
  test('are read 8 deep, not 9', async () => {
    const engine = await engineReading({ 'context.a': { eq: { ref: 'context.b' } } })
    expect(codeOf(engine, ask({ context: { a: nested(8), b: nested(8) } }))).toBe('matched')
    expect(codeOf(engine, ask({ context: { a: nested(8), b: nested(7) } }))).toBe('no_match')
    expect(codeOf(engine, ask({ context: { a: nested(9), b: nested(9) } }))).toBe('limit')
    expect(codeOf(engine, ask({ context: { a: nested(5000), b: 1 } }))).toBe('limit')
  })

  test('in maps do not count: maps are not looked into', async () => {
    const engine = await engineReading({ 'context.a': { exists: true } })
    expect(codeOf(engine, ask({ context: { a: { b: nested(9) } } }))).toBe('matched')
  })
})

describe('texts', () => {
  const most: number = Limit.TextBytes

  test('of 8,388,608 characters are looked into, one more is too many', async () => {
    const engine = await engineReading({ 'context.a': { glob: '*end' } })
    expect(codeOf(engine, ask({ context: { a: `${'a'.repeat(most - 3)}end` } }))).toBe('matched')
    expect(codeOf(engine, ask({ context: { a: `${'a'.repeat(most - 2)}end` } }))).toBe('limit')
  })

  test('count together', async () => {
    const engine = await engineReading({ 'context.a': { ends_with: 'z' }, 'context.b': { ends_with: 'z' } })
    const half = `${'\u{1f600}'.repeat(most / 4 - 1)}.z`
    expect(codeOf(engine, ask({ context: { a: half, b: half } }))).toBe('matched')
    expect(codeOf(engine, ask({ context: { a: half, b: `.${half}` } }))).toBe('limit')
  })

  test('that are only compared do not count', async () => {
    const engine = await engineReading({ 'context.a': { eq: { ref: 'context.b' } } })
    const long = 'a'.repeat(most + 1)
    expect(codeOf(engine, ask({ context: { a: long, b: `${long}` } }))).toBe('matched')
    expect(codeOf(engine, ask({ context: { a: long, b: `${long}b` } }))).toBe('no_match')
  })

  test('in the parts of the request count where a pattern looks at them', async () => {
    const engine = await engineOf([
      { id: 'small', allow: 'read', when: { 'context.small': { starts_with: 'yes' } } },
      { id: 'secret', deny: 'read', on: { id: 'secret*' } },
      { id: 'big', allow: 'read', on: { type: 'big' } },
    ])
    expect(codeOf(engine, ask({ type: 'big', id: `secret${'a'.repeat(most)}` }))).toBe('limit')
    expect(codeOf(engine, ask({ type: 'big', id: `secret${'a'.repeat(most / 2)}` }))).toBe('matched')
  })
})

describe('steps', () => {
  test('two large lists compared item by item', async () => {
    for (const operator of ['contains_all', 'contains_any', 'is_subset']) {
      const engine = await engineReading({ 'context.a': { [operator]: { ref: 'context.b' } } })
      const a = strings(32_000)
      const b = a.map((text) => `${text}!`)
      // The other operators find the first difference soon.
      const slow = operator === 'contains_any' ? b : [...a].reverse()
      expect(codeOf(engine, ask({ context: { a, b: slow } })), operator).toBe('limit')
      expect(codeOf(engine, ask({ context: { a: a.slice(0, 100), b: slow.slice(0, 100) } })), operator).not.toBe(
        'limit',
      )
    }
  })

  test('equality of lists in lists', async () => {
    const engine = await engineReading({ 'context.a': { contains_all: { ref: 'context.b' } } })
    const list = (last: number) => Array.from({ length: 250 }, () => [...new Array(120).fill('x'), last])
    expect(codeOf(engine, ask({ context: { a: list(1), b: list(2) } }))).not.toBe('matched')
  })

  test('a long text looked for in a longer one', async () => {
    const engine = await engineReading({ 'context.a': { contains: { ref: 'context.b' } } })
    expect(codeOf(engine, ask({ context: { a: 'a'.repeat(786_432), b: `${'a'.repeat(65_535)}b` } }))).toBe('limit')
    // So long that the product of the lengths does not fit into 32 bits; the `b` in front keeps the work itself small.
    for (const [whole, part] of [
      [6_291_456, 2_097_144],
      [4_194_304, 4_194_296],
    ] as const) {
      const request = ask({ context: { a: 'a'.repeat(whole), b: `b${'a'.repeat(part - 1)}` } })
      expect(codeOf(engine, request), `${whole} and ${part}`).toBe('limit')
    }
  })

  test('quantifiers over a large list with a large list inside', async () => {
    const engine = await engineReading({
      'context.a': { all_match: { item: { not_in: { ref: 'context.b' } } } },
    })
    const a = strings(32_000)
    const b = a.map((text) => `${text}!`)
    expect(codeOf(engine, ask({ context: { a, b } }))).toBe('limit')
    expect(codeOf(engine, ask({ context: { a: a.slice(0, 1000), b: b.slice(0, 1000) } }))).toBe('matched')
  })

  test('a glob with many stars over a long text', async () => {
    const engine = await engineReading({ 'context.a': { glob: `*${'a?'.repeat(60)}*b` } })
    expect(codeOf(engine, ask({ context: { a: 'a'.repeat(2_000_000) } }))).toMatch(/^(limit|no_match)$/)
  })

  test('a regular expression with many states over a long text', async () => {
    const engine = await engineReading({ 'context.a': { regex: '(a?){500}a{500}b' } })
    expect(codeOf(engine, ask({ context: { a: 'a'.repeat(1_000_000) } }))).toBe('limit')
    expect(codeOf(engine, ask({ context: { a: `${'a'.repeat(600)}b` } }))).toBe('matched')
  })

  test('the amount is one for all rules together', async () => {
    const engine = await engineOf([
      { id: 'small', allow: 'read', when: { 'context.small': { starts_with: 'yes' } } },
      ...Array.from({ length: 30 }, (_, i) => ({
        id: `big-${i}`,
        allow: 'read',
        when: { 'context.a': { contains_all: { ref: 'context.b' } }, 'context.n': i },
      })),
    ])
    const a = strings(1500)
    const request = ask({ context: { a, b: [...a].reverse(), n: -1 } })
    expect(codeOf(engine, request)).toBe('limit')
  })
})

describe('explain', () => {
  test('past a limit has nothing to explain', async () => {
    const engine = await engineReading({ 'context.a': { contains: 'x' } })
    expect(engine.explain(ask({ context: { a: strings(70_000) } }))).toMatchObject({
      decision: { code: 'limit' },
      sets: [],
      rules: [],
    })
  })

  test('says what evaluate says, also near the limit', async () => {
    const engine = await engineReading({ 'context.a': { contains_all: { ref: 'context.b' } } })
    for (const count of [1000, 3000, 3500, 4000, 4400]) {
      const list = strings(count)
      const request = ask({ context: { a: list, b: list, small: 'no' } })
      const { code } = engine.evaluate(request)
      expect(engine.explain(request).decision.code, `${count} items`).toBe(code)
    }
  })

  test('takes votes from the decision where the trace alone passes a limit', async () => {
    const cut = expect.stringMatching(/^perhaps not looked at/)
    const heavy = { 'context.a': { contains_all: { ref: 'context.b' } } }
    const rules: Rule[] = [
      { id: 'first', allow: 'read', when: { 'context.ok': false, ...heavy } },
      { id: 'r', allow: 'read', when: { any: [{ 'context.ok': true }, heavy] } },
      { id: 'late', allow: 'read', when: 'context.ok == true && context.n.matches("^[1]$")' },
    ]
    const other = { rules: [{ id: 'z', deny: 'read', when: { 'context.ok': false } }] }
    const a = strings(30_000)
    const request = ask({ context: { ok: true, n: '1', a, b: [...a].reverse() } })
    const alone = await engineOf(rules)
    const { decision, sets, rules: told } = alone.explain(request)
    expect(decision).toEqual(alone.evaluate(request))
    expect(sets).toEqual([{ name: 'default', algorithm: 'deny-overrides', vote: 'allow', deciding: ['r', 'late'] }])
    expect(told.map(({ id, outcome, deciding }) => [id, outcome, deciding])).toEqual([
      ['first', 'false', false],
      ['r', 'true', true],
      ['late', 'true', true],
    ])
    expect(told[0]?.tests[1]).toMatchObject({ operator: 'contains_all', outcome: 'not_evaluable', note: cut })
    expect(told[2]?.tests[1]).toMatchObject({ operator: 'cel', outcome: 'not_evaluable', why: cut })

    const several = (await engineOf(rules, { sets: { other } })).explain(request)
    expect(several.sets.map(({ name, vote, deciding }) => [name, vote, deciding])).toEqual([
      ['default', 'allow', ['r', 'late']],
      ['other', 'abstain', []],
    ])
    const denied = (await engineOf([rules[0]!], { sets: { other } })).explain(request)
    expect(denied.sets.map(({ name, vote, deciding }) => [name, vote, deciding])).toEqual([
      ['default', 'abstain', []],
      ['other', 'abstain', []],
    ])
    // What would have allowed it is told all the same.
    const closed = await engineOf([...rules, { id: 'd', deny: 'read', when: { 'context.ok': true } }])
    const { nearest } = closed.whyNot(request)
    expect(nearest[0]).toMatchObject({ id: 'r', missing: [], blockedBy: ['d'] })
  })
})
