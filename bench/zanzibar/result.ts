/** What `zanzibar.json` holds: the engines in Go, in processes and a harness of their own. */
import type { Machine } from '../machine.ts'

export interface ZanzibarRun {
  readonly command: string
  readonly machine: Machine
  readonly seed: number
  readonly engines: readonly ZanzibarResult[]
}

export type ZanzibarResult = ZanzibarTimes | ZanzibarLeftOut

interface ZanzibarCase {
  readonly engine: string
  readonly tuples: number
}

/** As the programs print it; times of one check, in nanoseconds. */
export interface ZanzibarTimes extends ZanzibarCase {
  readonly version: string
  readonly leftOut?: undefined
  /** How many checks were compared with our decisions, and timed. */
  readonly compared: number
  readonly loadMs: number
  /** By how much loading made the heap grow. */
  readonly heapBytes: number
  /** By the clock on the wall, as are the percentiles. */
  readonly meanNs: number
  readonly percentilesNs: Readonly<Record<string, number>>
  /** By the time that the processor computed, on all threads: what other programs take does not count. */
  readonly processorMeanNs: number
  /** The same checks a second time, by the clock on the wall: what an answer takes that was kept. */
  readonly againMeanNs: number
}

export function hasTimes(result: ZanzibarResult): result is ZanzibarTimes {
  return result.leftOut === undefined
}

export interface ZanzibarLeftOut extends ZanzibarCase {
  /** Unknown of an engine that could not be built. */
  readonly version?: string
  /** Why there are no times. */
  readonly leftOut: string
}
