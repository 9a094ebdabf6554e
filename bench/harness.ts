/**
 * Measures engines on one workload at one size, in this process: they agree first, then they take turns, round by
 * round, so that a disturbance of the machine meets all of them.
 */
import { type Agreement, checkAgreement } from './agreement.ts'
import { type Loop, loadLoop } from './loop.ts'
import { type HeapCost, measureHeap } from './memory.ts'
import type { Evaluate, Peer, Preparation } from './peers/peer.ts'
import { median, percentile } from './statistics.ts'
import { measureTimer } from './timer.ts'
import { parseRequests, type Workload } from './workloads/workload.ts'

export interface HarnessOptions {
  readonly rounds: number
  /** How long a round of one engine lasts at least. */
  readonly roundMs: number
  /** How many decisions the heap is watched for. */
  readonly heapDecisions: number
  readonly progress: (message: string) => void
  /** Runs the garbage collector; called before each measurement. */
  readonly collect: () => void
}

export interface SizeResult extends Agreement {
  readonly rules: number
  readonly requests: number
  /** What one pair of clock readings takes; subtracted from the percentiles. */
  readonly timerNs: number
  readonly engines: Readonly<Record<string, EngineResult>>
}

/** Times are of one decision, in nanoseconds. */
export interface EngineResult {
  /** The median of the rounds' means. */
  readonly meanNs: number
  /** The mean of each round, in the order they ran. */
  readonly roundMeansNs: readonly number[]
  /** The median of the means of single passes over requests that were parsed just before. */
  readonly freshMeanNs: number
  readonly p50Ns: number
  readonly p99Ns: number
  readonly p999Ns: number
  /** How many calls the percentiles are of. */
  readonly samples: number
  readonly heap: HeapCost
  readonly preparation: Preparation
}

interface Contender {
  readonly name: string
  readonly evaluate: Evaluate
  readonly preparation: Preparation
  readonly loop: Loop
  readonly roundMeansNs: number[]
  readonly freshMeansNs: number[]
  readonly times: Float64Array
}

const warmupPasses = 20

/** @throws Error when the engines disagree, or an engine cannot be prepared */
export async function measure(
  workload: Workload,
  peers: readonly Peer[],
  options: HarnessOptions,
): Promise<SizeResult> {
  const { requests } = workload
  const { rounds, progress, collect } = options
  const timedRounds = Math.max(1, Math.ceil(rounds / 3))
  const contenders: Contender[] = []
  for (const peer of peers) {
    progress(`${peer.name}: preparing`)
    collect()
    contenders.push({
      name: peer.name,
      ...(await peer.prepare(workload)),
      loop: await loadLoop(peer.name),
      roundMeansNs: [],
      freshMeansNs: [],
      times: new Float64Array(timedRounds * requests.length),
    })
  }

  progress('comparing decisions')
  const agreement = checkAgreement(new Map(contenders.map(({ name, evaluate }) => [name, evaluate])), requests)
  const passes = contenders.map((contender) => warmUp(contender, workload, agreement.allowed, options.roundMs))

  for (let round = 0; round < rounds; round++) {
    progress(`round ${round + 1} of ${rounds}`)
    for (const { contender, index } of takeTurns(contenders, round)) {
      collect()
      contender.roundMeansNs.push(timeRound(contender, workload, passes[index]!, agreement.allowed))
    }
  }
  for (let round = 0; round < timedRounds; round++) {
    progress(`single calls, round ${round + 1} of ${timedRounds}`)
    for (const { contender } of takeTurns(contenders, round)) {
      collect()
      contender.loop.timeEach(contender.evaluate, requests, contender.times, round * requests.length)
    }
  }
  for (let round = 0; round < timedRounds; round++) {
    progress(`fresh requests, round ${round + 1} of ${timedRounds}`)
    for (const { contender } of takeTurns(contenders, round)) {
      const fresh = { ...workload, requests: parseRequests(workload.texts) }
      collect()
      contender.freshMeansNs.push(timeRound(contender, fresh, 1, agreement.allowed))
    }
  }

  progress('heap')
  const timerNs = measureTimer()
  const results = contenders.map((contender) => [contender.name, summarise(contender, workload, timerNs, options)])
  return {
    rules: workload.rules,
    requests: requests.length,
    ...agreement,
    timerNs,
    engines: Object.fromEntries(results),
  }
}

/** Every engine once, each round in the opposite order. */
function takeTurns(contenders: readonly Contender[], round: number): { contender: Contender; index: number }[] {
  const turns = contenders.map((contender, index) => ({ contender, index }))
  return round % 2 === 0 ? turns : turns.reverse()
}

/** Runs until V8 has compiled what it will compile; how many passes make a round of `roundMs`. */
function warmUp(contender: Contender, workload: Workload, allowed: number, roundMs: number): number {
  timeRound(contender, workload, warmupPasses, allowed)
  contender.loop.timeEach(contender.evaluate, workload.requests, contender.times, 0)
  const passMs = (timeRound(contender, workload, warmupPasses, allowed) * workload.requests.length) / 1e6
  return Math.max(1, Math.ceil(roundMs / passMs))
}

/** The mean time of a decision over some passes, in nanoseconds. */
function timeRound(
  { name, loop, evaluate }: Contender,
  { requests }: Workload,
  passes: number,
  allowed: number,
): number {
  let counted = 0
  const start = performance.now()
  for (let pass = 0; pass < passes; pass++) counted += loop.decideAll(evaluate, requests)
  const elapsedMs = performance.now() - start
  if (counted !== passes * allowed) throw new Error(`${name} decided the same requests in two ways`)
  return (elapsedMs * 1e6) / (passes * requests.length)
}

function summarise(contender: Contender, workload: Workload, timerNs: number, options: HarnessOptions): EngineResult {
  const { loop, evaluate, roundMeansNs, freshMeansNs, preparation } = contender
  const sorted = contender.times.sort()
  return {
    meanNs: median(roundMeansNs),
    roundMeansNs,
    freshMeanNs: median(freshMeansNs),
    p50Ns: percentile(sorted, 0.5) - timerNs,
    p99Ns: percentile(sorted, 0.99) - timerNs,
    p999Ns: percentile(sorted, 0.999) - timerNs,
    samples: sorted.length,
    heap: measureHeap(loop, evaluate, workload.requests, options.heapDecisions, options.collect),
    preparation,
  }
}
