/** Comparisons stand in an image once, and what is wrong in references to them is refused. */
import { expect, test } from 'vitest'
import { Op } from '../../../assembly/abi/condition.ts'
import { LoadFault, Section } from '../../../assembly/abi/image.ts'
import { Layout } from '../../../assembly/abi/memory.ts'
import { Block, Candidate } from '../../../assembly/abi/rules.ts'
import { createEngine } from '../../../src/index.ts'
import { craft, load, wordsOf } from '../core/images.ts'

const policies = {
  version: 1,
  rules: [
    { id: 'first', allow: 'read', on: 'page', when: { 'context.amount': { lt: 5 }, 'context.mfa': true } },
    { id: 'second', allow: 'write', on: 'page', when: { 'context.mfa': true, 'context.zone': 'eu' } },
    { id: 'third', allow: 'erase', on: 'page', when: { 'context.mfa': true } },
  ],
} as const

const { bytes } = (await createEngine({ policies })).image
const image = new Uint32Array(bytes.slice().buffer)
const operation = (word = 0) => word & 0xff
/** The index of the word at an address. */
const indexOf = (address = 0) => (address - Layout.ImageBase) / 4

/** The condition of each rule, as an index into the image's words; all have room in their blocks. */
function conditions(): number[] {
  const [start, end] = wordsOf(Section.Blocks, image)
  const found: number[] = []
  for (let block = start; block < end; block += Block.Line / 4) {
    const candidate = block + Block.Own
    expect(indexOf(image[block + Block.Candidates])).toBe(candidate)
    found[image[candidate + Candidate.Rule]!] = indexOf(image[candidate + Candidate.Code])
  }
  return found
}

const [first = 0, second = 0, third = 0] = conditions()

test('each comparison is written once, and a rule makes equalities first', () => {
  expect(operation(image[first])).toBe(Op.AllShared)
  expect(operation(image[second])).toBe(Op.AllShared)
  const [mfa, amount] = [image[first + 1], image[first + 2]].map(indexOf)
  const [zone, again] = [image[second + 1], image[second + 2]].map(indexOf)
  expect(again).toBe(mfa)
  // The third rule is nothing else.
  expect(third).toBe(mfa)
  expect([amount, mfa, zone].map((at) => operation(image[at!]))).toEqual([Op.LtNumber, Op.Eq, Op.EqString])
  const [start, end] = wordsOf(Section.Comparisons, image)
  expect(amount).toBe(start)
  expect(zone).toBe(end - 3)
})

test('decisions and explanations are those of the comparisons', async () => {
  const engine = await createEngine({ policies })
  const request = (name: string, context: Record<string, unknown>) => ({
    subject: { type: 'user', id: 'ann' },
    action: { name },
    resource: { type: 'page', id: '1' },
    context,
  })
  expect(engine.evaluate(request('write', { mfa: true, zone: 'eu' })).status).toBe('allow')
  expect(engine.evaluate(request('write', { mfa: false, zone: 'eu' })).status).toBe('deny')
  expect(engine.evaluate(request('write', { mfa: true, zone: 'us' })).status).toBe('deny')
  expect(engine.evaluate(request('write', { mfa: true })).status).toBe('deny')
  expect(engine.evaluate(request('erase', { mfa: true })).status).toBe('allow')
  const { rules } = engine.explain(request('write', { mfa: false, zone: 'eu' }))
  expect(rules[0]?.tests.map(({ path }) => path)).toEqual(['context.mfa', 'context.zone'])
})

test('an explanation has the tests in the order in which the policies first name their attributes, not in that in which they are made', async () => {
  const engine = await createEngine({ policies })
  const { rules } = engine.explain({
    subject: { type: 'user', id: 'ann' },
    action: { name: 'read' },
    resource: { type: 'page', id: '1' },
    context: { amount: 9, mfa: false },
  })
  expect(rules[0]?.tests.map(({ path, outcome }) => `${path} ${outcome}`)).toEqual([
    'context.amount false',
    'context.mfa false',
  ])
})

test.each([
  ['itself', () => Layout.ImageBase + second * 4],
  ['nothing', () => 0],
  ['the middle of a node', (address: number) => address + 4],
  ['a byte of a node', (address: number) => address + 1],
  ['another node', () => Layout.ImageBase + first * 4],
  ['what is not in the image', () => 0xfffffff0],
])('a reference to %s is refused', async (_, wrong) => {
  const damaged = craft(bytes, (words) => {
    words[second + 1] = wrong(words[second + 1]!)
  })
  expect(load(damaged)).toBe(LoadFault.Code)
  await expect(createEngine({ image: damaged })).rejects.toMatchObject({ code: 'E_IMAGE' })
})

test.each([
  ['with no words', 0],
  ['longer than its block', 6],
  ['longer than the image', 0xffffff],
])('a list of references %s is refused', (_, size) => {
  const damaged = craft(bytes, (words) => {
    words[second] = Op.AllShared | (size << 8)
  })
  expect(load(damaged)).toBe(LoadFault.Code)
})
