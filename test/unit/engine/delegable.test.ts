/** What nobody may lend on: `delegable: false` in rules. */
import { expect, test } from 'vitest'
import { createEngine, parsePolicies } from '../../../src/index.ts'

const request = (action: string) => ({
  subject: { type: 'user', id: 'ann' },
  action: { name: action },
  resource: { type: 'contract', id: '1' },
})

test('a decision says when one of its deciding rules may not be lent on', async () => {
  const engine = await createEngine({
    policies: {
      version: 1,
      rules: [
        { id: 'all', allow: ['read', 'sign'] },
        { id: 'sign', allow: 'sign', delegable: false },
        { id: 'pay', review: 'pay', delegable: false },
      ],
    },
  })
  expect(engine.evaluate(request('sign')).delegable).toBe(false)
  expect(engine.evaluate(request('pay')).delegable).toBe(false)
  expect(engine.evaluate(request('read')).delegable).toBeUndefined()
  expect(engine.evaluate(request('other')).delegable).toBeUndefined()
  expect(JSON.parse(JSON.stringify(engine.evaluate(request('sign'))))).toMatchObject({ delegable: false })
  expect(JSON.stringify(engine.evaluate(request('read')))).not.toContain('delegable')
})

test('mistakes', () => {
  const codes = (rule: object) =>
    parsePolicies({ version: 1, rules: [{ id: 'r', ...rule }] }).diagnostics.map(({ code }) => code)
  expect(codes({ allow: 'a', delegable: true })).toEqual([])
  expect(codes({ allow: 'a', delegable: 'no' })).toEqual(['E_TYPE'])
  expect(codes({ deny: 'a', delegable: false })).toEqual(['E_EFFECT'])
})

test('a rule that takes delegation away is not redundant', () => {
  const warnings = (first: object, second: object) =>
    parsePolicies({
      version: 1,
      rules: [
        { id: 'a', allow: 'x', ...first },
        { id: 'b', allow: 'x', ...second },
      ],
    }).diagnostics.map(({ code }) => code)
  expect(warnings({}, { delegable: false })).toEqual([])
  expect(warnings({ delegable: false }, { delegable: false })).toEqual(['W_REDUNDANT'])
})
