/** Before anything is timed: all engines must decide every request alike. */
import { isDeepStrictEqual } from 'node:util'
import type { AccessRequest, Decision } from '../src/engine/types.ts'
import type { Evaluate } from './peers/peer.ts'

/** How many requests came out which way: keys such as `allow matched` and `deny no_match`. */
export type Mix = Readonly<Record<string, number>>

export interface Agreement {
  readonly mix: Mix
  readonly allowed: number
  /** Requests that more than one rule decided. */
  readonly severalRules: number
}

/**
 * Compares status, code, deciding rules, obligations and advice of every decision. The reason's words and the image id
 * are each engine's own.
 *
 * @throws Error at the first difference, with the request and both decisions
 */
export function checkAgreement(engines: ReadonlyMap<string, Evaluate>, requests: readonly AccessRequest[]): Agreement {
  const [first, ...others] = [...engines]
  if (first === undefined) throw new Error('no engine to measure')
  const [firstName, evaluate] = first
  const mix: Record<string, number> = {}
  let severalRules = 0
  for (const request of requests) {
    const expected = comparable(evaluate(request))
    for (const [name, other] of others) {
      const actual = comparable(other(request))
      if (!isDeepStrictEqual(actual, expected)) throw disagreement(request, firstName, expected, name, actual)
    }
    const kind = `${expected.status} ${expected.code}`
    mix[kind] = (mix[kind] ?? 0) + 1
    if (expected.rules.length > 1) severalRules++
  }
  const allowed = Object.entries(mix).reduce((sum, [kind, n]) => (kind.startsWith('allow ') ? sum + n : sum), 0)
  return { mix, allowed, severalRules }
}

type Comparable = Pick<Decision, 'decision' | 'status' | 'code' | 'rules' | 'obligations' | 'advice'>

/** A copy in plain objects: two engines may keep their lists in different ways. */
function comparable({ decision, status, code, rules, obligations, advice }: Decision): Comparable {
  return JSON.parse(JSON.stringify({ decision, status, code, rules, obligations, advice }))
}

function disagreement(request: AccessRequest, a: string, expected: Comparable, b: string, actual: Comparable): Error {
  return new Error(
    [
      'the engines disagree, so nothing was timed',
      `request ${JSON.stringify(request)}`,
      `${a} ${JSON.stringify(expected)}`,
      `${b} ${JSON.stringify(actual)}`,
    ].join('\n  '),
  )
}
