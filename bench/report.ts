/** Results as a file for programs and as Markdown for people. */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { SizeResult } from './harness.ts'
import type { Machine } from './machine.ts'
import { markdownTable } from './markdown.ts'
import { median, percentile } from './statistics.ts'
import type { Target } from './targets.ts'

export interface WorkloadResult {
  readonly workload: string
  readonly description: string
  readonly seed: number
  readonly command: string
  readonly rounds: number
  readonly roundMs: number
  /** A short run: a first look, not figures to quote. */
  readonly quick: boolean
  readonly machine: Machine
  readonly sizes: readonly SizeResult[]
  readonly targets: readonly Target[]
}

const ours = 'sallyport'

/** Writes `WORKLOAD.json` for each result and one `README.md`; the paths written. */
export async function writeReport(folder: string, results: readonly WorkloadResult[]): Promise<string[]> {
  await mkdir(folder, { recursive: true })
  const files = results.map((result): [string, string] => [
    join(folder, `${result.workload}.json`),
    `${JSON.stringify(result, null, 2)}\n`,
  ])
  files.push([join(folder, 'README.md'), `# Results\n\n${results.map(renderResult).join('\n\n')}\n`])
  for (const [path, text] of files) await writeFile(path, text)
  return files.map(([path]) => path)
}

/** One workload's section of the README. */
export function renderResult(result: WorkloadResult): string {
  const { machine, sizes } = result
  const percent = (size: SizeResult) =>
    Object.entries(size.mix).map(([kind, count]) => `${kind} ${((100 * count) / size.requests).toFixed(0)} %`)
  return [
    `## ${result.workload}`,
    `${capitalise(result.description)}; ${count(sizes[0]?.requests ?? 0)} different requests.`,
    ...(result.quick ? ['**A quick run: a first look, not figures to quote.**'] : []),
    latencyTable(sizes),
    `Times are of one decision. Mean: the median of ${result.rounds} rounds' means, the engines taking turns in one ` +
      `process, each round at least ${result.roundMs} ms. p50, p99 and p99.9: of single timed calls, less ` +
      `${nanoseconds(median(sizes.map((size) => size.timerNs)))} for reading the clock. Fresh: the mean of single ` +
      'passes over requests parsed just before, whose strings no engine has seen. Before any timing, all engines ' +
      'agreed on status, code, deciding rules, obligations and advice of every request.',
    `Measured ${machine.date} with \`${result.command}\` on ${machine.cpu}, ${machine.cores} cores, ` +
      `${machine.memoryGiB} GiB, ${machine.platform}, Node ${machine.node}, V8 ${machine.v8}; seed ${result.seed}.`,
    detailTable(sizes),
    '### Targets',
    markdownTable(
      ['target', 'limit', 'measured', ''],
      result.targets.map((target) => [
        target.what,
        target.limit,
        target.measured === undefined
          ? 'not measured'
          : `${target.measured.toFixed(target.unit === 'ns' ? 1 : 3)} ${target.unit}`,
        target.reached === undefined ? '' : target.reached ? 'reached' : '**not reached**',
      ]),
    ),
    '### Getting ready, and memory',
    preparationTable(sizes),
    'Check, compile, load and first decision are the first of their process; load again is the median of later ones. ' +
      'Allocated: JavaScript heap that one decision leaves to the garbage collector; retained: what is still there after ' +
      'it ran.',
    '### Decisions',
    markdownTable(
      ['rules', 'decided by several rules', 'mix'],
      sizes.map((size) => [count(size.rules), count(size.severalRules), percent(size).join(', ')]),
    ),
  ].join('\n\n')
}

/** Mean, p50 and p99 of every engine, and our mean as a multiple of the others'. */
function latencyTable(sizes: readonly SizeResult[]): string {
  const names = [...new Set(sizes.flatMap((size) => Object.keys(size.engines)))]
  const others = names.filter((name) => name !== ours)
  const header = [
    'rules',
    ...names.map((name) => `${name} mean / p50 / p99, ns`),
    ...others.map((name) => `${ours} to ${name}`),
  ]
  const rows = sizes.map(({ rules, engines }) => [
    count(rules),
    ...names.map((name) => {
      const engine = engines[name]
      return engine ? [engine.meanNs, engine.p50Ns, engine.p99Ns].map((ns) => ns.toFixed(0)).join(' / ') : ''
    }),
    ...others.map((name) => {
      const [own, other] = [engines[ours], engines[name]]
      return own && other ? `${(own.meanNs / other.meanNs).toFixed(2)} ×` : ''
    }),
  ])
  return markdownTable(header, rows)
}

/** The tail, the spread of the rounds, and requests seen for the first time. */
function detailTable(sizes: readonly SizeResult[]): string {
  const rows = sizes.flatMap((size) =>
    Object.entries(size.engines).map(([name, engine]) => {
      const means = [...engine.roundMeansNs].sort((a, b) => a - b)
      const spread = `${percentile(means, 0.25).toFixed(0)} to ${percentile(means, 0.75).toFixed(0)} ns`
      return [count(size.rules), name, nanoseconds(engine.freshMeanNs), nanoseconds(engine.p999Ns), spread]
    }),
  )
  return markdownTable(['rules', 'engine', 'fresh mean', 'p99.9', 'middle half of the rounds'], rows)
}

function preparationTable(sizes: readonly SizeResult[]): string {
  const header = [
    'rules',
    'engine',
    'check',
    'parse JSON and check',
    'compile',
    'load',
    'load again',
    'in all',
    'first decision',
    'image',
    'bytes a rule',
    'allocated',
    'retained',
  ]
  const rows = sizes.flatMap((size) =>
    Object.entries(size.engines).map(([name, { preparation, heap }]) => {
      const { stages, imageBytes } = preparation
      return [
        count(size.rules),
        name,
        ...[stages.checkObject, stages.parseJsonText, stages.compile, stages.loadImage, stages.loadImageWarm].map(
          milliseconds,
        ),
        milliseconds(preparation.totalMs),
        `${preparation.firstDecisionUs.toFixed(0)} µs`,
        imageBytes === undefined ? '' : count(imageBytes),
        imageBytes === undefined ? '' : (imageBytes / size.rules).toFixed(0),
        `${heap.allocatedBytes.toFixed(0)} B`,
        `${heap.retainedBytes.toFixed(2)} B`,
      ]
    }),
  )
  return markdownTable(header, rows)
}

function nanoseconds(ns: number): string {
  return `${ns.toFixed(0)} ns`
}

function milliseconds(ms: number | undefined): string {
  return ms === undefined ? '' : `${ms.toFixed(ms < 10 ? 2 : 0)} ms`
}

function count(n: number): string {
  return n.toLocaleString('en')
}

function capitalise(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1)
}
