/**
 * The relations workload in SpiceDB and OpenFGA: a program in Go with both inside (peers/go), on the same tuples and
 * checks, with a harness of its own, as it cannot run in this process.
 */
import { execFile } from 'node:child_process'
import { createWriteStream } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { importBuilt } from '../peers/built.ts'
import { relations } from '../workloads/relations.ts'
import type { Case } from '../workloads/workload.ts'

/** As the program prints it; times of one check, in nanoseconds. */
export interface ZanzibarResult {
  readonly engine: string
  readonly version: string
  readonly tuples: number
  /** How many checks were compared with ours, and timed. */
  readonly compared: number
  readonly loadMs: number
  readonly heapBytes: number
  readonly meanNs: number
  readonly percentilesNs: Readonly<Record<string, number>>
}

const source = fileURLToPath(new URL('../peers/go/', import.meta.url))
const folder = 'build/bench/zanzibar'
const program = join(folder, 'zanzibar')
const call = promisify(execFile)

/** The memory stores look at all tuples of a relation, or of the store, for every question; only SQLite has an index. */
const engines: readonly (readonly [name: string, largest: number])[] = [
  ['spicedb', 100_000],
  ['openfga', 100_000],
  ['openfga-sqlite', 1_000_000],
]

export interface ZanzibarOptions {
  readonly seed: number
  readonly budgetMs: number
  readonly progress: (message: string) => void
}

/** Empty when there is no Go, or the program cannot be built, for the reason that `progress` tells. */
export async function runZanzibar(cases: readonly Case[], options: ZanzibarOptions): Promise<ZanzibarResult[]> {
  const { seed, budgetMs, progress } = options
  await mkdir(folder, { recursive: true })
  try {
    progress('building SpiceDB and OpenFGA; the first time takes minutes')
    await call('go', ['build', '-o', join(process.cwd(), program), '.'], { cwd: source })
  } catch (error) {
    progress(`left out: ${error instanceof Error ? error.message.split('\n').slice(0, 2).join(' ') : String(error)}`)
    return []
  }
  const results: ZanzibarResult[] = []
  for (const one of cases) {
    progress(`${one.name}: writing tuples and checks`)
    const files = await writeFiles(one, seed)
    for (const [engine, largest] of engines) {
      if (one.rules > largest) continue
      progress(`${one.name}: ${engine}`)
      const args = ['-engine', engine, '-tuples', files.tuples, '-checks', files.checks, '-budget', `${budgetMs}ms`]
      const { stdout } = await call(program, args, { maxBuffer: 1 << 26 })
      results.push(JSON.parse(stdout))
    }
  }
  return results
}

/** A tuple a line; a check a line, with our decision in front. */
async function writeFiles(one: Case, seed: number): Promise<{ tuples: string; checks: string }> {
  const { document, tuples = [], requests } = relations.build({ case: one, seed })
  const { createEngine } = await importBuilt()
  const engine = await createEngine({ policies: document, tuples })
  const decided = requests.map((request) => {
    const { subject, resource } = request
    const allowed = engine.evaluate(request).decision ? 1 : 0
    return `${allowed} ${resource.type}:${resource.id}#viewer@${subject.type}:${subject.id}`
  })
  const files = { tuples: join(folder, `tuples-${one.rules}.txt`), checks: join(folder, `checks-${one.rules}.txt`) }
  await writeFile(files.checks, `${decided.join('\n')}\n`)
  await pipeline(lines(tuples), createWriteStream(files.tuples))
  return files
}

/** In pieces, so that neither a string of all tuples is made, nor a write for each of them. */
function* lines(tuples: readonly string[]): Generator<string> {
  const piece = 10_000
  for (let from = 0; from < tuples.length; from += piece) yield `${tuples.slice(from, from + piece).join('\n')}\n`
}
