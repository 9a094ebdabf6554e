/** The table of runtimes. */
import { median } from '../harness/statistics.ts'
import type { Machine } from '../machine.ts'
import type { RuntimeFigures } from '../runtimes/runtimes.ts'
import { formatNs } from './format.ts'
import { markdownTable } from './markdown.ts'

/** What `npm run bench:runtimes` writes. */
export interface RuntimesResult {
  readonly machine: Machine
  readonly runtimes: readonly {
    readonly name: string
    readonly version: string
    readonly runs: readonly RuntimeFigures[]
  }[]
}

export function renderRuntimes({ runtimes }: RuntimesResult): string {
  const rows = runtimes.map(({ name, version, runs }) => [
    `${name} ${version}`,
    formatNs(median(runs.map(({ meanNs }) => meanNs))),
    formatNs(median(runs.map(({ firstMs }) => firstMs)) * 1e6),
    String(runs.length),
  ])
  const table = markdownTable(['runtime', 'mean of a decision', 'first decision, image included', 'runs'], rows)
  return `The requests of rbac-abac, 1,000 rules, one runtime after another (\`npm run bench:runtimes\`).\n\n${table}`
}
