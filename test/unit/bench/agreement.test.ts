import { expect, test } from 'vitest'
import { checkAgreement } from '../../../bench/agreement.ts'
import { createJsIndex } from '../../../bench/peers/js-index.ts'
import { rbacAbac } from '../../../bench/workloads/rbac-abac.ts'
import type { AccessRequest, Decision } from '../../../src/engine/types.ts'

const { document, requests } = rbacAbac.build({ rules: 100, seed: 1, requests: 500 })
const index = createJsIndex(document, 'one')

test('engines that agree: how the requests came out', () => {
  const engines = new Map([
    ['one', index],
    ['two', createJsIndex(document, 'another id')],
  ])
  const { mix, allowed } = checkAgreement(engines, requests)
  expect(Object.values(mix).reduce((a, b) => a + b)).toBe(500)
  expect(allowed).toBe(requests.filter((request) => index(request).decision).length)
})

test.each<[string, Partial<Decision>]>([
  ['status', { status: 'review' }],
  ['code', { code: 'limit' }],
  ['deciding rules', { rules: ['another'] }],
  ['obligations', { obligations: [{ id: 'more' }] }],
])('a different %s in one request ends it', (_, change) => {
  const last = requests.at(-1)
  const wrong = (request: AccessRequest): Decision => {
    const { decision, status, code, reason, rules, obligations, advice, imageId } = index(request)
    const right = { decision, status, code, reason, rules, obligations, advice, imageId }
    return request === last ? { ...right, ...change } : right
  }
  expect(() =>
    checkAgreement(
      new Map([
        ['right', index],
        ['wrong', wrong],
      ]),
      requests,
    ),
  ).toThrow(/disagree[\s\S]*"user"/)
})
