/** One workload's section of the results, in Markdown. */
import type { CaseResult } from '../harness/measure.ts'
import { percentile } from '../harness/statistics.ts'
import { baselines } from '../peers/baseline.ts'
import { plotsOf } from '../plots/plots.ts'
import { conditionNs } from './condition.ts'
import { formatBytes, formatCount, formatNs, formatRatio } from './format.ts'
import { markdownTable } from './markdown.ts'
import { engineNames, ours, type WorkloadResult } from './result.ts'

export function renderResult(result: WorkloadResult): string {
  return [
    `## ${result.workload}`,
    `${result.description}. Seed ${result.seed}; \`${result.command}\`, ${result.rounds} rounds.`,
    ...(result.quick ? ['**A quick run: a first look, not figures to quote.**'] : []),
    meanTable(result),
    ...conditionTable(result),
    [...plotsOf(result).keys()].map((name) => `![${name.replace('.svg', '')}](${name})`).join('\n'),
    detailTable(result),
    preparationTable(result),
    decisionTable(result),
  ].join('\n\n')
}

/** The mean of one decision: ours as time, the others' as time and as a multiple of ours. */
function meanTable(result: WorkloadResult): string {
  const names = engineNames(result)
  const rows = result.cases.map(({ case: name, engines }) => [
    name,
    ...names.map((engine) => {
      const mean = engines[engine]?.meanNs
      const own = engines[ours]?.meanNs
      if (mean === undefined) return ''
      return engine === ours || own === undefined ? formatNs(mean) : `${formatNs(mean)} (${formatRatio(mean / own)})`
    }),
    fastest(engines),
  ])
  return markdownTable(['mean of a decision', ...names, 'fastest'], rows)
}

const notEvaluators = new Set([ours, 'operators', ...baselines.map(({ name }) => name)])

/** What is left of ours without what a decision takes beside its condition, which is all that evaluators of conditions do. */
function conditionTable(result: WorkloadResult): string[] {
  const others = engineNames(result).filter((name) => !notEvaluators.has(name))
  const rows = result.cases.flatMap(({ case: name, engines }) => {
    const alone = conditionNs(engines)
    if (alone === undefined) return []
    return [[name, formatNs(alone), ...others.map((other) => multiple(engines[other]?.meanNs, alone))]]
  })
  return rows.length === 0 ? [] : [markdownTable(['the condition alone', ours, ...others], rows)]
}

function multiple(mean: number | undefined, own: number): string {
  return mean === undefined ? '' : formatRatio(mean / own)
}

function fastest(engines: CaseResult['engines']): string {
  const decided = Object.entries(engines).filter(([name]) => baselines.every((baseline) => baseline.name !== name))
  return decided.reduce((best, one) => (one[1].meanNs < best[1].meanNs ? one : best))[0]
}

function detailTable(result: WorkloadResult): string {
  const rows = result.cases.flatMap(({ case: name, engines }) =>
    Object.entries(engines).map(([engine, { percentilesNs, freshMeanNs, roundMeansNs, heap }]) => {
      const means = [...roundMeansNs].sort((a, b) => a - b)
      const spread = `${formatNs(percentile(means, 0.25))} to ${formatNs(percentile(means, 0.75))}`
      return [
        name,
        engine,
        ...['50', '99', '99.9'].map((share) => formatNs(percentilesNs[share] ?? Number.NaN)),
        formatNs(freshMeanNs),
        spread,
        formatBytes(heap.allocatedBytes),
        formatBytes(heap.retainedBytes),
      ]
    }),
  )
  const header = [
    '',
    'engine',
    'p50',
    'p99',
    'p99.9',
    'fresh mean',
    'middle half of the rounds',
    'allocated',
    'retained',
  ]
  return markdownTable(header, rows)
}

function preparationTable(result: WorkloadResult): string {
  const rows = result.cases.flatMap(({ case: name, engines }) =>
    Object.entries(engines).map(([engine, { preparation }]) => {
      const stages = Object.entries(preparation.stages ?? {}).map(([stage, ms]) => `${stage} ${formatNs(ms * 1e6)}`)
      const { imageBytes } = preparation
      return [
        name,
        engine,
        formatNs(preparation.totalMs * 1e6),
        stages.join(', '),
        formatNs(preparation.firstDecisionUs * 1e3),
        imageBytes === undefined ? '' : formatBytes(imageBytes),
      ]
    }),
  )
  return markdownTable(['', 'engine', 'getting ready', 'of it', 'first decision', 'image'], rows)
}

function decisionTable(result: WorkloadResult): string {
  const rows = result.cases.map(({ case: name, mix, severalRules, requests, compared }) => {
    const decisions = Object.values(mix).reduce((sum, count) => sum + count, 0)
    const shares = Object.entries(mix).map(([kind, count]) => `${kind} ${((100 * count) / decisions).toFixed(0)} %`)
    const full = Math.max(...Object.values(compared))
    const fewer = Object.entries(compared).filter(([, calls]) => calls < full)
    return [
      name,
      formatCount(requests),
      shares.join(', '),
      formatCount(severalRules),
      fewer.map(([engine, calls]) => `${engine} the first ${formatCount(calls)}`).join(', '),
    ]
  })
  return markdownTable(['', 'requests', 'decided', 'by several rules', 'asked only in part'], rows)
}
