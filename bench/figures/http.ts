/** The HTTP service against the same server with a constant answer: same machine, same client, in turns. */
import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import autocannon from 'autocannon'
import { median } from '../harness/statistics.ts'
import { rbacAbac } from '../workloads/rbac-abac.ts'
import { sizeCase } from '../workloads/workload.ts'
import type { Figure } from './figure.ts'

export interface HttpOptions {
  readonly quick: boolean
  readonly progress: (message: string) => void
}

interface Urls {
  readonly service: string
  readonly constant: string
}

const path = '/access/v1/evaluation'

export async function measureHttp({ quick, progress }: HttpOptions): Promise<Figure[]> {
  const script = fileURLToPath(new URL('http-server.ts', import.meta.url))
  const child = fork(script, [], { execArgv: [] })
  try {
    const urls = await new Promise<Urls>((resolve, reject) => {
      child.once('message', (message) => resolve(message as Urls))
      child.once('exit', (code) => reject(new Error(`the server ended early (${code})`)))
    })
    return await compareServers(urls, 'HTTP service', 'Node', quick, progress)
  } finally {
    child.disconnect()
    child.kill()
  }
}

/** Rounds of both, in turns, after one that warms up. */
export async function compareServers(
  { service, constant }: Urls,
  name: string,
  runtime: string,
  quick: boolean,
  progress: (message: string) => void,
): Promise<Figure[]> {
  const { texts } = rbacAbac.build({ case: sizeCase(1000), seed: 1, requests: 512 })
  const rounds = quick ? 1 : 7
  const duration = quick ? 1 : 4
  const ours: autocannon.Result[] = []
  const theirs: autocannon.Result[] = []
  for (let round = -1; round < rounds; round++) {
    progress(`${runtime}, round ${round + 1} of ${rounds}`)
    const pair = [await load(service, texts, duration), await load(constant, texts, duration)] as const
    if (round < 0) continue
    ours.push(pair[0])
    theirs.push(pair[1])
  }
  const rate = (results: readonly autocannon.Result[]) => median(results.map(({ requests }) => requests.average))
  const p99 = (results: readonly autocannon.Result[]) => median(results.map(({ latency }) => latency.p99))
  const how = `autocannon, 16 connections, median of ${rounds} rounds of ${duration} s; ${runtime}`
  return [
    { name, value: (100 * rate(ours)) / rate(theirs), unit: '%', note: `requests/s, of those of a constant; ${how}` },
    { name: `${name}: requests/s`, value: rate(ours), unit: '/s', note: `p99 ${p99(ours)} ms` },
    { name: `${name}: of a constant`, value: rate(theirs), unit: '/s', note: `p99 ${p99(theirs)} ms` },
  ]
}

async function load(url: string, texts: readonly string[], duration: number): Promise<autocannon.Result> {
  const requests = texts.map((body) => ({
    method: 'POST' as const,
    path,
    headers: { 'content-type': 'application/json' },
    body,
  }))
  const result = await autocannon({ url, connections: 16, duration, requests })
  if (result.non2xx > 0 || result.errors > 0)
    throw new Error(`${url}: ${result.non2xx} refused, ${result.errors} failed`)
  return result
}
