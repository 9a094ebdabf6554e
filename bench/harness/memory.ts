/** What decisions cost in heap: what a call leaves to the garbage collector, and what is still held after it ran. */
import type { Contender } from './contender.ts'
import { median } from './statistics.ts'

export interface HeapCost {
  /** Bytes that one decision allocates on the JavaScript heap: the median of short loops in which no collection ran. */
  readonly allocatedBytes: number
  /** Growth of the heap by one decision after `decisions` of them were dropped and collected. */
  readonly retainedBytes: number
  readonly decisions: number
}

const chunk = 1024

/**
 * @param calls how many of the contender's inputs may be used
 * @param decisions how many to make, at least
 * @param collect runs the garbage collector
 */
export async function measureHeap(
  contender: Contender,
  calls: number,
  decisions: number,
  collect: () => void,
): Promise<HeapCost> {
  const { call, loop, inputs, perCall } = contender
  const piece = Math.max(1, Math.min(calls, Math.floor(chunk / perCall), Math.ceil(decisions / perCall / 4)))
  await loop.decideAll(call, inputs, 0, piece)
  collect()
  const before = process.memoryUsage().heapUsed
  let done = 0
  for (let from = 0; done < decisions; from = (from + piece) % (calls - piece + 1)) {
    await loop.decideAll(call, inputs, from, from + piece)
    done += piece * perCall
  }
  collect()
  const retainedBytes = (process.memoryUsage().heapUsed - before) / done

  const growth: number[] = []
  for (let from = 0; from + piece <= calls && from * perCall < decisions; from += piece) {
    const own = await heapGrowth(() => undefined)
    const all = await heapGrowth(() => loop.decideAll(call, inputs, from, from + piece))
    // A collection in between makes the growth negative; such a loop says nothing.
    if (all >= 0 && own >= 0) growth.push(Math.max(0, all - own) / (piece * perCall))
  }
  return { allocatedBytes: growth.length > 0 ? median(growth) : Number.NaN, retainedBytes, decisions: done }
}

async function heapGrowth(run: () => unknown): Promise<number> {
  const before = process.memoryUsage().heapUsed
  await run()
  return process.memoryUsage().heapUsed - before
}
