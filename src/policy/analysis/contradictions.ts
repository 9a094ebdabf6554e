/** Rules, and parts of conditions, that can never hold. */
import type { Condition, RuleModel } from '../model.ts'
import type { SecretPath } from '../secrets.ts'
import { type Conflict, conflictOf } from './conflict.ts'
import { type Finding, ruleFinding } from './finding.ts'
import { targetFacts } from './target.ts'
import { sayConflict } from './wording.ts'

/** What is found of one rule. */
export function findContradictions(rule: RuleModel, secrets: readonly SecretPath[]): Finding[] {
  const { condition, effect } = rule
  if (condition === undefined) return []
  const target = targetFacts(rule)
  const never = conflictOf(condition, effect === 'allow' ? 'true' : 'not-false', target)
  const advice = 'mend one of these tests, or join them by "any"'
  if (never !== undefined) {
    if (isEmptyList(never)) return []
    const found = `the rule can never apply: ${sayConflict(never, secrets)}`
    return [ruleFinding(rule, { code: 'W_CONTRADICTION', found, advice, idle: true })]
  }
  const conflict = effect === 'allow' ? undefined : conflictOf(condition, 'true', target)
  if (conflict !== undefined && !isEmptyList(conflict)) {
    const found = `the condition can never hold: ${sayConflict(conflict, secrets)}; the rule denies only where it cannot be evaluated`
    return [ruleFinding(rule, { code: 'W_CONTRADICTION', found, advice })]
  }
  const parts = partsIn(condition, conflict === undefined).filter((part) => !isEmptyList(part))
  return [...new Set(parts.map((part) => sayConflict(part, secrets)))].map((said) =>
    ruleFinding(rule, { code: 'W_CONTRADICTION', found: `a part of the condition can never hold: ${said}`, advice }),
  )
}

/** The test of a list without values, of which W_EMPTY tells. */
function isEmptyList([fact, ...others]: Conflict): boolean {
  if (fact === undefined || others.length > 0 || fact.test.kind !== 'test') return false
  const { operand } = fact.test
  return operand.kind === 'value' && Array.isArray(operand.value) && operand.value.length === 0
}

/** The conflicts of the outermost parts that can never be true, by themselves. `holds`: this one can, as is known already. */
function partsIn(condition: Condition, holds: boolean): Conflict[] {
  switch (condition.kind) {
    case 'all': {
      const whole = holds ? undefined : conflictOf(condition, 'true')
      return whole === undefined ? condition.of.flatMap((part) => partsIn(part, true)) : [whole]
    }
    case 'any':
      return condition.of.flatMap((part) => partsIn(part, false))
    case 'not':
    case 'otherwise':
    case 'items':
      return partsIn(condition.of, false)
    default: {
      const alone = holds ? undefined : conflictOf(condition, 'true')
      return alone === undefined ? [] : [alone]
    }
  }
}
