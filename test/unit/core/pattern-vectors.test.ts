/** What other engines made of regular expressions, recorded by running them: ours say the same, or refuse the pattern. */
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { Tests } from '../../../src/policy/document.ts'
import { parseRegex } from '../../../src/policy/regex.ts'
import { createTester } from './support.ts'

interface Recorded {
  readonly name: string
  readonly op: 'regex' | 'not_regex' | 'agt_glob'
  readonly pattern: string
  /** Left out: the attribute is missing. */
  readonly value?: unknown
  readonly holds: boolean
}

interface Recording {
  /** The package that was run, with its version. */
  readonly source: string
  readonly file: string
  readonly cases: readonly Recorded[]
}

const path = new URL('../../vectors/patterns/recorded.json', import.meta.url)
const recordings: readonly Recording[] = JSON.parse(readFileSync(path, 'utf8'))

/** What is refused when policies are loaded, where these engines backtrack or answer "no match". */
const REFUSED: readonly RegExp[] = [
  /look-around/,
  /back-reference/,
  /nothing to repeat/,
  /unterminated/,
  /invalid group/,
]

function refusalOf(source: string): string | undefined {
  try {
    parseRegex(source)
    return undefined
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

/** Python's `$` also matches before a line break that ends the text. What is imported from there says `\n?$`. */
function fromPython({ source }: Recording, { pattern }: Recorded): string {
  return source.includes('Python') ? pattern.replace(/(?<!\\)\$$/, '\n?$') : pattern
}

/** Both answer for what is no string: `regex` with no, `not_regex` with yes. */
function toTest({ op, pattern }: Recorded): Tests {
  if (op === 'not_regex') return { not_regex: pattern, otherwise: true }
  return { regex: op === 'agt_glob' ? fromGlob(pattern) : pattern, otherwise: false }
}

/** AGT's blocked patterns of type glob end with the text, start anywhere and ignore case. */
function fromGlob(glob: string): string {
  return `(?is)${glob.replace(/[.*?]/g, (one) => ({ '.': '\\.', '*': '.*', '?': '.' })[one] ?? one)}$`
}

describe.each(recordings)('$source, $file', (recording) => {
  const cases = recording.cases.map((one) => ({ ...one, pattern: fromPython(recording, one) }))
  const patterns = [...new Set(cases.filter(({ op }) => op !== 'agt_glob').map(({ pattern }) => pattern))]
  const refusals = new Map(patterns.map((pattern) => [pattern, refusalOf(pattern)]))
  const taken = cases.filter(({ pattern }) => refusals.get(pattern) === undefined)

  test('are equal', async () => {
    const ask = await createTester(taken.map(toTest))
    const different = taken.filter(({ value, holds }, i) => ask(value)[i] !== holds)
    expect(different).toEqual([])
    expect(taken.length).toBeGreaterThanOrEqual(12)
  })

  test('are refused for a reason that is known, and few', () => {
    const reasons = [...refusals.values()].filter((reason) => reason !== undefined)
    expect(reasons.filter((reason) => !REFUSED.some((known) => known.test(reason)))).toEqual([])
    expect(reasons.length).toBeLessThanOrEqual(patterns.length / 3)
  })
})
