/** Scenarios of open-guard's approvals: the policies through the dialect, then calls of the guard, step by step. */
import { isDeepStrictEqual } from 'node:util'
import type { Guard } from '../../src/guard/index.ts'
import type { OpenGuardSubject } from '../../src/policy/dialects/open-guard/index.ts'
import type { Api, Case, Outcome } from './runner.ts'

type Step =
  | {
      readonly do: 'authorize'
      readonly as: string
      readonly subject: OpenGuardSubject
      readonly action: string
      readonly resource: { readonly id: string; readonly resource_type: string }
    }
  | { readonly do: 'approve' | 'reject'; readonly id: string; readonly approver: string }
  | { readonly do: 'advance'; readonly seconds: number }

interface Scenario extends Case {
  readonly now: string
  readonly setup: object
  readonly steps: readonly Step[]
  readonly expected: readonly Record<string, unknown>[]
}

const statuses = { allow: 'allowed', deny: 'denied', review: 'pending_approval' } as const

export async function replayApprovals(one: Case, api: Api): Promise<Outcome> {
  const { expected, now, setup, steps } = one as Scenario
  const { document } = api.openGuard.importOpenGuard(setup)
  if (document === undefined) throw new Error('the policies cannot be imported')
  const clock = { now: Date.parse(now) }
  const guard = api.guard.createGuard({
    engine: await api.createEngine({ policies: document }),
    store: api.memoryStore(),
    clock: () => clock.now,
    random: (length) => crypto.getRandomValues(new Uint8Array(length)),
  })
  const names = new Map<string, string>()
  const differing: string[] = []
  for (const [at, step] of steps.entries()) {
    const got = await run(step, guard, clock, names, api)
    if (isDeepStrictEqual(got, expected[at])) continue
    const why = stricter(steps, expected, at, got)
    if (why === undefined) {
      return { kind: 'failed', request: { now, setup, steps: steps.slice(0, at + 1) }, expected: expected[at], got }
    }
    // The steps after it are compared, too.
    differing.push(why)
  }
  return differing.length === 0 ? { kind: 'passed' } : { kind: 'skipped', why: differing.join('; ') }
}

async function run(
  step: Step,
  guard: Guard,
  clock: { now: number },
  names: Map<string, string>,
  { openGuard }: Api,
): Promise<Record<string, unknown>> {
  if (step.do === 'advance') {
    clock.now += step.seconds * 1000
    return {}
  }
  if (step.do === 'authorize') {
    const { subject, action, resource } = step
    const request = openGuard.openGuardRequest({ subject, action: { name: action }, resource })
    const { status, approvals, delegations } = await guard.authorize(request)
    if (approvals[0] !== undefined) names.set(step.as, approvals[0].id)
    return { status: statuses[status], by_delegation: delegations }
  }
  const id = names.get(step.id) ?? 'none'
  try {
    const { state } = await guard.approvals[step.do](id, { type: 'user', id: step.approver })
    return { status: state }
  } catch (error) {
    if (error instanceof Error && 'code' in error && String(error.code).startsWith('E_APPROVAL_')) {
      return { error: 'ApprovalError' }
    }
    throw error
  }
}

/** Why ours is another answer on purpose, if it is. */
function stricter(
  steps: readonly Step[],
  expected: readonly Record<string, unknown>[],
  at: number,
  got: Record<string, unknown>,
): string | undefined {
  const step = steps[at]
  if (step?.do !== 'authorize' || expected[at]?.status !== 'denied' || got.status !== 'pending_approval')
    return undefined
  const same = (other: Step): boolean =>
    other.do === 'authorize' &&
    other.subject.id === step.subject.id &&
    other.action === step.action &&
    other.resource.id === step.resource.id
  const before = steps
    .slice(0, at)
    .find((other) => same(other) && !isDeepStrictEqual(other, { ...step, as: 'as' in other ? other.as : '' }))
  if (before === undefined) return undefined
  return `step ${at + 1} asks with other attributes than what was rejected; ours binds an approval to the exact request, and asks anew`
}
