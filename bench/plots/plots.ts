/** The plots of a workload: latency against its size, and how single calls are distributed. */
import { formatCount, formatNs } from '../report/format.ts'
import { engineNames, type WorkloadResult } from '../report/result.ts'
import { type Axis, type Line, renderChart } from './chart.ts'

/** File name → SVG. A workload of one size has no first plot. */
export function plotsOf(result: WorkloadResult): Map<string, string> {
  const plots = new Map<string, string>()
  const sizes = new Set(result.cases.map(({ rules }) => rules))
  if (sizes.size > 1 && sizes.size === result.cases.length) plots.set(`${result.workload}.svg`, plotSizes(result))
  // Of the largest size that most engines were asked at.
  const most = Math.max(...result.cases.map(({ engines }) => Object.keys(engines).length))
  const chosen = result.cases.findLast(({ engines }) => Object.keys(engines).length === most)
  if (chosen !== undefined) plots.set(`${result.workload}-distribution.svg`, plotDistribution(result, chosen))
  return plots
}

function plotSizes(result: WorkloadResult): string {
  const lines = engineNames(result).map(
    (name): Line => ({
      name,
      points: result.cases.flatMap(({ rules, engines }) => {
        const mean = engines[name]?.meanNs
        return mean === undefined ? [] : [[rules, mean] as const]
      }),
    }),
  )
  const marks = result.cases.map(({ rules }) => [rules, formatCount(rules)] as const)
  const x: Axis = { title: result.workload === 'relations' ? 'tuples' : 'rules', marks, logarithmic: true }
  return renderChart({ title: `${result.workload}: mean of a decision`, x, y: timeAxis(lines), lines })
}

/** The time that a share of the calls does not exceed; the share is spread so that each step is ten times as rare. */
function plotDistribution(result: WorkloadResult, chosen: WorkloadResult['cases'][number]): string {
  const rarity = (share: number) => 1 / (1 - share / 100)
  const lines = Object.entries(chosen.engines).map(
    ([name, { percentilesNs }]): Line => ({
      name,
      points: Object.entries(percentilesNs)
        .map(([share, ns]) => [rarity(Number(share)), Math.max(1, ns)] as const)
        .sort(([a], [b]) => a - b),
    }),
  )
  const marks = [1, 50, 90, 99, 99.9, 99.99].map((share) => [rarity(share), `p${share}`] as const)
  const x: Axis = { title: 'share of the calls that took no longer', marks, logarithmic: true }
  const title = `${result.workload}, ${chosen.case}: single calls`
  return renderChart({ title, x, y: timeAxis(lines), lines })
}

/** Powers of ten around all points. */
function timeAxis(lines: readonly Line[]): Axis {
  const times = lines.flatMap(({ points }) => points.map(([, ns]) => ns))
  const from = Math.floor(Math.log10(Math.min(...times)))
  const to = Math.max(from + 1, Math.ceil(Math.log10(Math.max(...times))))
  const marks = Array.from({ length: to - from + 1 }, (_, i) => {
    const ns = 10 ** (from + i)
    return [ns, formatNs(ns).replace('.00', '').replace('.0', '')] as const
  })
  return { title: 'time', marks, logarithmic: true }
}
