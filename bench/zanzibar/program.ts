/** A program in Go: built, and run for one engine and one size. */
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { ZanzibarProgram } from './engines.ts'
import type { ZanzibarFiles } from './files.ts'
import type { ZanzibarResult } from './result.ts'

const sources = fileURLToPath(new URL('../peers/go/', import.meta.url))
const call = promisify(execFile)

/** Builds the program into this file; throws when there is no Go, or it cannot be built. */
export async function buildProgram(program: ZanzibarProgram, file: string): Promise<void> {
  await call('go', ['build', '-o', file, '.'], { cwd: join(sources, program) })
}

export interface ProgramJob {
  readonly engine: string
  readonly files: ZanzibarFiles
  /** How long to check. */
  readonly budgetMs: number
  /** How long loading may take, and checking, before the engine is left out. */
  readonly limitMs: number
  readonly progress: (message: string) => void
}

/**
 * What the program found out, which may be that the engine is too slow.
 *
 * @throws when it decides otherwise than we do, or ends in another way
 */
export async function runProgram(file: string, job: ProgramJob): Promise<ZanzibarResult> {
  const { engine, files, budgetMs, limitMs, progress } = job
  const limits = ['-budget', `${budgetMs}ms`, '-limit', `${limitMs}ms`]
  const args = ['-engine', engine, '-tuples', files.tuples, '-checks', files.checks, ...limits]
  // The program keeps to its limits by itself; this is for one that cannot any more.
  const timeout = 4 * limitMs
  const child = spawn(file, args, { stdio: ['ignore', 'pipe', 'pipe'], timeout, killSignal: 'SIGKILL' })
  let last = ''
  createInterface({ input: child.stderr }).on('line', (line) => {
    last = line
    progress(line)
  })
  const [output, [code, signal]] = await Promise.all([text(child.stdout), once(child, 'close')])
  if (code === 0) return JSON.parse(output)
  throw new Error(`${engine}: ${signal === null ? last : `ended by ${signal} after ${timeout} ms; ${last}`}`)
}
