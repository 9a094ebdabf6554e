/** How far two samples lie apart, and how sure that is. */

export interface Shift {
  /** The Hodges–Lehmann estimate: the median of all differences `b − a`. */
  readonly estimate: number
  /** In between the shift lies with 99 % confidence. */
  readonly low: number
  readonly high: number
}

/** The 99.5 % quantile of the standard normal distribution: 0.5 % on either side. */
const z = 2.5758

/**
 * The shift from one sample to another with the confidence interval that belongs to the Mann–Whitney U test, by its normal
 * approximation. It asks nothing of the distribution, and a few rounds that were disturbed do not move it. Source: Hollander, Wolfe,
 * Chicken, Nonparametric Statistical Methods, 3rd edition, section 4.3.
 *
 * @param a at least four values each: with fewer, no interval has this confidence
 * @throws RangeError
 */
export function shiftBetween(a: readonly number[], b: readonly number[]): Shift {
  const [m, n] = [a.length, b.length]
  if (m < 4 || n < 4) throw new RangeError('needs at least four values on either side')
  const differences = Float64Array.from({ length: m * n }, (_, i) => b[i % n]! - a[Math.floor(i / n)]!).sort()
  const reach = Math.floor((m * n) / 2 - z * Math.sqrt((m * n * (m + n + 1)) / 12))
  // Ranks count from one, places from none.
  const rank = Math.max(0, reach - 1)
  const middle = (m * n) / 2
  return {
    estimate: (differences[Math.ceil(middle) - 1]! + differences[Math.floor(middle)]!) / 2,
    low: differences[rank]!,
    high: differences[m * n - 1 - rank]!,
  }
}
