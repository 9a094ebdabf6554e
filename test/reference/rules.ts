/** Rules: targets, roles, when a rule applies, and how specific it is. */
import type { Effect, Patterns, PolicyDocument, Rule } from '../../src/policy/document.ts'
import { evaluateCondition } from './conditions.ts'
import { type Scope, subjectAttribute } from './paths.ts'
import { matchesAny, narrowness } from './patterns.ts'
import { isDuringAny } from './time.ts'
import { all, not, type Truth } from './values.ts'

/** The request is not of the form that the reference page asks for. */
export class RequestError extends Error {
  override name = 'RequestError'
}

export function effectOf(rule: Rule): Effect {
  return rule.allow !== undefined ? 'allow' : rule.deny !== undefined ? 'deny' : 'review'
}

/** "A rule applies when its target matches, `when` and `during` hold and `unless` does not." */
export function applies(rule: Rule, scope: Scope): Truth {
  if (!targetMatches(rule, scope)) return false
  const when = rule.when === undefined ? true : evaluateCondition(rule.when, scope)
  const unless = rule.unless === undefined ? false : evaluateCondition(rule.unless, scope)
  const during = rule.during === undefined ? true : isDuringAny(rule.during, scope)
  return all([when, not(unless), during])
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
    holdsRole(rule.to?.role, rolesOf(scope))
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

/**
 * "A subject's roles are `subject.roles` (one string or a list of strings; anything else is a request error), and all
 * roles that these inherit."
 */
export function rolesOf(scope: Scope): ReadonlySet<string> {
  const named = subjectAttribute(scope, 'roles')
  const list: readonly unknown[] = named === undefined ? [] : Array.isArray(named) ? Array.from(named) : [named]
  const held = new Set<string>()
  for (const role of list) {
    if (typeof role !== 'string') throw new RequestError('subject.roles must be a string or a list of strings')
    addWithInherited(role, scope.document, held)
  }
  return held
}

function addWithInherited(role: string, document: PolicyDocument, held: Set<string>): void {
  held.add(role)
  const roles = document.roles ?? {}
  if (Object.hasOwn(roles, role)) for (const inherited of roles[role]!) addWithInherited(inherited, document, held)
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
