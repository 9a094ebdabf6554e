/** Candidates of a key stand with the strongest first, so that weaker ones are not evaluated once one of these applies. */
import { expect, test } from 'vitest'
import { Section } from '../../../assembly/abi/image.ts'
import { Block, Candidate } from '../../../assembly/abi/rules.ts'
import { createEngine } from '../../../src/index.ts'
import type { Rule } from '../../../src/policy/document.ts'
import { wordsOf } from '../core/images.ts'

const when = { 'context.mfa': true }
const given: readonly Rule[] = [
  { id: 'first', allow: 'read', on: 'page', when },
  { id: 'second', deny: 'read', on: 'page', when },
  { id: 'third', allow: 'read', on: 'page', when },
  { id: 'fourth', deny: 'read', on: 'page', when },
]

async function orderOf(rules: readonly Rule[]): Promise<readonly number[]> {
  const { image } = await createEngine({ policies: { version: 1, rules } })
  const words = new Uint32Array(image.bytes.slice().buffer)
  const [block] = wordsOf(Section.Blocks, words)
  return rules.map((_, i) => words[block + Block.Own + i * 4 + Candidate.Rule]!)
}

test('denials stand before what they outweigh, those that are alike as in the document', async () => {
  expect(await orderOf(given)).toEqual([1, 3, 0, 2])
})

test('decisions name the rules as in the document', async () => {
  const engine = await createEngine({ policies: { version: 1, rules: given } })
  const request = {
    subject: { type: 'user', id: 'ann' },
    action: { name: 'read' },
    resource: { type: 'page', id: '1' },
    context: { mfa: true },
  }
  expect(engine.evaluate(request).rules).toEqual(['second', 'fourth'])
  expect(engine.explain(request).rules.map(({ id }) => id)).toEqual(['first', 'second', 'third', 'fourth'])
})
