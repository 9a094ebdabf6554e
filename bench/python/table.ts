/** What the engines in Python took, beside ours. */
import { formatCount, formatNs, formatRatio } from '../report/format.ts'
import { markdownTable } from '../report/markdown.ts'
import { ours, type WorkloadResult } from '../report/result.ts'
import { agt } from '../workloads/agt.ts'
import { isTimed, type PythonRun, pythonEngines } from './result.ts'

/** The section of the page; `workloads` are what ours took. */
export function renderPython(run: PythonRun, workloads: readonly WorkloadResult[]): string {
  const leftOut = new Set(
    run.engines.flatMap((one) => (isTimed(one) ? [] : [`- left out: ${one.engine}: ${one.leftOut}`])),
  )
  const rows = run.engines.filter(isTimed).map((one) => {
    const own = ownOf(one.case, workloads)
    return [
      one.case,
      `${one.engine} ${one.version}`,
      own === undefined ? formatNs(one.meanNs) : `${formatNs(one.meanNs)} (${formatRatio(one.meanNs / own)})`,
      formatNs(one.percentilesNs['50'] ?? Number.NaN),
      formatNs(one.percentilesNs['99'] ?? Number.NaN),
      formatCount(one.compared),
      one.python,
    ]
  })
  return [
    '## Engines in Python',
    `The rules of ${agt.name}, in processes and a harness of their own (\`${run.command}\`, seed ${run.seed}); in brackets, how many times ours.`,
    pythonEngines.map(({ name, description }) => `- ${name}: ${description}`).join('\n'),
    ...(rows.length > 0
      ? [markdownTable(['case', 'engine', 'mean', 'p50', 'p99', 'decisions compared', 'Python'], rows)]
      : []),
    ...(leftOut.size > 0 ? [[...leftOut].join('\n')] : []),
  ].join('\n\n')
}

function ownOf(name: string, workloads: readonly WorkloadResult[]): number | undefined {
  const { cases } = workloads.find(({ workload }) => workload === agt.name) ?? { cases: [] }
  return cases.find((one) => one.case === name)?.engines[ours]?.meanNs
}
