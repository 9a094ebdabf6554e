/** The policies of a model as sets of rules. */
import type { Approval, PolicySet, Rule } from '../../document.ts'
import { readRequiredApproval } from './approval.ts'
import type { Roles } from './roles.ts'
import { type Meaning, makeRule, type Target, targetOf } from './rule.ts'
import type { Model, SourcePolicy } from './source.ts'
import { Unmatched } from './unmatched.ts'

/** A policy, and what its model makes of it. */
export interface Read {
  readonly policy: SourcePolicy
  readonly meaning: Meaning
}

interface ReviewParts {
  readonly approval?: Approval
}

/** Gives ids that no policy has. */
export type FreeId = (wish: string) => string

/**
 * One set for the model, whose strongest policies win and a deny wins a tie; and, where an allow that needs approval might
 * lose to a stronger one that does not, another set in which it asks for review by itself: open-guard asks for the
 * approval whenever such a policy matches and its model allows.
 */
export function setsOf(model: Model, all: readonly Read[], roles: Roles, freeId: FreeId): Record<string, PolicySet> {
  const apart = needsOwnSet(all)
  const unmatched = new Unmatched(model, freeId)
  const rules: Rule[] = []
  const reviews: Rule[] = []
  for (const { policy, meaning } of all) {
    const { id, effect, priority, approval, report, at } = policy
    unmatched.add(policy, meaning)
    const target = targetOf(policy, meaning, meaning.when)
    if (target === undefined) {
      report.warning('W_IMPORT', at, 'the policy can never match, and has no rule of its own')
      continue
    }
    const carried = policy.delegable || effect === 'deny' ? {} : { delegable: false }
    const review = approval && reviewParts(readRequiredApproval(approval, roles, report))
    if (review === undefined || apart) rules.push(makeRule({ id, effect, priority, ...carried }, target))
    else rules.push(makeRule({ id, effect: 'review', priority, ...review, ...carried }, target))
    if (review !== undefined && apart) reviews.push(reviewRule(freeId(`${id}-approval`), review, target))
  }
  const denials = unmatched.rules()
  rules.push(...denials)
  const [first] = denials
  if (first !== undefined) all[0]?.policy.report.warning('W_IMPORT', all[0].policy.at, ...unmatchedWarning(first.id))
  return {
    [model]: { algorithm: 'priority', rules },
    ...(reviews.length > 0 && { [approvalSet(model)]: { rules: reviews } }),
  }
}

function unmatchedWarning(id: string): [string, string] {
  const found = 'open-guard denies what an abac policy is about when its conditions fail and no abac policy matches'
  return [found, `remove the rule "${id}" if such a policy should say nothing instead`]
}

export function approvalSet(model: Model): string {
  return `${model}-approval`
}

/** In one set an allow without approval wins over a weaker review. */
function needsOwnSet(all: readonly Read[]): boolean {
  const allows = all.filter(({ policy }) => policy.effect === 'allow')
  const reviews = allows.filter(({ policy }) => policy.approval !== undefined)
  const plain = allows.filter(({ policy }) => policy.approval === undefined)
  return reviews.some(({ policy }) => plain.some((other) => other.policy.priority > policy.priority))
}

function reviewRule(id: string, parts: ReviewParts, target: Target): Rule {
  return makeRule({ id, effect: 'review', priority: 0, ...parts }, target)
}

function reviewParts(approval: Approval | undefined): ReviewParts {
  return approval === undefined ? {} : { approval }
}
