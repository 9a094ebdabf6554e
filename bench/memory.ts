/** What decisions cost in heap: what a call leaves to the garbage collector, and what is still held after it ran. */
import type { AccessRequest } from '../src/engine/types.ts'
import type { Loop } from './loop.ts'
import type { Evaluate } from './peers/peer.ts'
import { median } from './statistics.ts'

export interface HeapCost {
  /** Bytes that one decision allocates on the JavaScript heap: the median of short loops in which no collection ran. */
  readonly allocatedBytes: number
  /** Growth of the heap by one decision after `decisions` of them were dropped and collected. */
  readonly retainedBytes: number
  readonly decisions: number
}

const chunk = 1024

/** @param collect runs the garbage collector */
export function measureHeap(
  loop: Loop,
  evaluate: Evaluate,
  requests: readonly AccessRequest[],
  decisions: number,
  collect: () => void,
): HeapCost {
  loop.decideAll(evaluate, requests)
  collect()
  const before = process.memoryUsage().heapUsed
  for (let done = 0; done < decisions; done += requests.length) loop.decideAll(evaluate, requests)
  collect()
  const retainedBytes = (process.memoryUsage().heapUsed - before) / decisions

  const growth: number[] = []
  for (let start = 0; start + chunk <= requests.length; start += chunk) {
    const some = requests.slice(start, start + chunk)
    const own = heapGrowth(() => {})
    const all = heapGrowth(() => loop.decideAll(evaluate, some))
    // A collection in between makes the growth negative; such a loop says nothing.
    if (all >= 0 && own >= 0) growth.push(Math.max(0, all - own) / chunk)
  }
  return { allocatedBytes: median(growth), retainedBytes, decisions }
}

function heapGrowth(run: () => void): number {
  const before = process.memoryUsage().heapUsed
  run()
  return process.memoryUsage().heapUsed - before
}
