/** Processes that share a database, and what is left when they have ended. */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { openDatabase } from '../../../src/service/database.ts'
import { type Balance, balance, granted, open } from './ledger.ts'

export interface Load {
  readonly url: string
  readonly processes: number
  /** In each process. */
  readonly consumers: number
  /** What may be granted in all. */
  readonly limit: number
  /** How many processes are killed, one after another, before the rest is let run. */
  readonly kills: number
}

export interface Result extends Balance {
  /** What the processes were told that they got. */
  readonly acknowledged: readonly string[]
  readonly seconds: number
}

const script = fileURLToPath(new URL('consumer.ts', import.meta.url))

export async function run({ url, processes, consumers, limit, kills }: Load): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-load-'))
  try {
    const database = await openDatabase(url, 'create')
    const tenant = (await database.store({ migrate: true })).tenant('acme')
    await open(tenant)
    const start = performance.now()
    const begin = (i: number): Worker => new Worker([url, join(folder, `${i}`), `${consumers}`, `${limit}`])
    const workers = Array.from({ length: processes }, (_, i) => begin(i))
    for (let kill = 0; kill < kills; kill++) {
      // Starting takes most of a process's life; some die in it, most after it.
      await new Promise((resolve) => setTimeout(resolve, 150 + Math.random() * 250))
      const i = kill % processes
      await workers[i]!.kill()
      workers[i] = begin(i)
    }
    await Promise.all(workers.map((worker) => worker.end()))
    const seconds = (performance.now() - start) / 1000
    const acknowledged = readdirSync(folder).flatMap((name) => granted(readFileSync(join(folder, name), 'utf8')))
    const left = await balance(tenant)
    await database.close()
    return { ...left, acknowledged, seconds }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

class Worker {
  readonly #child: ChildProcess
  readonly #exit: Promise<number | null>
  readonly #said: string[] = []

  constructor(args: readonly string[]) {
    this.#child = spawn(process.execPath, ['--no-warnings', script, ...args], { stdio: ['ignore', 'ignore', 'pipe'] })
    this.#child.stderr?.on('data', (chunk) => this.#said.push(String(chunk)))
    this.#exit = new Promise((resolve) => this.#child.once('exit', resolve))
  }

  async kill(): Promise<void> {
    this.#child.kill('SIGKILL')
    await this.#exit
    if (this.#said.length > 0) throw new Error(`a consumer failed:\n${this.#said.join('')}`)
  }

  /** @throws Error with what it said, unless it ended well */
  async end(): Promise<void> {
    const code = await this.#exit
    if (code !== 0) throw new Error(`a consumer ended with ${code}:\n${this.#said.join('')}`)
  }
}

/** What is wrong; nothing, if all is well: nothing acknowledged was lost, nothing was granted twice, and the limit was reached exactly. */
export function faultsIn({ acknowledged, counted, ledger }: Result, limit: number): string[] {
  const told = new Set(acknowledged)
  const lost = [...told].filter((id) => !ledger.has(id))
  const untold = [...ledger].filter((id) => !told.has(id))
  return [
    ...(counted === limit ? [] : [`the counter is at ${counted}, not ${limit}`]),
    ...(ledger.size === counted ? [] : [`the ledger has ${ledger.size} entries, and the counter ${counted}`]),
    ...(told.size === acknowledged.length ? [] : [`${acknowledged.length - told.size} grants were told twice`]),
    ...(lost.length === 0 ? [] : [`${lost.length} acknowledged grants are lost, such as ${lost[0]}`]),
    ...(untold.length === 0 ? [] : [`${untold.length} grants were never told, such as ${untold[0]}`]),
  ]
}
