/** Figures that are no latency of decisions: sizes, times of getting ready, throughput. */

import type { Machine } from '../machine.ts'

export interface Figure {
  /** By which targets find it. */
  readonly name: string
  readonly value: number
  readonly unit: string
  /** What was measured, and how. */
  readonly note?: string
}

/** What `figures.json` holds. */
export interface FiguresResult {
  readonly command: string
  readonly machine: Machine
  readonly figures: readonly Figure[]
}
