/** What the compiler does not know is no image: a test without a node would hold for every request. */
import { expect, test } from 'vitest'
import { compileModel } from '../../../src/compiler/index.ts'
import { loadModel } from '../../../src/policy/index.ts'

test('a condition of a kind that nobody writes is refused', () => {
  const when = { 'resource.status': { eq: 'open' } }
  const model = loadModel({ version: 1, rules: [{ id: 'r', allow: 'read', when }] })
  const rule = model.sets[0]?.rules[0]
  const strange = { ...rule, condition: { ...rule?.condition, kind: 'divisible' } }
  const sets = model.sets.map((set) => ({ ...set, rules: [strange] }))
  expect(() => compileModel({ ...model, sets } as never)).toThrow('"kind":"divisible"')
})
