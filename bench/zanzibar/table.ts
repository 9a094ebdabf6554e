/** What the engines in Go took, beside ours. */
import { formatBytes, formatCount, formatNs, formatRatio } from '../report/format.ts'
import { markdownTable } from '../report/markdown.ts'
import { ours, type WorkloadResult } from '../report/result.ts'
import { tupleCase } from '../workloads/relations.ts'

export function zanzibarTable({ cases, others = [] }: WorkloadResult): string {
  const rows = others.map(({ engine, version, tuples, compared, meanNs, percentilesNs, loadMs, heapBytes }) => {
    const own = cases.find((one) => one.case === tupleCase(tuples).name)?.engines[ours]?.meanNs
    return [
      formatCount(tuples),
      `${engine} ${version}`,
      own === undefined ? formatNs(meanNs) : `${formatNs(meanNs)} (${formatRatio(meanNs / own)})`,
      ...['50', '99'].map((share) => formatNs(percentilesNs[share] ?? Number.NaN)),
      formatCount(compared),
      formatNs(loadMs * 1e6),
      formatBytes(heapBytes),
    ]
  })
  return markdownTable(['tuples', 'in another process', 'mean', 'p50', 'p99', 'checks', 'loading', 'heap'], rows)
}

/** How many times as fast ours is as the fastest of them, by means, at the largest size that both have. */
export function zanzibarRatio({ cases, others = [] }: WorkloadResult): number | undefined {
  for (const tuples of [...new Set(others.map((other) => other.tuples))].sort((a, b) => b - a)) {
    const own = cases.find((one) => one.case === tupleCase(tuples).name)?.engines[ours]?.meanNs
    if (own === undefined) continue
    return Math.min(...others.filter((other) => other.tuples === tuples).map(({ meanNs }) => meanNs)) / own
  }
  return undefined
}
