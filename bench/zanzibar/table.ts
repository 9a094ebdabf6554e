/** What the engines in Go took, beside ours. */
import type { EngineResult } from '../harness/measure.ts'
import { formatBytes, formatCount, formatNs, formatRatio } from '../report/format.ts'
import { markdownTable } from '../report/markdown.ts'
import { ours, type WorkloadResult } from '../report/result.ts'
import { relations, tupleCase } from '../workloads/relations.ts'
import { zanzibarEngines } from './engines.ts'
import { hasTimes, type ZanzibarLeftOut, type ZanzibarRun, type ZanzibarTimes } from './result.ts'

/** The section of the page; `workloads` are what ours took. */
export function renderZanzibar(run: ZanzibarRun, workloads: readonly WorkloadResult[]): string {
  const measured = run.engines.filter(hasTimes)
  const leftOut = run.engines.filter((one) => !hasTimes(one))
  const names = new Set(run.engines.map(({ engine }) => engine))
  return [
    '## Zanzibar engines',
    `The tuples and checks of ${relations.name} in SpiceDB and OpenFGA, in Go and in processes of their own (\`${run.command}\`, seed ${run.seed}); in brackets, how many times ours.`,
    zanzibarEngines
      .filter(({ name }) => names.has(name))
      .map(({ name, description }) => `- ${name}: ${description}`)
      .join('\n'),
    ...(measured.length > 0 ? [timesTable(measured, workloads)] : []),
    ...(leftOut.length > 0 ? [leftOutLines(leftOut)] : []),
  ].join('\n\n')
}

function timesTable(measured: readonly ZanzibarTimes[], workloads: readonly WorkloadResult[]): string {
  const rows = measured.map((one) => {
    const own = ownAt(one.tuples, workloads)
    const p50 = one.percentilesNs['50'] ?? Number.NaN
    return [
      formatCount(one.tuples),
      `${one.engine} ${one.version}`,
      beside(one.processorMeanNs, own?.meanNs),
      beside(one.meanNs, own?.wallMeanNs),
      beside(p50, own?.percentilesNs['50']),
      formatNs(one.percentilesNs['99'] ?? Number.NaN),
      formatNs(one.againMeanNs),
      formatCount(one.compared),
      formatNs(one.loadMs * 1e6),
      formatBytes(one.heapBytes),
    ]
  })
  const times = ['processor, mean', 'wall, mean', 'wall, p50', 'wall, p99', 'again, wall']
  return markdownTable(['tuples', 'engine', ...times, 'checks', 'loading', 'heap'], rows)
}

function leftOutLines(leftOut: readonly ZanzibarLeftOut[]): string {
  return leftOut
    .map((one) => `- left out: ${one.engine} over ${formatCount(one.tuples)} tuples: ${one.leftOut}`)
    .join('\n')
}

function beside(ns: number, own: number | undefined): string {
  return own === undefined ? formatNs(ns) : `${formatNs(ns)} (${formatRatio(ns / own)})`
}

/**
 * How many times as fast ours is as the fastest of them, at the largest size that both have: by means, ours by the time of its
 * thread, theirs by the clock or the processor, whichever is less.
 */
export function zanzibarRatio(run: ZanzibarRun | undefined, workloads: readonly WorkloadResult[]): number | undefined {
  const measured = run?.engines.filter(hasTimes) ?? []
  for (const tuples of [...new Set(measured.map((one) => one.tuples))].sort((a, b) => b - a)) {
    const own = ownAt(tuples, workloads)?.meanNs
    if (own === undefined) continue
    const means = measured
      .filter((one) => one.tuples === tuples)
      .map((one) => Math.min(one.meanNs, one.processorMeanNs))
    return Math.min(...means) / own
  }
  return undefined
}

function ownAt(tuples: number, workloads: readonly WorkloadResult[]): EngineResult | undefined {
  const { cases } = workloads.find(({ workload }) => workload === relations.name) ?? { cases: [] }
  return cases.find((one) => one.case === tupleCase(tuples).name)?.engines[ours]
}
