/**
 * The loops that are timed. Every engine gets a copy of this module of its own, imported under a name of its own:
 * V8 keeps what it learns about a call by the place in the code, so two engines called from one loop would slow each
 * other down, and a program has only one.
 */
import type { AccessRequest, Decision } from '../src/engine/types.ts'
import type { Evaluate } from './peers/peer.ts'

/** The last decision of a loop. Kept where V8 cannot prove that nobody looks, so that it has to be made. */
export let lastDecision: Decision | undefined

/** Decides every request; how many were allowed. */
export function decideAll(evaluate: Evaluate, requests: readonly AccessRequest[]): number {
  let allowed = 0
  for (let i = 0; i < requests.length; i++) {
    const decision = evaluate(requests[i]!)
    if (decision.decision) allowed++
    lastDecision = decision
  }
  return allowed
}

/** Decides every request and writes the time of each call, in nanoseconds, into `times` from `offset` on. */
export function timeEach(
  evaluate: Evaluate,
  requests: readonly AccessRequest[],
  times: Float64Array,
  offset: number,
): number {
  let allowed = 0
  for (let i = 0; i < requests.length; i++) {
    const request = requests[i]!
    const start = performance.now()
    const decision = evaluate(request)
    times[offset + i] = (performance.now() - start) * 1e6
    if (decision.decision) allowed++
    lastDecision = decision
  }
  return allowed
}

export type Loop = Pick<typeof import('./loop.ts'), 'decideAll' | 'timeEach'>

/** A copy of the loops for the engine of that name. */
export async function loadLoop(name: string): Promise<Loop> {
  return import(new URL(`./loop.ts?engine=${name}`, import.meta.url).href)
}
