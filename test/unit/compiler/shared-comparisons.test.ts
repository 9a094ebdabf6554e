import { expect, test } from 'vitest'
import { Op } from '../../../assembly/abi/condition.ts'
import { Section } from '../../../assembly/abi/image.ts'
import { Layout } from '../../../assembly/abi/memory.ts'
import { Block, Candidate } from '../../../assembly/abi/rules.ts'
import { writeChecksum } from '../../../src/compiler/checksum.ts'
import { createEngine } from '../../../src/index.ts'

const policies = {
  version: 1,
  rules: [
    { id: 'first', allow: 'read', on: 'page', when: { 'context.amount': { lt: 5 }, 'context.mfa': true } },
    { id: 'second', allow: 'write', on: 'page', when: { 'context.mfa': true, 'context.zone': 'eu' } },
    { id: 'third', allow: 'erase', on: 'page', when: { 'context.mfa': true } },
  ],
} as const

async function imageWords(): Promise<Uint32Array<ArrayBuffer>> {
  const { image } = await createEngine({ policies })
  return new Uint32Array(image.bytes.slice().buffer)
}

/** The condition of each rule, as an index into the image's words. */
function conditions(words: Uint32Array): number[] {
  const at = (section: Section) => words[8 + section * 2]! / 4
  const end = at(Section.Rules) + words[9 + Section.Rules * 2]! / 4
  const found: number[] = []
  let block = at(Section.Rules)
  while (block < end) {
    const candidate = block + Block.HeaderSize / 4
    found[words[candidate + Candidate.Rule]!] = (words[candidate + Candidate.Code]! - Layout.ImageBase) / 4
    block = candidate + Layout.CandidateSize / 4 + words[block + Block.CodeBytes]! / 4
  }
  return found
}

const operation = (word = 0) => word & 0xff

test('a comparison that was written before is referred to', async () => {
  const words = await imageWords()
  const [first = 0, second = 0, third = 0] = conditions(words)
  expect(operation(words[first])).toBe(Op.All)
  expect(operation(words[second])).toBe(Op.AllShared)
  // The new one stands before the node, the other one in the first rule; the third rule is nothing else.
  const [mfa, zone] = [second - words[second + 1]!, second - words[second + 2]!]
  expect(mfa).toBe(third)
  expect(mfa).toBeGreaterThan(first)
  expect(mfa).toBeLessThan(zone)
  expect(operation(words[zone])).toBe(Op.EqString)
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
  expect(JSON.stringify(rules)).toContain('context.mfa')
  expect(JSON.stringify(rules)).toContain('context.zone')
})

test.each([
  ['itself', () => 0],
  ['what comes after it', () => 0xffffffff],
  ['the middle of a node', (back: number) => back - 1],
  ['a node that is no comparison', (_: number, node: number, first: number) => node - first],
  ['what is not in the image', (_: number, node: number) => node + 2000],
  ['as much further back as makes the address the same', (back: number) => back + 0x40000000],
])('a reference to %s is refused', async (_, wrong) => {
  const words = await imageWords()
  const [first = 0, second = 0] = conditions(words)
  words[second + 1] = wrong(words[second + 1]!, second, first)
  writeChecksum(words)
  await expect(createEngine({ image: new Uint8Array(words.buffer) })).rejects.toMatchObject({ code: 'E_IMAGE' })
})
