/** Figures as people read them. */

/**
 * Three digits, in the unit that makes them short.
 *
 * @example formatNs(1234) // '1.23 µs'
 */
export function formatNs(ns: number): string {
  if (ns < 1000) return `${digits(ns)} ns`
  if (ns < 1e6) return `${digits(ns / 1e3)} µs`
  if (ns < 1e9) return `${digits(ns / 1e6)} ms`
  return `${digits(ns / 1e9)} s`
}

/** How many times as large. */
export function formatRatio(ratio: number): string {
  return `${ratio >= 100 ? formatCount(Math.round(ratio)) : digits(ratio)} ×`
}

export function formatBytes(bytes: number): string {
  if (Number.isNaN(bytes)) return ''
  if (Math.abs(bytes) < 10_000) return `${bytes.toFixed(Math.abs(bytes) < 10 ? 1 : 0)} B`
  if (Math.abs(bytes) < 1e7) return `${digits(bytes / 1000)} kB`
  return `${digits(bytes / 1e6)} MB`
}

export function formatCount(count: number): string {
  return count.toLocaleString('en')
}

/** At least three significant digits. */
function digits(value: number): string {
  const size = Math.abs(value)
  if (size >= 100) return value.toFixed(0)
  return value.toFixed(size >= 10 ? 1 : 2)
}
