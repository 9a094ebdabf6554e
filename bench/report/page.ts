/** The page of results. */
import type { Figure } from '../figures/figure.ts'
import type { Machine } from '../machine.ts'
import { findPeer } from '../peers/index.ts'
import { renderPython } from '../python/table.ts'
import { judge } from '../targets.ts'
import { renderZanzibar } from '../zanzibar/table.ts'
import { markdownTable } from './markdown.ts'
import { engineNames } from './result.ts'
import { renderRuntimes } from './runtimes.ts'
import { renderTargets } from './targets.ts'
import { renderResult } from './workload.ts'
import type { Results } from './write.ts'

/** Everything that was found out, as Markdown. */
export function renderPage({ workloads, figures, runtimes, zanzibar, python }: Results): string {
  const machines = [figures, runtimes, zanzibar, python, ...workloads].flatMap((part) =>
    part === undefined ? [] : [describe(part.machine)],
  )
  const engines = [...new Set(workloads.flatMap(engineNames))]
  return [
    '# Results',
    `Measured on ${[...new Set(machines)].join('; ')}. How, and how to read it: [the benchmarks](../README.md).`,
    '## Engines',
    markdownTable(
      ['name', 'what'],
      engines.map((name) => [name, findPeer(name)?.description ?? '']),
    ),
    '## Targets',
    renderTargets(judge(workloads, figures?.figures ?? [], zanzibar)),
    ...(figures === undefined ? [] : ['## Sizes, times, throughput', figureTable(figures.figures)]),
    ...(runtimes === undefined ? [] : ['## Runtimes', renderRuntimes(runtimes)]),
    ...workloads.map(renderResult),
    ...(zanzibar === undefined ? [] : [renderZanzibar(zanzibar, workloads)]),
    ...(python === undefined ? [] : [renderPython(python, workloads)]),
  ].join('\n\n')
}

function describe({ cpu, cores, memoryGiB, platform, node, v8, date }: Machine): string {
  return `${date.slice(0, 10)}, ${cpu}, ${cores} cores, ${memoryGiB} GiB, ${platform}, Node ${node}, V8 ${v8}`
}

function figureTable(figures: readonly Figure[]): string {
  const rows = figures.map(({ name, value, unit, note = '' }) => [
    name,
    `${Math.abs(value) >= 1000 ? Math.round(value).toLocaleString('en') : value.toPrecision(3)} ${unit}`,
    note,
  ])
  return markdownTable(['', 'measured', 'how'], rows)
}
