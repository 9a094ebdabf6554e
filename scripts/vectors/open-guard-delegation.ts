/** Scenarios of open-guard's delegations: the policies through the dialect, then calls of the guard, step by step. */
import { isDeepStrictEqual } from 'node:util'
import type { Delegation, Guard, Scope, SubjectRef } from '../../src/guard/index.ts'
import type { PolicyDocument } from '../../src/policy/document.ts'
import type { Api, Case, Outcome } from './runner.ts'

interface ForeignSubject {
  readonly id: string
  readonly actor_type: string
}

interface ForeignScope {
  readonly action_match: string | readonly string[]
  readonly resource_type: string
  readonly resource_match?: { readonly id?: { readonly op: 'in'; readonly value: readonly string[] } }
}

interface DelegateArguments {
  readonly caller: ForeignSubject
  readonly from: ForeignSubject
  readonly to: ForeignSubject
  readonly scopes: readonly ForeignScope[]
  readonly max_uses?: number
  readonly lease_ttl_seconds?: number
  readonly expires_at?: string
  readonly renewable_by?: readonly string[]
}

type Step =
  | { readonly do: 'delegate'; readonly as: string; readonly args: DelegateArguments }
  | {
      readonly do: 'authorize' | 'consume'
      readonly subject: ForeignSubject
      readonly action: string
      readonly resource: { readonly id: string; readonly resource_type: string }
    }
  | { readonly do: 'renew' | 'revoke'; readonly id: string; readonly caller: ForeignSubject }
  | { readonly do: 'advance'; readonly seconds: number }

interface Scenario extends Case {
  readonly now: string
  readonly setup: object
  readonly steps: readonly Step[]
  readonly expected: readonly Record<string, unknown>[]
}

/** What open-guard lets everybody do, and we only those whom a rule permits. */
const everybody: PolicyDocument = {
  version: 1,
  sets: {
    'delegation-of-open-guard': {
      rules: [
        { id: 'revoke', allow: 'delegation:revoke', on: 'delegation' },
        { id: 'renew', allow: 'delegation:renew', on: 'delegation', when: { 'resource.renewable': false } },
      ],
    },
  },
}

export async function replayDelegations(one: Case, api: Api): Promise<Outcome> {
  const scenario = one as Scenario
  const { expected, now, setup, steps } = scenario
  const { answers, ended } = await run(scenario, api, 'moves')
  const at = answers.findIndex((answer, i) => !isDeepStrictEqual(answer, expected[i]))
  if (at < 0) return { kind: 'passed' }
  // What was recorded is what comes of a clock that stands still; with one that moves, ours ends what is over.
  const still = await run(scenario, api, 'stands still')
  if (ended[at] !== undefined && isDeepStrictEqual(still.answers, expected)) {
    return { kind: 'skipped', why: `step ${at + 1} uses ${ended[at]}, which is over; ours is stricter, and denies` }
  }
  return {
    kind: 'failed',
    request: { now, setup, steps: steps.slice(0, at + 1) },
    expected: expected[at],
    got: answers[at],
  }
}

interface Answers {
  readonly answers: readonly Record<string, unknown>[]
  /** After each step: the delegations whose lease or time is over, if there are any. */
  readonly ended: readonly (string | undefined)[]
}

async function run({ now, setup, steps }: Scenario, api: Api, clock: 'moves' | 'stands still'): Promise<Answers> {
  const { document } = api.openGuard.importOpenGuard(setup)
  if (document === undefined) throw new Error('the policies cannot be imported')
  const one = await Run.start([document, everybody], Date.parse(now), api)
  const answers: Record<string, unknown>[] = []
  const ended: (string | undefined)[] = []
  for (const step of steps) {
    answers.push(step.do === 'advance' && clock === 'stands still' ? {} : await one.step(step))
    ended.push(await one.ended())
  }
  return { answers, ended }
}

class Run {
  readonly #guard: Guard
  readonly #clock: { now: number }
  /** By the names of the scenario. */
  readonly #made = new Map<string, Delegation>()

  private constructor(guard: Guard, clock: { now: number }) {
    this.#guard = guard
    this.#clock = clock
  }

  static async start(policies: readonly PolicyDocument[], now: number, api: Api): Promise<Run> {
    const clock = { now }
    const guard = api.guard.createGuard({
      engine: await api.createEngine({ policies }),
      store: api.memoryStore(),
      clock: () => clock.now,
      random: (length) => crypto.getRandomValues(new Uint8Array(length)),
      payers: 'each',
    })
    return new Run(guard, clock)
  }

  async step(step: Step): Promise<Record<string, unknown>> {
    try {
      switch (step.do) {
        case 'advance':
          this.#clock.now += step.seconds * 1000
          return {}
        case 'delegate':
          return await this.#delegate(step.as, step.args)
        case 'authorize':
        case 'consume':
          return await this.#decide(step)
        default:
          return await this.#change(step)
      }
    } catch (error) {
      if (
        error instanceof Error &&
        'code' in error &&
        /^E_DELEGATION_(?:GRANTOR|FORBIDDEN)$/.test(String(error.code))
      ) {
        return { error: 'DelegateNotPermittedError' }
      }
      throw error
    }
  }

  async ended(): Promise<string | undefined> {
    const names: string[] = []
    for (const [name, { id }] of this.#made) {
      const { state } = await this.#guard.delegations.get(id)
      if (state === 'lapsed' || state === 'expired') names.push(`${name} (${state})`)
    }
    return names.length > 0 ? names.join(', ') : undefined
  }

  async #delegate(name: string, args: DelegateArguments): Promise<Record<string, unknown>> {
    const made = await this.#guard.delegations.create({
      by: subjectOf(args.caller),
      grantor: subjectOf(args.from),
      grantee: subjectOf(args.to),
      scopes: args.scopes.map(scopeOf),
      ...(args.max_uses !== undefined && { maxUses: args.max_uses }),
      ...(args.lease_ttl_seconds !== undefined && { lease: args.lease_ttl_seconds * 1000 }),
      ...(args.expires_at !== undefined && { expiresAt: new Date(args.expires_at) }),
      ...(args.renewable_by !== undefined && {
        renewableBy: args.renewable_by.map((id) => ({ type: 'user', id })),
      }),
    })
    this.#made.set(name, made)
    return { status: made.state, uses_remaining: made.usesLeft ?? null }
  }

  async #decide({ do: how, subject, action, resource }: Step & { do: 'authorize' | 'consume' }) {
    const request = {
      subject: subjectOf(subject),
      action: { name: action },
      resource: { type: resource.resource_type, id: resource.id },
    }
    const { decision, delegations } =
      how === 'authorize' ? await this.#guard.authorize(request) : await this.#guard.authorizeAndConsume(request)
    const names = delegations.map(({ id }) => [...this.#made].find(([, made]) => made.id === id)?.[0])
    return { status: decision ? 'allowed' : 'denied', by_delegation: names.sort() }
  }

  async #change({ do: what, id: name, caller }: Step & { do: 'renew' | 'revoke' }) {
    const id = this.#made.get(name)?.id ?? name
    try {
      const { state } = await this.#guard.delegations[what](id, { by: subjectOf(caller) })
      return { status: state }
    } catch (error) {
      // open-guard tells the state instead of refusing.
      if (!(error instanceof Error && 'code' in error && error.code === 'E_DELEGATION_STATE')) throw error
      return { status: (await this.#guard.delegations.get(id)).state }
    }
  }
}

function subjectOf({ id, actor_type }: ForeignSubject): SubjectRef {
  return { type: actor_type, id }
}

function scopeOf({ action_match, resource_type, resource_match }: ForeignScope): Scope {
  const ids = resource_match?.id?.value
  return { actions: action_match, on: ids === undefined ? resource_type : { type: resource_type, id: ids } }
}
