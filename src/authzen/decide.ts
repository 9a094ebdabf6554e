/** How a request of the wire is decided: by the engine, and by the profiles that the PDP speaks. */
import type { AccessRequest, Engine } from '../engine/types.ts'
import { formatDecision, type WireDecision } from './decision.ts'

/** Decides one request, or throws SallyportError `E_REQUEST` as the engine does. */
export type Decide = (request: AccessRequest) => WireDecision | Promise<WireDecision>

/** Who asks to decide: one tenant's engine, at one time. */
export interface DecisionPoint {
  readonly engine: Engine
  /** Milliseconds since the epoch. */
  readonly now: number
  /** The URL of the PDP, without a slash at its end. */
  readonly base: string
}

/** An addition to the plain API, by a profile of AuthZEN. */
export interface Profile {
  /** What it adds to the discovery document of the PDP at `base`. */
  readonly describe: (base: string) => Readonly<Record<string, unknown>>
  /** URNs of AuthZEN's registry of capabilities. */
  readonly capabilities: readonly string[]
  /** Puts itself around what decides so far. */
  readonly around: (decide: Decide, point: DecisionPoint) => Decide
}

/**
 * The engine's decision in the form of the wire, at the time `now` (milliseconds since the epoch).
 *
 * @example answerEvaluation(decideBy(engine, Date.now()), body)
 */
export function decideBy(engine: Engine, now: number): (request: AccessRequest) => WireDecision {
  return (request) => formatDecision(engine.evaluate(request, { now }))
}

/** The same, with profiles around it: the last one has the last word. */
export function decideAt(point: DecisionPoint, profiles: readonly Profile[]): Decide {
  return profiles.reduce<Decide>((decide, profile) => profile.around(decide, point), decideBy(point.engine, point.now))
}
