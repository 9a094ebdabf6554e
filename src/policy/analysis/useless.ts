/** Rules that never matter, because of another in the same set. */
import type { RuleModel, SetModel } from '../model.ts'
import { quote } from '../read.ts'
import { type RoleClosure, targetCovers } from './cover.ts'
import { CoverIndex } from './cover-index.ts'
import { type Finding, ruleFinding } from './finding.ts'
import { type Ranked, type Shadow, shadowOf } from './shadowing.ts'

/** One finding for each rule of the set that never matters. Rules in `idle` can never apply and are left aside. */
export function findUseless(set: SetModel, idle: ReadonlySet<string>, closure: RoleClosure): Finding[] {
  const rules = set.rules.map((rule, position) => ({ rule, position })).filter(({ rule }) => !idle.has(rule.id))
  const index = new CoverIndex(rules, closure)
  return rules.flatMap((inner) => {
    let stronger: Ranked | undefined
    let same: Ranked | undefined
    index.candidates(inner.rule, (outer) => {
      const shadow = outer === inner ? undefined : shadowOf(outer, inner, set.algorithm, closure)
      if (shadow === 'stronger') stronger = outer
      else if (shadow === 'same' && same === undefined && isSpare(outer, inner, closure)) same = outer
      return stronger !== undefined
    })
    if (stronger !== undefined) return [describe(stronger, inner, 'stronger', set)]
    return same === undefined ? [] : [describe(same, inner, 'same', set)]
  })
}

/** Whether nothing is lost without the inner rule; of two that cover each other, the first stays. */
function isSpare(outer: Ranked, inner: Ranked, closure: RoleClosure): boolean {
  const { approval, because, obligations, advice, delegable } = inner.rule
  if (!delegable && outer.rule.delegable) return false
  if (approval !== undefined && JSON.stringify(approval) !== JSON.stringify(outer.rule.approval)) return false
  // The first of the deciding rules that has a reason gives it: behind the inner one, another could come before the outer one.
  const givesReason = because === outer.rule.because && outer.position < inner.position
  if (because !== undefined && !givesReason) return false
  if (!sameDuties(obligations, outer.rule.obligations) || !sameDuties(advice, outer.rule.advice)) return false
  return outer.position < inner.position || !covering(inner.rule, outer.rule, closure)
}

function sameDuties(own: RuleModel['obligations'], other: RuleModel['obligations']): boolean {
  return own.length === 0 || JSON.stringify(own) === JSON.stringify(other)
}

function covering(outer: RuleModel, inner: RuleModel, closure: RoleClosure): boolean {
  return targetCovers(outer, inner, closure) && (outer.condition === undefined || inner.condition !== undefined)
}

function describe(outer: Ranked, inner: Ranked, shadow: Shadow, set: SetModel): Finding {
  const name = quote(inner.rule.id)
  const by = quote(outer.rule.id)
  if (shadow === 'same') {
    const found = `rule ${name} adds nothing: ${by} already ${doing[inner.rule.effect]} what it ${doing[inner.rule.effect]}`
    return ruleFinding(inner.rule, { code: 'W_REDUNDANT', found, advice: 'remove it, or narrow the other', idle: true })
  }
  const found = `rule ${name} can never decide: ${by} ${why(outer, inner, set)}`
  return ruleFinding(inner.rule, { code: 'W_SHADOWED', found, advice: `remove it, or narrow ${by}`, idle: true })
}

const doing = { allow: 'allows', deny: 'denies', review: 'puts under review' } as const

function why(outer: Ranked, inner: Ranked, { algorithm }: SetModel): string {
  const what = `${doing[outer.rule.effect]} what it ${doing[inner.rule.effect]}`
  if (algorithm === 'first-applicable') return `comes first and ${what}`
  const higher = outer.rule.priority > inner.rule.priority
  if (higher && (algorithm === 'priority' || algorithm === 'most-specific')) return `has a higher priority and ${what}`
  return what
}
