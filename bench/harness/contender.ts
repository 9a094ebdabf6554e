/** An engine in a run: its calls, the inputs it is asked about, and what was measured so far. */
import type { AccessRequest } from '../../src/engine/types.ts'
import type { Baseline } from '../peers/baseline.ts'
import type { ConcurrentPeer, Peer, Preparation, PreparedPeer, Verdict } from '../peers/peer.ts'
import type { Workload } from '../workloads/workload.ts'
import { type Call, type Loop, loadLoop } from './loop.ts'

export interface Contender {
  readonly name: string
  readonly preparation: Preparation
  readonly call: Call
  readonly loop: Loop
  /** One for each call; a slow engine gets the first ones only, see `share`. */
  readonly inputs: readonly unknown[]
  /** What the engine says of an input, a verdict for each decision of the call; undefined for what decides nothing. */
  readonly verdicts: ((input: unknown) => Verdict[] | Promise<Verdict[]>) | undefined
  /** Makes the inputs of other requests. */
  inputsOf(requests: readonly AccessRequest[], texts: readonly string[]): unknown[]
  readonly perCall: number
}

/** Prepares the engine and fits it to the question of the workload. */
export async function enter(peer: Peer | Baseline, workload: Workload): Promise<Contender> {
  if ('start' in peer) return enterBaseline(peer, workload)
  const prepared = await peer.prepare(workload)
  const loop = await loadLoop(peer.name, workload.question === 'concurrent')
  const fitted = fitTo(prepared, loop, workload)
  const inputs = fitted.inputsOf(workload.requests, workload.texts)
  const { preparation } = prepared
  return { name: peer.name, preparation, loop, inputs, perCall: workload.perCall, ...fitted }
}

async function enterBaseline({ name, start, inputs }: Baseline, { texts, perCall }: Workload): Promise<Contender> {
  return {
    name,
    preparation: { totalMs: 0, firstDecisionUs: 0 },
    call: { run: await start(), allowed: () => 0 },
    loop: await loadLoop(name),
    inputs: inputs(texts),
    verdicts: undefined,
    inputsOf: (_requests, fresh) => inputs(fresh),
    perCall,
  }
}

type Fitted = Pick<Contender, 'call' | 'verdicts' | 'inputsOf'>

function fitTo(peer: PreparedPeer | ConcurrentPeer, loop: Loop, { question, perCall }: Workload): Fitted {
  if ('decideTogether' in peer) return fitTogether(peer, perCall)
  switch (question) {
    case 'concurrent':
      throw new Error('an engine without decideTogether is asked about requests that are under way together')
    case 'request':
      return fitRequest(peer)
    case 'list':
      return fitList(peer, loop, perCall)
    case 'bytes':
      return fitBytes(peer, loop)
  }
}

function fitRequest(peer: PreparedPeer): Fitted {
  return {
    // The engine's own functions: a wrapper would cost every call a little.
    call: { run: peer.decide, allowed: peer.allowed },
    verdicts: (input) => [peer.verdict(peer.decide(input))],
    inputsOf: (requests) => requests.map((request) => peer.input(request)),
  }
}

function fitList(peer: PreparedPeer, loop: Loop, perCall: number): Fitted {
  const { allowed } = peer
  const decideList = peer.decideList ?? loop.decideEach(peer.decide)
  const run = (inputs: unknown) => decideList(inputs as unknown[])
  return {
    call: { run, allowed: (outputs) => countAllowed(outputs as unknown[], allowed) },
    verdicts: (inputs) => decideList(inputs as unknown[]).map((output) => peer.verdict(output)),
    inputsOf: (requests) => inGroups(requests, perCall, (request) => peer.input(request)),
  }
}

function fitTogether(peer: ConcurrentPeer, perCall: number): Fitted {
  const run = (inputs: unknown) => peer.decideTogether(inputs as unknown[])
  return {
    call: { run, allowed: (outputs) => countAllowed(outputs as unknown[], peer.allowed) },
    verdicts: async (inputs) => (await run(inputs)).map((output) => peer.verdict(output)),
    inputsOf: (requests) => inGroups(requests, perCall, (request) => peer.input(request)),
  }
}

function countAllowed(outputs: readonly unknown[], allowed: (output: unknown) => number): number {
  let count = 0
  for (const output of outputs) count += allowed(output)
  return count
}

function inGroups<T>(requests: readonly AccessRequest[], perCall: number, input: (request: AccessRequest) => T): T[][] {
  return Array.from({ length: Math.floor(requests.length / perCall) }, (_, call) =>
    requests.slice(call * perCall, (call + 1) * perCall).map(input),
  )
}

function fitBytes(peer: PreparedPeer, loop: Loop): Fitted {
  const decideBytes =
    peer.decideBytes ??
    loop.decideParsed(
      (parsed) => peer.input(parsed),
      peer.decide,
      (output) => peer.body?.(output),
    )
  const encoder = new TextEncoder()
  const decoder = new TextDecoder()
  return {
    call: {
      run: (bytes) => decideBytes(bytes as Uint8Array),
      // Every body begins with its decision; `t` of true is its thirteenth byte.
      allowed: (body) => ((body as Uint8Array)[12] === 0x74 ? 1 : 0),
    },
    verdicts: (bytes) => {
      const body: { decision: boolean } = JSON.parse(decoder.decode(decideBytes(bytes as Uint8Array)))
      return [{ decision: body.decision }]
    },
    inputsOf: (_requests, texts) => texts.map((text) => encoder.encode(text)),
  }
}
