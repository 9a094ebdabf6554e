/** trust in our words: scores of those in the chain. */
import { expect, test } from 'vitest'
import type { OpenGuardSubject } from '../../../../src/policy/dialects/open-guard/index.ts'
import { ask, imported, policyOf, statusOf, whenOf } from './support.ts'

test('compares scores as they stand', () => {
  expect(whenOf('trust', { min_trust_score: 70 })).toEqual({ 'subject.trust_score': { gte: 70 } })
  expect(whenOf('trust', { min_trust_score: 0.5, trust_scope: 'root' })).toEqual({
    any: [{ 'chain.root.trust_score': { gte: 0.5 } }, { 'chain.root.trust_score': true }],
  })
})

test('of all asks everyone in the chain', async () => {
  const document = imported([policyOf('trust', { min_trust_score: 0.5, trust_scope: 'all' })])
  const of = (...scores: readonly unknown[]) => {
    const subject = scores.reduceRight<OpenGuardSubject | undefined>(
      (on_behalf_of, trust_score, i) => ({
        id: `a${i % 2}`,
        attributes: { trust_score },
        ...(on_behalf_of && { on_behalf_of }),
      }),
      undefined,
    )
    if (subject === undefined) throw new Error('nobody')
    return statusOf(document, ask({}, {}, { subject }))
  }
  expect([await of(0.5), await of(0.9, 0.5, 1), await of(0.9, 0.4), await of(0.9, undefined)]).toEqual([
    'allow',
    'allow',
    'deny',
    'deny',
  ])
})

test('may be for some types of actors', () => {
  const rule = imported([
    policyOf('trust', { min_trust_score: 0.5 }, { subject_match: { actor_type: ['agent', 'robot'] } }),
  ])
  expect(rule.sets?.trust?.rules[0]?.to).toEqual({ type: ['agent', 'robot'] })
})
