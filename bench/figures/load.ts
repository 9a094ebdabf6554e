/** Requests over HTTP against several servers, in turns: same machine, same client, same bodies. */
import autocannon from 'autocannon'
import { median } from '../harness/statistics.ts'
import { rbacAbac } from '../workloads/rbac-abac.ts'
import { sizeCase } from '../workloads/workload.ts'

export interface LoadOptions {
  readonly rounds: number
  /** Seconds a round, for each server. */
  readonly duration: number
  readonly connections: number
  /** Requests that a connection sends before it has its answers. */
  readonly pipelining: number
  readonly progress: (message: string) => void
  /** Microseconds that the process with the servers has computed so far, where that can be known. */
  readonly cpu?: () => Promise<number>
}

/** One round against one server. */
export interface LoadRound {
  /** Requests a second. */
  readonly rate: number
  /** Milliseconds. */
  readonly p50: number
  readonly p99: number
  /** Microseconds of the server's process for a request; NaN where that is not known. */
  readonly cpu: number
}

const path = '/access/v1/evaluation'

/** Rounds against each of the servers by its name, after one that warms up; every second round goes backwards. */
export async function loadInTurns<Name extends string>(
  servers: Readonly<Record<Name, string>>,
  { rounds, progress, ...options }: LoadOptions,
): Promise<Record<Name, LoadRound[]>> {
  const { texts } = rbacAbac.build({ case: sizeCase(1000), seed: 1, requests: 512 })
  const names = Object.keys(servers) as Name[]
  const measured = Object.fromEntries(names.map((name) => [name, [] as LoadRound[]])) as Record<Name, LoadRound[]>
  for (let round = 0; round <= rounds; round++) {
    progress(`round ${round} of ${rounds}`)
    for (const name of round % 2 === 0 ? names : names.toReversed()) {
      const one = await load(servers[name], texts, options)
      if (round > 0) measured[name].push(one)
    }
  }
  return measured
}

/** The median over rounds of how two servers compare in the same round, in percent of requests a second. */
export function shareOf(ours: readonly LoadRound[], theirs: readonly LoadRound[]): number {
  return median(ours.map(({ rate }, i) => (100 * rate) / (theirs[i]?.rate ?? Number.NaN)))
}

export function medianOf(rounds: readonly LoadRound[], field: keyof LoadRound): number {
  return median(rounds.map((round) => round[field]))
}

type RoundOptions = Omit<LoadOptions, 'rounds' | 'progress'>

async function load(url: string, texts: readonly string[], { cpu, ...options }: RoundOptions): Promise<LoadRound> {
  const requests = texts.map((body) => ({
    method: 'POST' as const,
    path,
    headers: { 'content-type': 'application/json' },
    body,
  }))
  const before = (await cpu?.()) ?? Number.NaN
  const result = await autocannon({ url, ...options, requests })
  const used = ((await cpu?.()) ?? Number.NaN) - before
  if (result.non2xx > 0 || result.errors > 0)
    throw new Error(`${url}: ${result.non2xx} refused, ${result.errors} failed`)
  const { requests: sent, latency } = result
  return { rate: sent.average, p50: latency.p50, p99: latency.p99, cpu: used / sent.total }
}
