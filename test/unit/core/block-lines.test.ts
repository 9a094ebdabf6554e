/** Blocks of several lines: where most keys have several rules, their candidates stand in them, and the core refuses what does not fit. */
import { describe, expect, test } from 'vitest'
import { Header, LoadFault, Section } from '../../../assembly/abi/image.ts'
import { Layout } from '../../../assembly/abi/memory.ts'
import { Block, Candidate, MaskBits } from '../../../assembly/abi/rules.ts'
import { createEngine } from '../../../src/engine/index.ts'
import type { Rule } from '../../../src/policy/document.ts'
import { askDamaged, craft, load, wordsOf } from './images.ts'

/** `counts[i]` rules for the action `act<i>`, each with two tests: a candidate takes 16 bytes, its quick tests 16, and its node 12. */
function policies(counts: readonly number[]) {
  const rules = counts.flatMap((count, i): Rule[] =>
    Array.from({ length: count }, (_, n) => ({
      id: `${i}-${n}`,
      allow: `act${i}`,
      when: { 'context.a': { lt: n }, 'context.b': true },
    })),
  )
  return { version: 1 as const, rules }
}

async function imageOf(counts: readonly number[]) {
  const engine = await createEngine({ policies: policies(counts) })
  const { bytes } = engine.image
  const words = new Uint32Array(bytes.slice().buffer)
  return { engine, bytes, words, lines: words[Header.Combine]! >>> 8 }
}

const request = (i: number) => ({
  subject: { type: 'user', id: 'ann' },
  action: { name: `act${i}` },
  resource: { type: 'page', id: '1' },
  context: { a: 3, b: true },
})

describe('how many lines a block has', () => {
  test.each<[string, readonly number[], number]>([
    ['one rule for each key', [1, 1, 1, 1], 1],
    ['five rules for each key: 32 bytes and 5 × 44', [5, 5, 5, 5], 4],
    ['a few keys with many rules', [...Array(60).fill(1), 30, 40], 1],
    ['more rules than the largest block has room for', [40, 40], 1],
    ['no rules', [], 1],
  ])('%s', async (_, counts, lines) => {
    const image = await imageOf(counts)
    expect(image.lines).toBe(lines)
    const [start, end] = wordsOf(Section.Blocks, image.words)
    expect((end - start) * 4).toBe(counts.length * lines * Block.Line)
  })

  test('decisions and explanations are the same wherever the candidates stand', async () => {
    const counts = [5, 5, 6, 5, 5, 5, 20, 5, 5]
    const { engine, lines } = await imageOf(counts)
    expect(lines).toBe(4)
    counts.forEach((count, i) => {
      const rules = Array.from({ length: count - 4 }, (_, n) => `${i}-${n + 4}`)
      expect(engine.evaluate(request(i)).rules).toEqual(rules)
      const told = engine.explain(request(i)).rules
      expect(told.filter(({ outcome }) => outcome === 'true').map(({ id }) => id)).toEqual(rules)
    })
  })
})

const { bytes, words } = await imageOf([5, 5, 5, 5, 12])
const [blocks] = wordsOf(Section.Blocks, words)
const LINES = 4
const BLOCK = (Block.Line / 4) * LINES
const [lists] = wordsOf(Section.Candidates, words)
const addressOf = (index: number) => Layout.ImageBase + index * 4
const blockWith = (count: number) =>
  blocks + [0, 1, 2, 3, 4].find((i) => words[blocks + i * BLOCK]! >>> MaskBits.Count === count)! * BLOCK
const full = blockWith(5)
const withList = blockWith(12)

test('the image is as the tests take it to be', () => {
  expect(load(bytes)).toBe(LoadFault.None)
  expect(words[Header.Combine]! >>> 8).toBe(LINES)
  expect(words[full + Block.Candidates]).toBe(addressOf(full + Block.Own))
  expect(words[withList + Block.Candidates]).toBe(addressOf(lists))
})

describe('refused is', () => {
  test.each<[string, number, (word: number) => number, LoadFault]>([
    ['a header without lines', Header.Combine, (word) => word & 0xff, LoadFault.Sections],
    ['one with too many', Header.Combine, () => (Block.MostLines + 1) << 8, LoadFault.Sections],
    ['one with so many that their size wraps', Header.Combine, () => 0x4000_0100, LoadFault.Sections],
    ['one with more than there are', Header.Combine, () => (LINES + 1) << 8, LoadFault.Code],
    ['one with fewer', Header.Combine, () => (LINES / 2) << 8, LoadFault.Code],
    ['a way of combining that is none', Header.Combine, (word) => word | 2, LoadFault.Sections],
    ['a block with a candidate more', full, (word) => word + (1 << MaskBits.Count), LoadFault.Code],
    [
      'a block with so many that they reach into the next',
      full,
      (word) => word + (5 << MaskBits.Count),
      LoadFault.Code,
    ],
    ['one whose list is in the next block', full + Block.Candidates, (word) => word + BLOCK * 4, LoadFault.Code],
    ['one whose node is that of another', full + Block.Own + Candidate.Code, (word) => word + 12, LoadFault.Code],
  ])('%s', (_, index, change, fault) => {
    const damaged = craft(bytes, (all) => {
      all[index] = change(all[index]!)
    })
    expect(load(damaged)).toBe(fault)
  })
})

test('random words in blocks of several lines never fault', async () => {
  const requests = [0, 2, 4].map(request)
  const sections = [Section.Blocks, Section.Candidates]
  const { refused, taken, trapped } = await askDamaged(bytes, { sections, runs: 3000, seed: 30, requests })
  expect(trapped).toBe(0)
  expect(refused).toBeGreaterThan(300)
  expect(taken).toBeGreaterThan(300)
}, 60_000)
