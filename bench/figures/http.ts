/** The HTTP service against a server on Node that answers a constant: same machine, same client, in turns. */
import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { Figure } from './figure.ts'
import { type LoadOptions, type LoadRound, loadInTurns, medianOf, shareOf } from './load.ts'

export interface HttpOptions {
  readonly quick: boolean
  readonly progress: (message: string) => void
}

/** URLs of what is compared on Node. */
export type HttpServers = Readonly<Record<'service' | 'app' | 'constant', string>>

const through = 'HTTP service through its app'

export async function measureHttp({ quick, progress }: HttpOptions): Promise<Figure[]> {
  const measured = await loadNode({ ...lengthOf(quick), progress: (message) => progress(`Node, ${message}`) })
  const figures = figuresOf('HTTP service', 'Node', measured.service, measured.constant)
  const share = shareOf(measured.app, measured.constant)
  const note = `p99 ${medianOf(measured.app, 'p99')} ms; as when callers are identified: no direct way`
  return [...figures, { name: through, value: share, unit: '%', note }]
}

/** Loads the servers of http-server.ts, in a process of their own. */
export async function loadNode(options: LoadOptions): Promise<Record<keyof HttpServers, LoadRound[]>> {
  const child = fork(fileURLToPath(new URL('http-server.ts', import.meta.url)), [], { execArgv: [] })
  try {
    const servers = await answerOf<HttpServers>(child)
    const cpu = () => {
      child.send('cpu')
      return answerOf<number>(child)
    }
    return await loadInTurns(servers, { ...options, cpu })
  } finally {
    if (child.connected) child.disconnect()
    child.kill()
  }
}

function answerOf<T>(child: ChildProcess): Promise<T> {
  return new Promise((resolve, reject) => {
    const onExit = (code: number | null) => reject(new Error(`the server ended early (${code})`))
    child.once('exit', onExit)
    child.once('message', (message) => {
      child.off('exit', onExit)
      resolve(message as T)
    })
  })
}

/** Two servers of another runtime. */
export async function compareServers(
  servers: { readonly service: string; readonly constant: string },
  name: string,
  runtime: string,
  quick: boolean,
  progress: (message: string) => void,
): Promise<Figure[]> {
  const options = { ...lengthOf(quick), progress: (message: string) => progress(`${runtime}, ${message}`) }
  const { service, constant } = await loadInTurns(servers, options)
  return figuresOf(name, runtime, service, constant)
}

function lengthOf(quick: boolean) {
  return { rounds: quick ? 1 : 9, duration: quick ? 1 : 4, connections: 64, pipelining: 1 }
}

function figuresOf(
  name: string,
  runtime: string,
  ours: readonly LoadRound[],
  constant: readonly LoadRound[],
): Figure[] {
  const how = `autocannon, 64 connections, median of ${ours.length} rounds; ${runtime}`
  const rate = (what: string, rounds: readonly LoadRound[]): Figure => ({
    name: `${name}: ${what}`,
    value: medianOf(rounds, 'rate'),
    unit: '/s',
    note: `p50 ${medianOf(rounds, 'p50')} ms, p99 ${medianOf(rounds, 'p99')} ms`,
  })
  const note = `requests/s, of those of a constant that reads nothing; ${how}`
  return [
    { name, value: shareOf(ours, constant), unit: '%', note },
    rate('requests/s', ours),
    rate('of a constant', constant),
  ]
}
