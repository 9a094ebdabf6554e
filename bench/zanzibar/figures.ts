/** What the engines in Go took, as figures beside ours. */
import type { Figure } from '../figures/figure.ts'
import { formatBytes, formatCount, formatNs } from '../report/format.ts'
import { ours, type WorkloadResult } from '../report/result.ts'
import { tupleCase } from '../workloads/relations.ts'
import type { ZanzibarResult } from './run.ts'

/** The means, and how many times as fast ours is as the faster one at the largest size that both have. */
export function zanzibarFigures({ cases }: WorkloadResult, others: readonly ZanzibarResult[]): Figure[] {
  const figures = others.map((other): Figure => {
    const { engine, version, tuples, compared, percentilesNs, loadMs, heapBytes } = other
    const [p50, p99] = ['50', '99'].map((share) => formatNs(percentilesNs[share] ?? Number.NaN))
    const checks = `${formatCount(compared)} checks, each once; p50 ${p50}, p99 ${p99}`
    const note = `${version}; ${checks}; loaded in ${formatNs(loadMs * 1e6)}, heap ${formatBytes(heapBytes)}`
    return { name: `${engine}, ${formatCount(tuples)} tuples`, value: other.meanNs / 1000, unit: 'µs', note }
  })
  const sizes = [...new Set(others.map(({ tuples }) => tuples))].sort((a, b) => b - a)
  for (const tuples of sizes) {
    const own = cases.find((one) => one.case === tupleCase(tuples).name)?.engines[ours]?.meanNs
    if (own === undefined) continue
    const fastest = others.filter((other) => other.tuples === tuples).sort((a, b) => a.meanNs - b.meanNs)[0]!
    const note = `${fastest.engine} to ours, means, at ${formatCount(tuples)} tuples`
    return [...figures, { name: 'Zanzibar engines', value: fastest.meanNs / own, unit: '×', note }]
  }
  return figures
}
