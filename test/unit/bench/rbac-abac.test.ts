import { describe, expect, test } from 'vitest'
import { checkAgreement } from '../../../bench/harness/agreement.ts'
import { enter } from '../../../bench/harness/contender.ts'
import { rbacAbac } from '../../../bench/workloads/rbac-abac.ts'
import { sizeCase } from '../../../bench/workloads/workload.ts'
import { indexPeer } from './peers.ts'

const build = (rules: number, seed = 1) => rbacAbac.build({ case: sizeCase(rules), seed, requests: 2000 })

describe('the workload', () => {
  test('is the same for the same seed, another for another', () => {
    expect(build(100)).toEqual(build(100))
    expect(build(100).texts).not.toEqual(build(100, 2).texts)
  })

  test('has different requests', () => {
    expect(new Set(build(100).texts).size).toBe(2000)
  })

  test.each([1, 10, 1000])(
    'has %i rules with an action, a type, a role and three tests; one in ten denies',
    (count) => {
      const rules = build(count).document.rules ?? []
      expect(rules).toHaveLength(count)
      for (const rule of rules) {
        expect([typeof (rule.allow ?? rule.deny), typeof rule.on, typeof rule.to?.role]).toEqual(
          Array(3).fill('string'),
        )
        expect(Object.keys(rule.when ?? {})).toHaveLength(3)
      }
      expect(rules.filter((rule) => rule.deny !== undefined)).toHaveLength(Math.floor(count / 10))
      expect(new Set(rules.map((rule) => rule.id)).size).toBe(count)
    },
  )

  test('spreads 200,000 rules evenly over 100,000 keys', () => {
    const { document } = rbacAbac.build({ case: sizeCase(200_000), seed: 1, requests: 1 })
    const keys = new Map<string, number>()
    for (const rule of document.rules ?? []) {
      const key = [rule.allow ?? rule.deny, rule.on, rule.to?.role].join()
      keys.set(key, (keys.get(key) ?? 0) + 1)
    }
    expect([...new Set(keys.values())]).toEqual([2])
    expect(keys.size).toBe(100_000)
  })

  test('has hits, misses, denies and denies that cannot be evaluated', async () => {
    const { mix } = await checkAgreement([await enter(indexPeer('js-index'), build(1000))], 10_000)
    expect(mix['allow matched']).toBeGreaterThan(800)
    expect(mix['deny no_match']).toBeGreaterThan(400)
    expect(mix['deny matched']).toBeGreaterThan(50)
    expect(mix['deny not_evaluable']).toBeGreaterThan(0)
  })
})
