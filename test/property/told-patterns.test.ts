/** Patterns as explanations tell them mean what was written. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createEngine } from '../../src/engine/index.ts'
import type { Rule } from '../../src/policy/document.ts'
import { parsePattern } from '../../src/policy/glob.ts'
import type { Pattern } from '../../src/policy/model.ts'

const character = fc.constantFrom(...'!^[]\\-:.{},*?ab\u{1f600}')
const escaped = character.map((one) => `\\${one}`)
const range = fc.tuple(character, character).map((two) => `\\${two.toSorted().join('-\\')}`)
const members = fc.array(fc.oneof(escaped, range), { minLength: 1, maxLength: 4 }).map((all) => all.join(''))
const part = fc.oneof(
  fc.tuple(fc.constantFrom('', '!'), members).map(([not, all]) => `[${not}${all}]`),
  escaped,
  fc.constantFrom('*', '?', 'x'),
)
const glob = fc.array(part, { minLength: 1, maxLength: 4 }).map((parts) => `${parts.join('')}*`)

test('read again, they are the same patterns', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uniqueArray(glob, { minLength: 50, maxLength: 100 }), async (written) => {
      const rules = written.map(
        (pattern, i): Rule => ({ id: `r${i}`, allow: 'x', when: { 'context.s': { glob: pattern } } }),
      )
      const engine = await createEngine({ policies: { version: 1, rules } })
      const subject = { type: 'user', id: 'ann' }
      const request = { subject, action: { name: 'x' }, resource: { type: 'doc', id: '1' }, context: { s: 1 } }
      for (const { id, tests } of engine.explain(request).rules) {
        const before = written[Number(id.slice(1))]!
        const told = tests[0]?.expected
        expect([before, told, tokensOf(String(told))]).toEqual([before, told, tokensOf(before)])
      }
    }),
    { numRuns: 30 },
  )
})

function tokensOf(text: string): Pattern[] {
  return parsePattern(text).map((pattern) => ({ ...pattern, source: '' }))
}
