/** Ranks: who wins within a set, as numbers. docs/policy-reference.md, "Deciding", is the definition. */
import { Effect as EffectCode } from '../../assembly/abi/decision.ts'
import type { CombiningAlgorithm, Effect } from '../policy/document.ts'
import type { Pattern, RuleModel, SetModel } from '../policy/model.ts'

export const EFFECTS: Readonly<Record<Effect, EffectCode>> = {
  deny: EffectCode.Deny,
  allow: EffectCode.Allow,
  review: EffectCode.Review,
}

/** 3 is the strongest, 1 the weakest. */
export function strength(algorithm: CombiningAlgorithm, effect: Effect): number {
  if (effect === 'review') return 2
  return (effect === 'allow') === (algorithm === 'allow-overrides') ? 3 : 1
}

/** The rank of each rule of a set: dense from 0, a higher one wins. Undefined when all have the same, which is 0. */
export function ranksOf(set: SetModel): readonly number[] | undefined {
  const { algorithm } = set
  if (algorithm === 'deny-overrides' || algorithm === 'allow-overrides') return undefined
  const keys = set.rules.map((rule, i) => rankKey(algorithm, rule, i))
  const dense = new Map([...new Set(keys)].sort((a, b) => a - b).map((key, rank) => [key, rank]))
  return keys.map((key) => dense.get(key) ?? 0)
}

type RankingAlgorithm = Exclude<CombiningAlgorithm, 'deny-overrides' | 'allow-overrides'>

function rankKey(algorithm: RankingAlgorithm, rule: RuleModel, position: number): number {
  switch (algorithm) {
    case 'priority':
      return rule.priority
    case 'first-applicable':
      return -position
    case 'most-specific':
      // Specificity is below 3^6, priority a 32-bit integer: together they stay exact in a double.
      return specificity(rule) * 2 ** 32 + rule.priority
  }
}

/** Base 3, most important first: exact 2, glob 1, any 0. */
function specificity(rule: RuleModel): number {
  const digits = [
    ofPatterns(rule.resourceIds),
    ofPatterns(rule.subjectIds),
    ofPatterns(rule.actions),
    ofPatterns(rule.resourceTypes),
    rule.roles.length > 0 ? 2 : 0,
    ofPatterns(rule.subjectTypes),
  ]
  return digits.reduce((total, digit) => total * 3 + digit, 0)
}

function ofPatterns(patterns: readonly Pattern[]): number {
  if (patterns.length === 0) return 0
  return patterns.every((pattern) => pattern.kind === 'exact') ? 2 : 1
}
