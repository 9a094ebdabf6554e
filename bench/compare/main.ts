/** `npm run bench:compare -- OLD NEW`: what got slower from one run to another, and what is noise. */
import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { formatNs, formatRatio } from '../report/format.ts'
import { markdownTable } from '../report/markdown.ts'
import type { WorkloadResult } from '../report/result.ts'
import { type Comparison, compareRuns } from './compare.ts'

const help = `npm run bench:compare -- OLD NEW [options]

OLD and NEW are results of npm run bench: a file of a workload, or a folder of them.

  --tolerance PERCENT  what counts as no difference (default 10)
  --all                also what is the same
  --strict             exit with 1 when something of ours got slower
  --help`

async function main(): Promise<void> {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: {
      tolerance: { type: 'string', default: '10' },
      all: { type: 'boolean', default: false },
      strict: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  const tolerance = Number(values.tolerance) / 100
  const [before, after, ...more] = positionals
  if (values.help) return console.log(help)
  if (before === undefined || after === undefined || more.length > 0 || !(tolerance >= 0)) throw new Error(help)
  const comparisons = compareRuns(await readResults(before), await readResults(after), tolerance)
  if (comparisons.length === 0) throw new Error('the runs have nothing in common with at least four rounds each')
  console.log(render(comparisons, values.all))
  const slower = comparisons.some(({ engine, verdict }) => engine === 'sallyport' && verdict === 'slower')
  if (values.strict && slower) process.exitCode = 1
}

async function readResults(path: string): Promise<WorkloadResult[]> {
  const folder = (await stat(path)).isDirectory()
  const files = folder
    ? (await readdir(path)).filter((name) => name.endsWith('.json')).map((name) => join(path, name))
    : [path]
  const contents = await Promise.all(files.map(async (file) => JSON.parse(await readFile(file, 'utf8'))))
  return contents.filter((content) => 'workload' in content)
}

function render(comparisons: readonly Comparison[], all: boolean): string {
  const shown = comparisons.filter(({ verdict }) => all || verdict !== 'same')
  const rows = shown.map(({ workload, case: name, engine, oldNs, newNs, ratio, low, high, verdict }) => [
    workload,
    name,
    engine,
    formatNs(oldNs),
    formatNs(newNs),
    formatRatio(ratio),
    `${low.toFixed(2)} to ${high.toFixed(2)}`,
    verdict === 'slower' ? '**slower**' : verdict,
  ])
  const count = (verdict: string) => comparisons.filter((one) => one.verdict === verdict).length
  const table = markdownTable(['workload', '', 'engine', 'old', 'new', 'ratio', '99 % sure', ''], rows)
  const sum = ['slower', 'faster', 'same', 'unclear'].map((verdict) => `${count(verdict)} ${verdict}`).join(', ')
  return `${rows.length > 0 ? `${table}\n\n` : ''}${sum}`
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 2
})
