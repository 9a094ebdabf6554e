/** The HTTP service against servers on Node that answer a constant: same machine, same client, in turns. */
import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { Figure } from './figure.ts'
import { type LoadOptions, type LoadRound, loadInTurns, medianOf, shareOf } from './load.ts'

export interface HttpOptions {
  readonly quick: boolean
  readonly progress: (message: string) => void
}

/**
 * URLs of what is compared on Node: the service, the service through its app alone, the service with a constant in place of a decision, and a
 * server of Node alone that answers the constant and reads nothing.
 */
export type HttpServers = Readonly<Record<'service' | 'app' | 'constant' | 'bare', string>>

export async function measureHttp({ quick, progress }: HttpOptions): Promise<Figure[]> {
  const measured = await loadNode({ ...lengthOf(quick), progress: (message) => progress(`Node, ${message}`) })
  const { service, app, constant, bare } = measured
  const same = 'of the same server with a constant in place of the decision'
  const none = 'of a server of Node alone with a constant, which reads nothing'
  const through = `${none}; p99 ${medianOf(app, 'p99')} ms; as when callers are identified: no direct way`
  return [
    ...figuresOf('HTTP service', 'Node', service, constant, same),
    shareFigure('HTTP service to Node alone', service, bare, none),
    rateFigure('HTTP service: of Node alone', bare),
    timeFigure('HTTP service: processor time of a request', service, constant, bare),
    shareFigure('HTTP service through its app', app, bare, through),
  ]
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
  return figuresOf(name, runtime, service, constant, 'of the same server with a constant, which reads the body')
}

/** Many short rounds: what else runs on the machine changes within seconds, and servers are compared within a round. */
function lengthOf(quick: boolean) {
  return { rounds: quick ? 1 : 16, duration: quick ? 1 : 2, connections: 64, pipelining: 1 }
}

function figuresOf(
  name: string,
  runtime: string,
  ours: readonly LoadRound[],
  constant: readonly LoadRound[],
  ofWhat: string,
): Figure[] {
  const how = `autocannon, 64 connections, median of ${ours.length} rounds; ${runtime}`
  return [
    shareFigure(name, ours, constant, `${ofWhat}; ${how}`),
    rateFigure(`${name}: requests/s`, ours),
    rateFigure(`${name}: of a constant`, constant),
  ]
}

function shareFigure(name: string, ours: readonly LoadRound[], theirs: readonly LoadRound[], ofWhat: string): Figure {
  return { name, value: shareOf(ours, theirs), unit: '%', note: `requests/s, of those ${ofWhat}` }
}

/** Of the servers' process; steadier than the rate where other programs run. */
function timeFigure(
  name: string,
  ours: readonly LoadRound[],
  constant: readonly LoadRound[],
  bare: readonly LoadRound[],
): Figure {
  const [same, none] = [constant, bare].map((rounds) => medianOf(rounds, 'cpu').toFixed(1))
  const note = `${same} µs with a constant in place of the decision, ${none} µs of Node alone`
  return { name, value: medianOf(ours, 'cpu'), unit: 'µs', note }
}

function rateFigure(name: string, rounds: readonly LoadRound[]): Figure {
  const note = `p50 ${medianOf(rounds, 'p50')} ms, p99 ${medianOf(rounds, 'p99')} ms`
  return { name, value: medianOf(rounds, 'rate'), unit: '/s', note }
}
