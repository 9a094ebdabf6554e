/** Figures that are no latency of decisions: sizes, times of getting ready, throughput. */

export interface Figure {
  /** By which targets find it. */
  readonly name: string
  readonly value: number
  readonly unit: string
  /** What was measured, and how. */
  readonly note?: string
}
