/**
 * The opponent: the index that a good engineer writes by hand in an hour, for rules of exactly this form. Maps from
 * action to resource type to role; the rules below them tested one by one; every deciding rule collected; deny wins.
 * It returns the decisions that sallyport returns. What makes it fast is kept: no string is put together while
 * deciding, attributes are read by name in the code, the decision of a rule that decides alone is made once.
 */
import type { AccessRequest, Decision } from '../../src/engine/types.ts'
import type { PolicyDocument } from '../../src/policy/document.ts'
import { evaluateTests, no, notEvaluable, yes } from './js-conditions.ts'
import { noMatchDecision, RuleDecision } from './js-decision.ts'
import { type IndexedRule, indexRules } from './js-rules.ts'

/**
 * Builds the index.
 *
 * @param imageId what the decisions give as the id of the policies
 * @throws Error when the document uses anything that the rbac-abac workload does not
 */
export function createJsIndex(document: PolicyDocument, imageId: string): (request: AccessRequest) => Decision {
  const index = indexRules(document)
  const noMatch = noMatchDecision(imageId)

  // The deciding rules of the current request, with their results; all of them denies when `deny`.
  const deciding: IndexedRule[] = []
  const results: number[] = []
  let count = 0
  let deny = false

  function collect(rules: readonly IndexedRule[] | undefined, request: AccessRequest): void {
    if (rules === undefined) return
    for (let i = 0; i < rules.length; i++) {
      const rule = rules[i]!
      if (deny && !rule.deny) continue
      const result = evaluateTests(rule, request)
      if (result === no || (result === notEvaluable && !rule.deny)) continue
      if (rule.deny && !deny) {
        deny = true
        count = 0
      }
      deciding[count] = rule
      results[count] = result
      count++
    }
  }

  function decideAlone(rule: IndexedRule, evaluable: boolean): Decision {
    const kept = evaluable ? rule.matched : rule.broken
    if (kept !== undefined) return kept
    const made = new RuleDecision([rule.source], [evaluable], deny, imageId)
    if (evaluable) rule.matched = made
    else rule.broken = made
    return made
  }

  function decideTogether(): Decision {
    const sources = []
    const evaluable = []
    for (let i = 0; i < count; i++) {
      sources.push(deciding[i]!.source)
      evaluable.push(results[i] === yes)
    }
    return new RuleDecision(sources, evaluable, deny, imageId)
  }

  /** Brings rules that were found under several roles into document order, each once. */
  function order(): void {
    const found = new Map<IndexedRule, number>()
    for (let i = 0; i < count; i++) found.set(deciding[i]!, results[i]!)
    const sorted = [...found].sort(([a], [b]) => a.order - b.order)
    count = 0
    for (const [rule, result] of sorted) {
      deciding[count] = rule
      results[count] = result
      count++
    }
  }

  return function evaluate(request) {
    const byRole = index.get(request.action.name)?.get(request.resource.type)
    if (byRole === undefined) return noMatch
    const roles = request.subject.properties?.roles
    count = 0
    deny = false
    if (typeof roles === 'string') collect(byRole.get(roles), request)
    else if (Array.isArray(roles)) {
      for (let i = 0; i < roles.length; i++) collect(byRole.get(roles[i]), request)
      if (roles.length > 1 && count > 1) order()
    }
    if (count === 0) return noMatch
    if (count === 1) return decideAlone(deciding[0]!, results[0] === yes)
    return decideTogether()
  }
}
