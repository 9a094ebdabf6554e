/** The AuthZEN interop's scenarios, against the examples' ordinary policies. */
import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { interopRunner, readInterop } from '../../../scripts/vectors/authzen-interop.ts'
import { api } from './api.ts'

test.each([
  ['todo', 43],
  ['search-subject', 60],
  ['search-resource', 18],
  ['search-action', 120],
])('%s: every answer is the expected one, and another expectation fails', async (name, count) => {
  const path = `test/vectors/authzen-interop/${name}.json`
  const file = readInterop(path, JSON.parse(await readFile(path, 'utf8')))
  const runner = file && interopRunner(file)
  if (file === undefined || runner === undefined) throw new Error('no runner')
  expect(file.cases).toHaveLength(count)
  for (const one of file.cases) expect(await runner(one, api)).toEqual({ kind: 'passed' })
  const [first] = file.cases
  const wrong = { name: 'wrong', ...first, expected: first?.expected === true ? false : { results: [] } }
  expect((await runner(wrong, api)).kind).toBe('failed')
})
