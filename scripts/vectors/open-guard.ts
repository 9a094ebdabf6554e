/** Decisions of open-guard: the policies through the dialect, then status and each model's vote with its matched policies. */
import { isDeepStrictEqual } from 'node:util'
import type { Explanation } from '../../src/index.ts'
import type { OpenGuardRequest, OpenGuardTask } from '../../src/policy/dialects/open-guard/index.ts'
import { replayApprovals } from './open-guard-approval.ts'
import { replayDelegations } from './open-guard-delegation.ts'
import { replayList } from './open-guard-list.ts'
import type { Api, Case, Outcome, Runner } from './runner.ts'

interface DecisionCase extends Case {
  readonly now: string
  readonly setup: { readonly policies: readonly { readonly id: string }[]; readonly tasks?: readonly OpenGuardTask[] }
  readonly request: OpenGuardRequest
  readonly expected: Decided
}

interface Decided {
  readonly status: string
  readonly evaluations: readonly Evaluation[]
}

interface Evaluation {
  readonly evaluator: string
  readonly allowed: boolean
  readonly matched_policies: readonly string[]
}

const statuses = { allow: 'allowed', deny: 'denied', review: 'pending_approval' } as const

/** Files of single decisions; scenarios and lists need the guard. */
const decisions = /\/(?:rbac|abac|abac-operators|abac-chain|trust|tbac|rebac|composition|operation-chain)$/

export function openGuardRunner(name: string): Runner | undefined {
  if (name.endsWith('/delegation')) return replayDelegations
  if (name.endsWith('/approvals')) return replayApprovals
  if (name.endsWith('/list-authorized')) return replayList
  return decisions.test(name) ? (one, api) => replay(one as DecisionCase, api) : undefined
}

async function replay(one: DecisionCase, api: Api): Promise<Outcome> {
  const { document, diagnostics } = api.openGuard.importOpenGuard(one.setup)
  if (document === undefined) {
    const errors = diagnostics.filter(({ severity }) => severity === 'error')
    // What linear time cannot match is refused on purpose; anything else that cannot be said is a failure.
    if (errors.every(({ code }) => code === 'E_REGEX')) return { kind: 'skipped', why: errors[0]?.message ?? '' }
    return failure(one, { errors: errors.map(({ message }) => message) })
  }
  const engine = await api.createEngine({ policies: document })
  const { openGuardRequest, openGuardState } = api.openGuard
  const request = { ...openGuardRequest(one.request), state: openGuardState(one.setup.tasks ?? []) }
  const now = Date.parse(one.now)
  const explanation = engine.explain(request, { now })
  const { status } = engine.evaluate(request, { now })
  const ids = new Set(one.setup.policies.map(({ id }) => id))
  const got = { status: statuses[status], evaluations: evaluationsOf(explanation, ids) }
  const expected = { ...one.expected, evaluations: sorted(one.expected.evaluations) }
  return isDeepStrictEqual(got, expected) ? { kind: 'passed' } : failure({ ...one, expected }, got)
}

function failure({ setup, request, now, expected }: DecisionCase, got: unknown): Outcome {
  return { kind: 'failed', request: { now, ...request, setup }, expected, got }
}

/** The sets are open-guard's evaluators; of the rules in them, those with the id of a policy are that policy. */
function evaluationsOf({ sets, rules }: Explanation, policies: ReadonlySet<string>): Evaluation[] {
  const models = sets.filter(({ name }) => name !== 'none' && !name.endsWith('-approval'))
  return sorted(
    models.map(({ name, vote }) => {
      const allowed = vote === 'allow' || vote === 'review'
      const matched = rules.filter(
        ({ set, id, outcome, effect }) =>
          set === name && policies.has(id) && outcome === 'true' && (effect !== 'deny') === allowed,
      )
      const ids = vote === 'abstain' ? [] : matched.map(({ id }) => id).sort()
      return { evaluator: name, allowed, matched_policies: ids }
    }),
  )
}

function sorted(evaluations: readonly Evaluation[]): Evaluation[] {
  return [...evaluations].sort((a, b) => (a.evaluator < b.evaluator ? -1 : 1))
}
