/**
 * The relations workload in SpiceDB and OpenFGA: programs in Go with the engines inside (peers/go), on the same tuples and
 * checks, with a harness of their own, as they cannot run in this process.
 */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Case } from '../workloads/workload.ts'
import { type ZanzibarProgram, zanzibarEngines } from './engines.ts'
import { writeFiles } from './files.ts'
import { buildProgram, runProgram } from './program.ts'
import type { ZanzibarResult } from './result.ts'

const folder = 'build/bench/zanzibar'

export interface ZanzibarOptions {
  readonly seed: number
  /** How long each engine checks. */
  readonly budgetMs: number
  /** How long its loading may take, and its checks. */
  readonly limitMs: number
  readonly progress: (message: string) => void
}

/**
 * Each engine at each size, smaller ones first; one that was left out is not asked to do more. Nothing here is in the way of
 * the others: an engine that cannot be built or ends within no limit is a line of its own.
 *
 * @throws when an engine decides otherwise than we do
 */
export async function runZanzibar(cases: readonly Case[], options: ZanzibarOptions): Promise<ZanzibarResult[]> {
  const { seed, progress } = options
  await mkdir(folder, { recursive: true })
  const failures = await buildPrograms(progress)
  const results: ZanzibarResult[] = []
  for (const one of [...cases].sort((a, b) => a.rules - b.rules)) {
    progress(`${one.name}: writing tuples and checks`)
    const files = await writeFiles(one, seed, folder)
    for (const { name, program } of zanzibarEngines) {
      const show = (message: string) => progress(`${one.name}: ${name}: ${message}`)
      const failed = failures.get(program) ?? tooMany(results, name)
      if (failed === undefined) {
        results.push(await runProgram(fileOf(program), { ...options, engine: name, files, progress: show }))
      } else {
        results.push({ engine: name, tuples: one.rules, leftOut: failed })
      }
    }
  }
  return results
}

/** Why an engine is not asked for more tuples than it could not do. */
function tooMany(results: readonly ZanzibarResult[], engine: string): string | undefined {
  const before = results.find((result) => result.engine === engine && result.leftOut !== undefined)
  return before && `not tried, as ${before.tuples.toLocaleString('en')} were too many`
}

/** Why a program could not be built, of those that could not. */
async function buildPrograms(progress: (message: string) => void): Promise<Map<ZanzibarProgram, string>> {
  const failures = new Map<ZanzibarProgram, string>()
  for (const program of new Set(zanzibarEngines.map((engine) => engine.program))) {
    progress(`building ${program}; the first time takes minutes`)
    try {
      await buildProgram(program, fileOf(program))
    } catch (error) {
      failures.set(program, `not built: ${error instanceof Error ? firstLines(error.message) : String(error)}`)
    }
  }
  return failures
}

function fileOf(program: ZanzibarProgram): string {
  return join(process.cwd(), folder, program)
}

function firstLines(text: string): string {
  return text.trim().split('\n').slice(0, 2).join(' ')
}
