/** The CEL specification's own test data through compiler and core; docs/cel.md names what is not equal. */
import { expect, test } from 'vitest'
import type { CelValue } from '../../../src/engine/cel-value.ts'
import { readPage, rows } from '../../docs/markdown.ts'
import { check, compileExpressions } from '../../support/cel.ts'
import { type Case, conformanceCases } from './conformance-cases.ts'

const { cases, leftOut } = conformanceCases()

/** Names of the cases whose value differs. */
async function failing(): Promise<string[]> {
  const checked = cases.map((one) => ({ ...one, ...check(one.expression) }))
  const trees = checked.flatMap(({ tree, expression }) => (tree === undefined ? [] : [{ tree, source: expression }]))
  const evaluate = await compileExpressions(trees)
  const values = evaluate()
  let next = 0
  return checked
    .filter((one) => {
      const value = one.tree === undefined ? undefined : values[next++]
      // That a function does not exist is not the error that is meant.
      const unknown = one.problems.some(({ code, found }) => code === 'E_CEL_NAME' && found.includes('no function'))
      return unknown || !agrees(one, value)
    })
    .map(({ name }) => name)
}

/** Undefined: the checker refuses the expression, which is an error, too. */
function agrees({ expected }: Case, value: CelValue | undefined): boolean {
  if (expected === 'checked') return value !== undefined
  if (expected === 'error') return value === undefined || value.type === 'error'
  return value !== undefined && text(value) === text(expected)
}

/** As text that can be compared; maps have no order. */
function text(value: CelValue): string {
  if (value.type === 'list') return `[${value.value.map(text).join()}]`
  if (value.type === 'map') {
    const entries = (value.value ?? []).map(([key, one]) => `${text(key)}: ${text(one)}`)
    return `{${entries.sort().join()}}`
  }
  return JSON.stringify(value, (_, one: unknown) => {
    if (typeof one === 'bigint' || (typeof one === 'number' && !Number.isFinite(one))) return `${one}`
    return one instanceof Uint8Array ? [...one] : one
  })
}

test('at least nine in ten cases that need no messages are equal; the others are those of docs/cel.md', async () => {
  const names = await failing()
  const gaps = rows(readPage('docs/cel.md'), '## Conformance').map(([pattern = '', count = '']) => ({
    pattern: pattern.replaceAll('`', ''),
    count: Number(count),
  }))
  const found = gaps.map(({ pattern }) => ({ pattern, count: names.filter((name) => covers(pattern, name)).length }))
  const other = names.filter((name) => !gaps.some(({ pattern }) => covers(pattern, name)))
  expect(other).toEqual([])
  expect(found).toEqual(gaps)
  expect(1 - names.length / cases.length).toBeGreaterThan(0.9)
  expect({ cases: cases.length, equal: cases.length - names.length, leftOut: leftOut.length }).toEqual(figures())
})

function covers(pattern: string, name: string): boolean {
  return pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern
}

/** `Of 1,650 cases …, 1,500 are equal`, as the page says. */
function figures(): { cases: number; equal: number; leftOut: number } {
  const numbers = /\*\*([\d,]+)\*\* of \*\*([\d,]+)\*\*[^.]*\. ([\d,]+) more/.exec(
    readPage('docs/cel.md').text.replace(/\n/g, ' '),
  )
  const [equal = 0, all = 0, more = 0] = (numbers ?? []).slice(1).map((one) => Number(one.replaceAll(',', '')))
  return { cases: all, equal, leftOut: more }
}
