/** What a rule does to another that it covers, under the combining algorithm of their set. */
import type { CombiningAlgorithm, Effect } from '../document.ts'
import type { Condition, RuleModel } from '../model.ts'
import { conditionCovers, type RoleClosure, targetCovers } from './cover.ts'
import { alwaysEvaluable } from './evaluable.ts'

/** A rule with its position in its set. */
export interface Ranked {
  readonly rule: RuleModel
  readonly position: number
}

/** `stronger`: the inner rule never decides. `same`: whenever it decides, the outer one decides too, and alike. */
export type Shadow = 'stronger' | 'same'

/** What the outer rule makes of the inner one; undefined when that is not certain, or nothing. */
export function shadowOf(
  outer: Ranked,
  inner: Ranked,
  algorithm: CombiningAlgorithm,
  closure: RoleClosure,
): Shadow | undefined {
  const rank = compareRanks(outer, inner, algorithm, closure)
  if (rank === undefined || rank < 0) return undefined
  const strength = algorithm === 'allow-overrides' ? allowFirst : denyFirst
  // Cheap, and true of most pairs.
  if (rank === 0 && strength[outer.rule.effect] < strength[inner.rule.effect]) return undefined
  const relation = conditionCovers(outer.rule, inner.rule)
  if (relation === undefined || !targetCovers(outer.rule, inner.rule, closure)) return undefined
  const counts = (effect: Effect, evaluable: boolean): number => {
    if (evaluable) return strength[effect]
    // An allow that cannot be evaluated does not apply; anything else counts as a deny.
    return effect === 'allow' ? 0 : strength.deny
  }
  const states = statesOf(inner.rule, relation)
  let tie: 'evaluable' | 'otherwise' | undefined
  for (const [innerEvaluable, outerEvaluable] of states) {
    const own = counts(inner.rule.effect, innerEvaluable)
    if (own === 0) continue
    const above = counts(outer.rule.effect, outerEvaluable)
    if (above === 0 || (rank === 0 && above < own)) return undefined
    if (rank === 0 && above === own && tie !== 'evaluable') tie = innerEvaluable ? 'evaluable' : 'otherwise'
  }
  // A review that cannot be evaluated decides beside a deny: it never changes the answer, but who gave it and why.
  if (tie === 'otherwise') return undefined
  return tie === undefined ? 'stronger' : 'same'
}

/** Whether the inner and the outer condition can be evaluated, wherever the inner rule counts. */
function statesOf({ condition }: RuleModel, relation: 'always' | 'implied'): readonly (readonly [boolean, boolean])[] {
  if (condition === undefined || isAlwaysEvaluable(condition)) return [[true, true]]
  const states: (readonly [boolean, boolean])[] = [
    [true, true],
    [false, true],
  ]
  return relation === 'always' ? states : [...states, [false, false]]
}

function isAlwaysEvaluable(condition: Condition): boolean {
  switch (condition.kind) {
    case 'all':
    case 'any':
      return condition.of.every(isAlwaysEvaluable)
    case 'not':
      return isAlwaysEvaluable(condition.of)
    case 'otherwise':
      return true
    default:
      return alwaysEvaluable(condition)
  }
}

const denyFirst: Readonly<Record<Effect, number>> = { deny: 3, review: 2, allow: 1 }
const allowFirst: Readonly<Record<Effect, number>> = { allow: 3, review: 2, deny: 1 }

/** Positive when the outer rule outranks the inner one; undefined when that is not worked out here. */
function compareRanks(
  outer: Ranked,
  inner: Ranked,
  algorithm: CombiningAlgorithm,
  closure: RoleClosure,
): number | undefined {
  switch (algorithm) {
    case 'deny-overrides':
    case 'allow-overrides':
      return 0
    case 'priority':
      return outer.rule.priority - inner.rule.priority
    case 'first-applicable':
      return inner.position - outer.position
    case 'most-specific':
      // Where each covers the other, neither is more specific, if they are also written with the same kinds of patterns.
      return sameShape(outer.rule, inner.rule) && targetCovers(inner.rule, outer.rule, closure)
        ? outer.rule.priority - inner.rule.priority
        : undefined
    default:
      return undefined
  }
}

function sameShape(a: RuleModel, b: RuleModel): boolean {
  const shape = (rule: RuleModel): string =>
    [rule.actions, rule.resourceTypes, rule.resourceIds, rule.subjectTypes, rule.subjectIds]
      .map((patterns) =>
        patterns.length === 0 ? 'any' : patterns.every(({ kind }) => kind === 'exact') ? 'exact' : 'glob',
      )
      .join()
  return shape(a) === shape(b) && a.roles.length > 0 === b.roles.length > 0
}
