/** The loops that are timed; each contender has a copy of this module of its own, as in bench/loop.ts. */
import type { AccessRequest, Engine } from '../../src/engine/types.ts'

/** Where V8 cannot prove that nobody looks. */
export let last: unknown

export function decideAll(engine: Engine, requests: readonly AccessRequest[], now: number): number {
  const options = { now }
  let held = 0
  for (let i = 0; i < requests.length; i++) {
    const decision = engine.evaluate(requests[i]!, options)
    if (decision.decision) held++
    last = decision
  }
  return held
}

export function decideTogether(engine: Engine, requests: readonly AccessRequest[], now: number): number {
  const decisions = engine.evaluateMany(requests, { now })
  let held = 0
  for (let i = 0; i < decisions.length; i++) if (decisions[i]!.decision) held++
  last = decisions
  return held
}

export function evaluateAll<Variables>(
  evaluate: (variables: Variables) => unknown,
  variables: readonly Variables[],
): number {
  let held = 0
  for (let i = 0; i < variables.length; i++) {
    const value = evaluate(variables[i]!)
    if (value === true) held++
    last = value
  }
  return held
}
