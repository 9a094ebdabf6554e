/**
 * Patterns that make backtracking engines run for ever take steps in proportion to the text here. Steps are counted by the
 * limit of them: so many tests of one text fit into a decision, one more does not.
 */
import { describe, expect, test } from 'vitest'
import { Limit } from '../../../assembly/abi/memory.ts'
import type { ReasonCode } from '../../../src/engine/types.ts'
import type { Test } from '../../../src/policy/document.ts'
import { engineOf } from '../engine/support.ts'

const MEGABYTE = 1_000_000

const CATASTROPHES: readonly (readonly [regex: string, unit: string, end: string])[] = [
  ['(a+)+$', 'a', '!'],
  ['^(a|a)*$', 'a', '!'],
  ['^(a|aa)+$', 'a', '!'],
  ['(.*a){20}b', 'a', '!'],
  ['(.*)(.*)(.*)x$', 'ab', 'y'],
  ['^(([a-z])+.)+[A-Z]([a-z])+$', 'a', '!'],
  ['(x+x+)+y', 'x', 'z'],
  ['^((a?){10}){10}b', 'a', 'c'],
  ['(a*)*(a*)*(a*)*b$', 'a', 'c'],
  ['\\s+$', ' ', 'x'],
  ['^(\\w+\\s?)*$', 'aaaa ', '!'],
]

/** The code of a decision in which so many such tests of the text are made. */
async function decide(test: Test, text: string, count: number): Promise<ReasonCode> {
  const all = Array.from({ length: count }, () => ({ 'context.text': test }))
  const engine = await engineOf([{ id: 'r', allow: 'read', when: { all } }])
  const parts = { subject: { type: 'user', id: 'u' }, action: { name: 'read' }, resource: { type: 'doc', id: 'd' } }
  return engine.evaluate({ ...parts, context: { text } }).code
}

describe('a megabyte takes a step for every four bytes, whatever the pattern', () => {
  test.each(CATASTROPHES)(
    '%s',
    async (regex, unit, end) => {
      const text = unit.repeat(MEGABYTE / unit.length) + end
      const fit = Math.floor(Limit.Steps / ((text.length >> 2) + 1))
      expect(await decide({ not_regex: regex }, text, fit)).toBe('matched')
      expect(await decide({ not_regex: regex }, text, fit + 1)).toBe('limit')
    },
    60_000,
  )
})

describe('an expression that is too large for a table', () => {
  // 2¹⁷ states as a table, and at most 60 as an NFA.
  const test_ = { not_regex: '(a|b)*a(a|b){16}c' }

  test('takes at most its states for each character', async () => {
    expect(await decide(test_, 'ab'.repeat(Limit.Steps / 60 / 2), 1)).toBe('matched')
  })

  test('is not evaluable past the limit, which the decision names', async () => {
    expect(await decide(test_, 'ab'.repeat(MEGABYTE * 2), 1)).toBe('limit')
  })
})

describe('globs', () => {
  test.each(['*a*a*a*a*a*a*a*a*b', '*?*?*?*?*?*?*?*[!a]', `*${'a?'.repeat(10)}b*`])('%s', async (glob) => {
    const text = 'a'.repeat(MEGABYTE)
    expect(await decide({ glob, otherwise: false }, text, 1)).toBe('no_match')
  })

  test('a long part after a star counts for its length', async () => {
    const glob = `*${'a'.repeat(2000)}b`
    expect(await decide({ glob, otherwise: false }, 'a'.repeat(100_000), 1)).toBe('no_match')
    expect(await decide({ glob, otherwise: false }, 'a'.repeat(MEGABYTE), 1)).toBe('limit')
  })
})
