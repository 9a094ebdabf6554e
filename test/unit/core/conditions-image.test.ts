/** What the core refuses of conditions that compare attributes, which it checks in a way of their own. */
import { describe, expect, test } from 'vitest'
import { Op, Operand } from '../../../assembly/abi/condition.ts'
import { Tag } from '../../../assembly/abi/frame.ts'
import { Header, LoadFault, Section } from '../../../assembly/abi/image.ts'
import { Layout, Limit } from '../../../assembly/abi/memory.ts'
import { createEngine } from '../../../src/engine/index.ts'
import type { Rule } from '../../../src/policy/document.ts'
import { craft, load, wordsOf } from './images.ts'

type When = NonNullable<Rule['when']>

/** The image of one rule, and where the comparisons of its condition begin, or what else that is. */
async function imageOf(when: When, section = Section.Comparisons): Promise<{ bytes: Uint8Array; at: number }> {
  const { bytes } = (await createEngine({ policies: { version: 1, rules: [{ id: 'r', allow: 'read', when }] } })).image
  const [at] = wordsOf(section, new Uint32Array(bytes.slice().buffer))
  return { bytes, at }
}

describe('a comparison', () => {
  /** Two of each, so that each is a part of a whole, as conditions are that the core goes through without a call. */
  const kinds: readonly [op: Op, words: number, test: unknown][] = [
    [Op.EqString, 3, 'eu'],
    [Op.InStrings, 5, { in: ['a', 'b', 'c'] }],
    [Op.GtNumber, 4, { gt: 5 }],
    [Op.LteNumber, 4, { lte: 5 }],
    [Op.Gte, 3, { gte: { ref: 'resource.other' } }],
    [Op.Eq, 7, true],
  ]

  describe.each(kinds)('of operation %i', (op, size, test1) => {
    const image = imageOf({ 'resource.one': test1, 'resource.two': test1 } as When)

    /** What the core says with a word of the first of the two changed. */
    async function loadWith(word: number, value: (before: number, words: Uint32Array) => number): Promise<LoadFault> {
      const { bytes, at } = await image
      return load(craft(bytes, (words) => (words[at + word] = value(words[at + word] ?? 0, words))))
    }

    test('is there as expected', async () => {
      expect(await loadWith(0, (before) => (before === (op | (size << 8)) ? before : 0))).toBe(LoadFault.None)
    })

    test.each([0, 1, size - 1, size + 1, 100, 0xffffff])('with %i words', async (words) => {
      expect(await loadWith(0, () => (op | (words << 8)) >>> 0)).toBe(LoadFault.Code)
    })

    test.each([Operand.Inline, Operand.Item, Operand.Text, 15])('with an attribute of form %i', async (form) => {
      expect(await loadWith(1, (before) => (before & ~15) | form)).toBe(LoadFault.Code)
    })

    test('with an attribute behind the last', async () => {
      const slots = (words: Uint32Array) => (words[Header.SlotCount] ?? 0) * Layout.CellSize
      expect(await loadWith(1, (_, words) => slots(words) | Operand.Frame)).toBe(LoadFault.Code)
      expect(await loadWith(1, (_, words) => (slots(words) - Layout.CellSize) | Operand.Frame)).toBe(LoadFault.None)
    })
  })

  test.each([
    ['with a string', 'eu', 2],
    ['with strings', { in: ['a', 'b', 'c'] }, 4],
  ])('%s, which there is not', async (_, test1, word) => {
    const { bytes, at } = await imageOf({ 'resource.one': test1, 'resource.two': test1 } as When)
    const change = (string: (count: number) => number) => (words: Uint32Array) => {
      const [start, end] = wordsOf(Section.StringOffsets, words)
      words[at + word] = string(end - start - 1)
    }
    expect(
      load(
        craft(
          bytes,
          change((count) => count - 1),
        ),
      ),
    ).toBe(LoadFault.None)
    expect(
      load(
        craft(
          bytes,
          change((count) => count),
        ),
      ),
    ).toBe(LoadFault.Code)
    expect(
      load(
        craft(
          bytes,
          change(() => 0xffffffff),
        ),
      ),
    ).toBe(LoadFault.Code)
  })

  test('with an attribute that is none', async () => {
    const test1 = { gte: { ref: 'resource.other' } }
    const { bytes, at } = await imageOf({ 'resource.one': test1, 'resource.two': test1 })
    for (const operand of [Operand.Inline, Operand.Item, 0x10000 | Operand.Frame]) {
      expect(load(craft(bytes, (words) => (words[at + 2] = operand)))).toBe(LoadFault.Code)
    }
  })

  test('with a constant that is no boolean', async () => {
    const { bytes, at } = await imageOf({ 'resource.one': true, 'resource.two': true })
    expect(new Uint32Array(bytes.slice().buffer)[at + 3]).toBe(Tag.Boolean)
    expect(load(craft(bytes, (words) => (words[at + 4] = 2)))).toBe(LoadFault.Code)
    expect(load(craft(bytes, (words) => (words[at + 3] = 77)))).toBe(LoadFault.Code)
    // Another kind of constant is as good.
    expect(load(craft(bytes, (words) => (words[at + 3] = Tag.Null)))).toBe(LoadFault.None)
  })
})

test('a comparison nested as deeply as conditions may be, and one deeper', async () => {
  const items = Array.from({ length: Limit.ConditionDepth + 8 }, (_, i) => `item ${i}`)
  const { bytes, at } = await imageOf({ 'resource.one': { in: items } }, Section.Conditions)
  /** So many nodes around what is left of the list. */
  const nested = (depth: number) => (words: Uint32Array) => {
    const size = items.length + 2
    const attribute = words[at + 1] ?? 0
    for (let level = 0; level < depth; level++) words[at + level] = Op.All | ((size - level) << 8)
    words[at + depth] = Op.InStrings | ((size - depth) << 8)
    words[at + depth + 1] = attribute
    words.fill(0, at + depth + 2, at + size)
  }
  expect(load(craft(bytes, nested(Limit.ConditionDepth)))).toBe(LoadFault.None)
  expect(load(craft(bytes, nested(Limit.ConditionDepth + 1)))).toBe(LoadFault.Code)
})
