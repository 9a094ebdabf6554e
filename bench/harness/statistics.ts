/** Order statistics of measured times. */

/**
 * The value below which the share `p` of the values lies, by the nearest-rank method: always one of the values.
 *
 * @param sorted ascending, not empty
 * @param p from 0 to 1
 * @example percentile([1, 2, 3, 4], 0.5) // 2
 */
export function percentile(sorted: ArrayLike<number>, p: number): number {
  const rank = Math.max(1, Math.ceil(p * sorted.length))
  const value = sorted[rank - 1]
  if (value === undefined) throw new RangeError('a percentile needs at least one value and a share from 0 to 1')
  return value
}

/** The middle value, or the mean of the two middle ones. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const upper = sorted[Math.floor(sorted.length / 2)]
  const lower = sorted[Math.ceil(sorted.length / 2) - 1]
  if (upper === undefined || lower === undefined) throw new RangeError('a median needs at least one value')
  return (lower + upper) / 2
}
