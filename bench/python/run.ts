/**
 * The workload agt in engines in Python: a program (peers/python) that gets a job as JSON, with a harness of its own, as they cannot run in
 * this process.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { importBuilt } from '../peers/built.ts'
import { plainRules } from '../peers/plain-rules.ts'
import { agt } from '../workloads/agt.ts'
import type { Workload } from '../workloads/workload.ts'
import { type PythonLeftOut, type PythonResult, type PythonTimes, pythonEngines } from './result.ts'

const program = fileURLToPath(new URL('../peers/python/decide.py', import.meta.url))

export interface PythonOptions {
  readonly seed: number
  readonly quick: boolean
  /** The Python to start. */
  readonly python: string
  /** How long each engine decides, in each case. */
  readonly budgetMs: number
  readonly progress: (message: string) => void
}

/** What is written to the program. */
interface Job {
  readonly engine: string
  readonly rules: readonly { readonly id: string; readonly action: string; readonly deny: boolean }[]
  readonly requests: readonly { readonly agent: string; readonly action: string }[]
  /** What we decide. */
  readonly expected: readonly boolean[]
  readonly budgetMs: number
}

/**
 * Each engine in each case. One that is not there is a line of its own, and no error.
 *
 * @throws Error when an engine decides otherwise than we do, or ends in another way
 */
export async function runPython(options: PythonOptions): Promise<PythonResult[]> {
  const { seed, quick, python, progress } = options
  const results: PythonResult[] = []
  for (const one of agt.cases({ rules: undefined, quick })) {
    const job = await jobOf(agt.build({ case: one, seed, requests: 500 }), options)
    for (const { name } of pythonEngines) {
      progress(`${one.name}: ${name}`)
      results.push({ engine: name, case: one.name, ...(await runProgram(python, { ...job, engine: name })) })
    }
  }
  return results
}

async function jobOf({ document, requests }: Workload, { budgetMs }: PythonOptions): Promise<Omit<Job, 'engine'>> {
  const { createEngine } = await importBuilt()
  const engine = await createEngine({ policies: document })
  return {
    rules: plainRules(document).map(({ id, action = '*', deny }) => ({ id, action, deny })),
    requests: requests.map(({ subject, action }) => ({ agent: subject.id, action: action.name })),
    expected: requests.map((request) => engine.evaluate(request).decision),
    budgetMs,
  }
}

async function runProgram(python: string, job: Job): Promise<PythonTimes | PythonLeftOut> {
  const child = spawn(python, [program], { stdio: ['pipe', 'pipe', 'pipe'] })
  try {
    await once(child, 'spawn')
  } catch (error) {
    return { leftOut: `there is no ${python}: ${error instanceof Error ? error.message : error}` }
  }
  child.stdin.end(JSON.stringify(job))
  const [output, problems, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')])
  if (code === 0) return JSON.parse(output)
  throw new Error(`${job.engine}: ${problems.trim()}`)
}
