/** Rules: targets, when a rule applies, and how specific it is. */
import type { Effect, Patterns, Rule } from '../../src/policy/document.ts'
import { evaluateChain, evaluateCondition } from './conditions.ts'
import type { Scope } from './paths.ts'
import { matchesAny, narrowness } from './patterns.ts'
import { related } from './relations.ts'
import { activeRoles } from './roles.ts'
import { isDuringAny } from './time.ts'
import { all, any, not, type Truth } from './values.ts'

export function effectOf(rule: Rule): Effect {
  return rule.allow !== undefined ? 'allow' : rule.deny !== undefined ? 'deny' : 'review'
}

/** "A rule applies when its target matches, `when` and `during` hold and `unless` does not." */
export function applies(rule: Rule, scope: Scope): Truth {
  if (!targetMatches(rule, scope)) return false
  const when = rule.when === undefined ? true : evaluateCondition(rule.when, scope)
  const unless = rule.unless === undefined ? false : evaluateCondition(rule.unless, scope)
  const during = rule.during === undefined ? true : isDuringAny(rule.during, scope)
  const chain = rule.chain === undefined ? true : evaluateChain(rule.chain, scope)
  return all([hasRelation(rule, scope), when, not(unless), during, chain])
}

/** `to.relation`: the subject has one of the relations to the resource. */
function hasRelation(rule: Rule, scope: Scope): Truth {
  const relation = rule.to?.relation
  if (relation === undefined) return true
  const relations = typeof relation === 'string' ? [relation] : relation
  return any(relations.map((one) => related({ relation: one }, scope)))
}

export function targetMatches(rule: Rule, scope: Scope): boolean {
  const { subject, action, resource } = scope.request
  const { type, id } = resourcePatterns(rule)
  return (
    matchesAny(actionPatterns(rule), action.name) &&
    matchesAny(type, resource.type) &&
    matchesAny(id, resource.id) &&
    matchesAny(rule.to?.type, subject.type) &&
    matchesAny(rule.to?.id, subject.id) &&
    holdsRole(rule.to?.role, activeRoles(scope))
  )
}

function actionPatterns(rule: Rule): Patterns | undefined {
  return rule.allow ?? rule.deny ?? rule.review
}

function resourcePatterns({ on }: Rule): { readonly type?: Patterns; readonly id?: Patterns } {
  if (on === undefined) return {}
  return isPatterns(on) ? { type: on } : on
}

function isPatterns(on: NonNullable<Rule['on']>): on is Patterns {
  return typeof on === 'string' || Array.isArray(on)
}

function holdsRole(wanted: string | readonly string[] | undefined, held: ReadonlySet<string>): boolean {
  if (wanted === undefined) return true
  return typeof wanted === 'string' ? held.has(wanted) : wanted.some((role) => held.has(role))
}

/** "Specificity compares resource id, subject id, action, resource type, role, subject type, in this order." */
export function specificity(rule: Rule): readonly number[] {
  const { type, id } = resourcePatterns(rule)
  return [
    narrowness(id),
    narrowness(rule.to?.id),
    narrowness(actionPatterns(rule)),
    narrowness(type),
    rule.to?.role === undefined ? 0 : 2,
    narrowness(rule.to?.type),
  ]
}
