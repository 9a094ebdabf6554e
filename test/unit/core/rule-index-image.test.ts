/** What the core refuses of groups, blocks and lists of candidates, on which its searches rely. */
import { describe, expect, test } from 'vitest'
import { LoadFault, Section } from '../../../assembly/abi/image.ts'
import { Layout } from '../../../assembly/abi/memory.ts'
import { Block, Candidate, Group, MaskBits } from '../../../assembly/abi/rules.ts'
import { createEngine } from '../../../src/engine/index.ts'
import type { Rule } from '../../../src/policy/document.ts'
import { askDamaged, craft, load, wordsOf } from './images.ts'

/** Twenty keys of one rule each, and one of three, so that there are several groups and a list of candidates. */
const rules: Rule[] = Array.from({ length: 20 }, (_, i) => ({
  id: `one ${i}`,
  allow: `act${i}`,
  when: { 'context.a': i, ...(i % 2 === 0 && { 'context.b': true }) },
}))
for (const id of ['x', 'y', 'z']) rules.push({ id, deny: 'both', when: { 'context.a': 1, 'context.b': true } })
const { bytes } = (await createEngine({ policies: { version: 1, rules } })).image
const image = new Uint32Array(bytes.slice().buffer)
const GROUP = Group.Size / 4
const BLOCK = Block.Line / 4
const [groups, groupsEnd] = wordsOf(Section.Groups, image)
const [blocks, blocksEnd] = wordsOf(Section.Blocks, image)
const [lists] = wordsOf(Section.Candidates, image)
const addressOf = (index: number) => Layout.ImageBase + index * 4

/** What the core says after a change to one word. */
function loadWith(index: number, change: (word: number) => number): LoadFault {
  return load(
    craft(bytes, (words) => {
      words[index] = change(words[index]!)
    }),
  )
}

test('the image is as the tests take it to be', () => {
  expect(load(bytes)).toBe(LoadFault.None)
  expect((blocksEnd - blocks) / BLOCK).toBe(21)
  expect((groupsEnd - groups) / GROUP).toBeGreaterThan(3)
  expect((addressOf(blocks) | addressOf(blocksEnd)) % Block.Line).toBe(0)
})

describe('a group', () => {
  /** One with keys, that is not full. */
  const group = Array.from({ length: (groupsEnd - groups) / GROUP }, (_, i) => groups + i * GROUP).find(
    (at) => image[at + Group.Keys] !== 0 && image[at + Group.Most] === 0,
  )!
  /** The first place in it that is empty. */
  const empty = image.indexOf(0, group + Group.Keys)

  test.each<[string, number, (word: number) => number]>([
    ['whose first key has another number', group + Group.First, (word) => word + 1],
    ['with a key less', empty - 1, () => 0],
    ['with a key more', empty, () => image[group + Group.Keys]!],
    ['with a key behind an empty place', group + Group.Most, () => image[group + Group.Keys]!],
    ['whose key reads another list of slots', group + Group.Keys, (word) => word ^ 1],
    ['whose key reads no list of slots', group + Group.Keys, (word) => word & ~0x3f],
  ])('%s is refused', (_, index, change) => {
    expect(loadWith(index, change)).toBe(LoadFault.Index)
  })

  test('of which none has an empty place is refused', () => {
    const full = craft(bytes, (words) => {
      // Seven keys and one group for them: the rest of both sections is left out.
      const lengthOf = (section: Section) => 8 + section * 2 + 1
      words[lengthOf(Section.Groups)] = Group.Size
      words[lengthOf(Section.Blocks)] = Group.Most * Block.Line
      words[lengthOf(Section.Candidates)] = 0
      const bits = 32 - Math.clz32(words[lengthOf(Section.Needs)]! / 4)
      const needs = addressOf(wordsOf(Section.Needs, words)[0])
      words[groups] = 0
      for (let i = 0; i < Group.Most; i++) {
        const block = blocks + i * BLOCK
        words[groups + Group.Keys + i] = (i << bits) | ((words[block + Block.Needs]! - needs) / 4 + 1)
      }
    })
    const other = new Uint32Array(full.slice().buffer)
    expect(other[blocks + Block.Candidates]).toBe(addressOf(blocks + Block.Own))
    expect(load(full)).toBe(LoadFault.Index)
  })
})

describe('a block', () => {
  const withList =
    blocks + [...Array(21).keys()].find((i) => image[blocks + i * BLOCK]! >>> MaskBits.Count === 3)! * BLOCK
  const single =
    blocks + [...Array(21).keys()].find((i) => image[blocks + i * BLOCK]! >>> MaskBits.Count === 1)! * BLOCK

  test.each<[string, number, (word: number) => number]>([
    ['with a list of slots that is none', single + Block.Needs, (word) => word + 4],
    ['without candidates', single + Block.MaskAndCount, (word) => word & 31],
    ['with two candidates in place of its own', single + Block.MaskAndCount, (word) => word + (1 << MaskBits.Count)],
    ['with the candidates of another', single + Block.Candidates, () => addressOf(lists)],
    ['with candidates in the middle of a list', withList + Block.Candidates, (word) => word + 4],
    ['with more candidates than there are', withList + Block.MaskAndCount, (word) => word + (1 << MaskBits.Count)],
    ['with so many that their size wraps', withList + Block.MaskAndCount, (word) => (word & 31) | 0xffffffe0],
    ['with fewer candidates than are listed', withList + Block.MaskAndCount, (word) => word - (1 << MaskBits.Count)],
    ['whose candidate is of no rule', single + Block.Own + Candidate.Rule, () => rules.length],
    ['whose candidate is of no set', single + Block.Own + Candidate.Packed, (word) => word | 63],
    ['whose candidate has a condition that is none', single + Block.Own + Candidate.Code, (word) => word + 4],
    ["whose candidate has another's condition", lists + Candidate.Code, (word) => word + 12],
  ])('%s is refused', (_, index, change) => {
    expect(loadWith(index, change)).toBe(LoadFault.Code)
  })
})

describe('a hash that leads to the block of another key', () => {
  const policies = (ids: readonly string[]) => ({
    version: 1 as const,
    rules: ids.map(
      (id) => ({ id, [id === 'erase' ? 'deny' : 'allow']: id, on: 'page', when: { 'context.a': 1 } }) as Rule,
    ),
  })

  /** An engine whose keys have other hashes in their group: `of` says whose, by their order. */
  async function engineWith(ids: readonly string[], of: readonly number[]) {
    const { bytes } = (await createEngine({ policies: policies(ids) })).image
    return createEngine({
      image: craft(bytes, (words) => {
        const [group, end] = wordsOf(Section.Groups, words)
        expect(end - group).toBe(GROUP)
        const [needs, needsEnd] = wordsOf(Section.Needs, words)
        const mask = (1 << (32 - Math.clz32(needsEnd - needs))) - 1
        const keys = words.slice(group + Group.Keys, group + Group.Keys + ids.length)
        of.forEach((other, i) => {
          words[group + Group.Keys + i] = (keys[other]! & ~mask) | (keys[i]! & mask)
        })
      }),
    })
  }

  const request = (name: string) => ({
    subject: { type: 'user', id: 'ann' },
    action: { name },
    resource: { type: 'page', id: '1' },
    context: { a: 1 },
  })

  test('the block is not taken for that of the key', async () => {
    const engine = await engineWith(['read', 'erase'], [1, 0])
    expect(engine.evaluate(request('read'))).toMatchObject({ status: 'deny', code: 'no_match', rules: [] })
    expect(engine.evaluate(request('erase'))).toMatchObject({ status: 'deny', code: 'no_match', rules: [] })
    expect(engine.explain(request('read')).rules).toEqual([])
  })

  test.each([
    ['after', ['read', 'erase', 'write'], [0, 0, 0]],
    ['before', ['erase', 'write', 'read'], [2, 2, 2]],
    ['between', ['erase', 'read', 'write'], [1, 1, 1]],
  ])('%s the right one', async (_, ids, of) => {
    const engine = await engineWith(ids, of)
    expect(engine.evaluate(request('read'))).toMatchObject({ status: 'allow', code: 'matched', rules: ['read'] })
    expect(engine.explain(request('read')).rules.map(({ id }) => id)).toEqual(['read'])
    expect(engine.evaluate(request('erase')).code).toBe('no_match')
    const many = engine.evaluateMany([request('read'), { ...request('read'), resource: { type: 'page', id: '2' } }])
    expect(many.map(({ rules }) => rules)).toEqual([['read'], ['read']])
  })
})

test('random words in the sections of rules never fault', async () => {
  const sections = [Section.Comparisons, Section.Blocks, Section.Candidates, Section.Groups, Section.Needs]
  const requests = ['act0', 'act7', 'both', 'none'].map((name) => ({
    subject: { type: 'user', id: 'ann' },
    action: { name },
    resource: { type: 'page', id: '1' },
    context: { a: 1, b: true },
  }))
  const { refused, taken, trapped } = await askDamaged(bytes, { sections, runs: 4000, seed: 29, requests })
  expect(trapped).toBe(0)
  expect(refused).toBeGreaterThan(300)
  expect(taken).toBeGreaterThan(300)
}, 60_000)
