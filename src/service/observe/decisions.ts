/** What the AuthZEN endpoints decided, for those who look on. */
import type { Decide } from '../../authzen/decide.ts'
import type { WireDecision } from '../../authzen/decision.ts'
import type { Observer, Outcome } from './observer.ts'

/** Is told of every decision of an evaluation; searches, which decide about many that nobody asked for one by one, are not counted. */
export type Decided = NonNullable<Observer['decided']>

/** What tells all of them; undefined when none wants to know. */
export function decidedBy(observers: readonly Observer[]): Decided | undefined {
  const told = observers.flatMap((observer) => observer.decided?.bind(observer) ?? [])
  if (told.length === 0) return undefined
  return (tenant, outcome, code) => {
    for (const tell of told) tell(tenant, outcome, code)
  }
}

/** The same decisions, which are told of. */
export function toldDecisions(decide: Decide, tenant: string, decided: Decided): Decide {
  return async (request) => {
    const answer = await decide(request)
    tell(tenant, answer, decided)
    return answer
  }
}

/** The same for an answer in bytes, which are ours: short, and JSON. */
export function tellAnswer(bytes: Uint8Array, tenant: string, decided: Decided): void {
  tell(tenant, JSON.parse(new TextDecoder().decode(bytes)), decided)
}

function tell(tenant: string, { decision, context }: WireDecision, decided: Decided): void {
  const code = context?.code
  decided(tenant, outcomeOf(decision, context?.status), typeof code === 'string' ? code : 'matched')
}

function outcomeOf(decision: boolean, status: unknown): Outcome {
  if (decision) return 'allow'
  return status === 'review' ? 'review' : 'deny'
}
