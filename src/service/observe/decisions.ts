/** What the AuthZEN endpoints decided, for those who look on. */
import type { Decide, DecisionPoint } from '../../authzen/decide.ts'
import type { WireDecision } from '../../authzen/decision.ts'
import type { Evaluation } from '../events/event.ts'
import type { EventHub } from '../events/hub.ts'
import type { Observer, Outcome } from './observer.ts'

/** Is told of every decision of an evaluation; searches, which decide about many that nobody asked for one by one, are not told of. */
export interface DecisionWatch {
  /** Needs the answer alone. */
  readonly decided?: (tenant: string, outcome: Outcome, code: string) => void
  /** Needs the request as well, as an object. */
  readonly evaluated?: (made: Omit<Evaluation, 'id'>) => void
}

/** What tells all of them; undefined when nobody wants to know. */
export function watchDecisions(observers: readonly Observer[], hub: EventHub | undefined): DecisionWatch | undefined {
  const told = observers.flatMap((observer) => observer.decided?.bind(observer) ?? [])
  if (told.length === 0 && hub === undefined) return undefined
  return {
    ...(told.length > 0 && {
      decided: (tenant, outcome, code) => {
        for (const tell of told) tell(tenant, outcome, code)
      },
    }),
    ...(hub && { evaluated: (made) => hub.evaluated(made) }),
  }
}

/** The same decisions, which are told of. */
export function watched(decide: Decide, tenant: string, point: DecisionPoint, watch: DecisionWatch): Decide {
  const { engine, now, caller } = point
  return async (request) => {
    const answer = await decide(request)
    tell(tenant, answer, watch)
    watch.evaluated?.({ tenant, now, image: engine.image.id, caller, request, answer })
    return answer
  }
}

/** The same for an answer in bytes, which are ours: short, and JSON. */
export function tellAnswer(bytes: Uint8Array, tenant: string, watch: DecisionWatch): void {
  if (watch.decided !== undefined) tell(tenant, JSON.parse(new TextDecoder().decode(bytes)), watch)
}

function tell(tenant: string, { decision, context }: WireDecision, watch: DecisionWatch): void {
  const code = context?.code
  watch.decided?.(tenant, outcomeOf(decision, context?.status), typeof code === 'string' ? code : 'matched')
}

function outcomeOf(decision: boolean, status: unknown): Outcome {
  if (decision) return 'allow'
  return status === 'review' ? 'review' : 'deny'
}
