/** A decision explained as open-guard's trace has it (its `DecisionTrace` 1.0). */
import type { AccessRequest, Delegator, Outcome, RuleExplanation, SetExplanation } from '../../../engine/types.ts'
import type { GuardDecision } from '../../../guard/index.ts'
import type { Call } from './route.ts'
import { statuses } from './wire.ts'

/** Evaluators are sets; one more is told of where delegations decided. Times are not measured, and 0. */
export function traceOf({ guard, now }: Call, request: AccessRequest, decision: GuardDecision): object {
  const { sets, rules } = guard.engine.explain(request, { now })
  const evaluators = sets.map((set) =>
    evaluatorOf(
      set,
      rules.filter((rule) => rule.set === set.name),
    ),
  )
  const lent = decision.delegations.map(({ id }) =>
    match({ id, effect: 'allow', matched: true, reason: decision.reason }),
  )
  return {
    schema_version: '1.0',
    decision_status: statuses[decision.status],
    final_reason: decision.reason,
    evaluator_results: [...evaluators, ...(lent.length > 0 ? [evaluator('delegation', 'allowed', lent, [], [])] : [])],
    composition: 'all-allow, deny-wins',
    actor_chain: chainOf(request.subject),
    duration_ms: 0,
    timestamp: new Date(now).toISOString(),
  }
}

function evaluatorOf({ name, vote }: SetExplanation, rules: readonly RuleExplanation[]): object {
  const status = vote === 'abstain' ? 'denied' : statuses[vote]
  const all = rules.map((rule) => ({ rule, shown: matchOf(rule) }))
  const read = [...new Set(rules.flatMap(({ tests }) => tests.map(({ path }) => path)).filter((path) => path !== ''))]
  return evaluator(
    name,
    status,
    all.filter(({ rule }) => rule.outcome === 'true').map(({ shown }) => shown),
    all.filter(({ rule }) => rule.outcome !== 'true').map(({ shown }) => shown),
    read,
  )
}

function evaluator(
  name: string,
  status: string,
  matched: readonly object[],
  rejected: readonly object[],
  read: readonly string[],
): object {
  return {
    evaluator: name,
    status,
    matched_policies: matched,
    rejected_policies: rejected,
    attributes_read: read,
    duration_ms: 0,
  }
}

function matchOf({ id, effect, outcome, tests }: RuleExplanation): object {
  const conditions = tests.map(({ path, operator, expected, actual, outcome }) => {
    return { path, operator, expected, actual: actual ?? null, matched: outcome === 'true' }
  })
  return match({
    id,
    effect: effect === 'deny' ? 'deny' : 'allow',
    matched: outcome === 'true',
    reason: reasons[outcome],
    conditions,
  })
}

const reasons: Readonly<Record<Outcome, string>> = {
  true: 'it applies',
  false: 'it does not apply',
  not_evaluable: 'it cannot be evaluated',
}

interface Match {
  readonly id: string
  readonly effect: 'allow' | 'deny'
  readonly matched: boolean
  readonly reason: string
  readonly conditions?: readonly object[]
}

function match({ id, effect, matched, reason, conditions = [] }: Match): object {
  return {
    policy_id: id,
    effect,
    matched,
    reason,
    matched_conditions: conditions,
    matched_relations: [],
    task_scope_ok: null,
  }
}

function chainOf(subject: Delegator): readonly object[] {
  const { type, id, properties = {}, on_behalf_of } = subject
  const own = { id, actor_type: type, attributes: properties }
  return on_behalf_of === undefined ? [own] : [own, ...chainOf(on_behalf_of)]
}
