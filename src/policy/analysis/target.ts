/** A rule's target as facts about the parts of the request. */
import type { AttributePath, Pattern, RuleModel } from '../model.ts'
import type { Fact } from './branches.ts'

const paths = {
  action: { root: 'action', keys: ['name'], fixed: true, text: 'action.name' },
  resourceType: { root: 'resource', keys: ['type'], fixed: true, text: 'resource.type' },
  resourceId: { root: 'resource', keys: ['id'], fixed: true, text: 'resource.id' },
  subjectType: { root: 'subject', keys: ['type'], fixed: true, text: 'subject.type' },
  subjectId: { root: 'subject', keys: ['id'], fixed: true, text: 'subject.id' },
} as const satisfies Record<string, AttributePath>

/** What holds of every request that the rule's target matches; roles apart. */
export function targetFacts(rule: RuleModel): Fact[] {
  const parts: readonly (readonly [AttributePath, readonly Pattern[]])[] = [
    [paths.action, rule.actions],
    [paths.resourceType, rule.resourceTypes],
    [paths.resourceId, rule.resourceIds],
    [paths.subjectType, rule.subjectTypes],
    [paths.subjectId, rule.subjectIds],
  ]
  return parts
    .filter(([, patterns]) => patterns.length > 0)
    .map(([path, patterns]) => ({ test: { kind: 'glob', path, patterns }, holds: true }))
}
