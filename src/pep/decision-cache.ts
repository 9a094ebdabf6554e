/**
 * Decisions kept as long as the PDP's answer allows. AuthZEN says nothing of caching, so HTTP's rules hold (RFC 9111): an
 * answer without an explicit lifetime is not kept.
 */
import { LRUCache } from 'lru-cache'
import { SallyportError } from '../errors.ts'
import { checkWhole } from '../http/numbers.ts'
import type { PdpDecision } from './answers.ts'

export interface CacheOptions {
  /** The most decisions to keep. */
  readonly entries: number
  /** The longest time to keep one, in seconds, whatever the answer allows. */
  readonly maxAge: number
}

export interface DecisionCache {
  /** A copy: what a caller does with its answer is nothing to the next one. */
  get(key: string): PdpDecision | undefined
  /** To be called before the PDP is asked. What it gives keeps the answer, unless `clear` was called meanwhile. */
  asking(key: string): (decision: PdpDecision, headers: Headers) => void
  clear(): void
}

/** Their places are made at once. */
const MOST_ENTRIES = 2 ** 24

export function createDecisionCache({ entries, maxAge }: CacheOptions): DecisionCache {
  checkWhole('"entries" of the cache', entries, 1, MOST_ENTRIES)
  if (!(maxAge >= 0)) throw new SallyportError('E_USAGE', '"maxAge" of the cache must be a number of seconds from 0 on')
  const kept = new LRUCache<string, PdpDecision>({ max: entries })
  let clears = 0
  return {
    get: (key) => structuredClone(kept.get(key)),
    asking: (key) => {
      const begun = clears
      const asked = performance.now()
      return (decision, headers) => {
        // The PDP may have answered as soon as it was asked (RFC 9111, section 4.2.3).
        const delay = performance.now() - asked
        const ttl = Math.floor(Math.min(maxAge, lifetimeOf(headers)) * 1000 - delay)
        if (ttl > 0 && begun === clears) kept.set(key, structuredClone(decision), { ttl })
      }
    },
    clear: () => {
      clears++
      kept.clear()
    },
  }
}

/** For how many seconds an answer is fresh: its max-age without its Age (RFC 9111, section 4.2). */
function lifetimeOf(headers: Headers): number {
  const directives = (headers.get('Cache-Control') ?? '')
    .toLowerCase()
    .split(',')
    .map((one) => one.trim())
  if (directives.includes('no-store') || directives.includes('no-cache')) return 0
  const ages = directives.flatMap((one) => (/^max-age="?(\d{1,9})"?$/.exec(one)?.[1] ?? '').split(' ').filter(Boolean))
  // Of two that contradict each other, neither counts.
  if (ages.length !== 1) return 0
  const age = headers.get('Age') ?? '0'
  // One that is no number of seconds could make it fresh for longer than it is.
  return /^\d+$/.test(age) ? Math.max(0, Number(ages[0]) - Number(age)) : 0
}
