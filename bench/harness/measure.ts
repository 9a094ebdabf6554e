/**
 * Measures engines on one case of a workload, in this process: they agree first, then they take turns, round by
 * round, so that a disturbance of the machine meets all of them.
 */

import type { Baseline } from '../peers/baseline.ts'
import type { Peer, Preparation } from '../peers/peer.ts'
import { parseRequests, type Workload } from '../workloads/workload.ts'
import { type Agreement, checkAgreement } from './agreement.ts'
import { type Contender, enter } from './contender.ts'
import { type HeapCost, measureHeap } from './memory.ts'
import { median, percentile } from './statistics.ts'
import { measureTimer, readClock, startClock, threadBudget } from './timer.ts'
import { yardstick } from './yardstick.ts'

export interface HarnessOptions {
  readonly rounds: number
  /** How long a round of one engine lasts at least. */
  readonly roundMs: number
  /**
   * How long an engine decides before each measurement. With a heap of some 500 MB, sweeping lasts for 200 ms, and the cache is as before 200 ms after
   * that.
   */
  readonly leadMs: number
  /** How long one engine may take for each of: comparing decisions, single calls, fresh requests, the heap. */
  readonly budgetMs: number
  /** How many decisions the heap is watched for. */
  readonly heapDecisions: number
  readonly progress: (message: string) => void
  /** Runs the garbage collector; called before each measurement. */
  readonly collect: () => void
}

export interface CaseResult extends Omit<Agreement, 'allowedUpTo'> {
  readonly case: string
  readonly rules: number
  readonly requests: number
  readonly perCall: number
  /** What one pair of clock readings takes; subtracted from the percentiles. */
  readonly timerNs: number
  /** Fixed work, timed once a round: by it, runs on a busier machine can be told from slower code. */
  readonly yardstickNs: readonly number[]
  readonly engines: Readonly<Record<string, EngineResult>>
}

/** Times are of one decision, in nanoseconds. */
export interface EngineResult {
  /** The median of the rounds' means. */
  readonly meanNs: number
  /** The mean of each round, in the order they ran, by the time that the thread ran: what other programs took does not count. */
  readonly roundMeansNs: readonly number[]
  /** The median of the rounds' means by the clock on the wall. */
  readonly wallMeanNs: number
  /** The median of the means of single passes over requests that were parsed just before. */
  readonly freshMeanNs: number
  /** Of single calls, by share of the calls that took no longer; see `shares`. */
  readonly percentilesNs: Readonly<Record<string, number>>
  /** How many calls the percentiles are of. */
  readonly samples: number
  readonly heap: HeapCost
  readonly preparation: Preparation
}

/** The shares that percentiles are given for, in percent. */
export const shares = [1, 10, 25, 50, 75, 90, 95, 99, 99.9, 99.99]

/** What is measured of a contender, and how many of its calls fit where. */
interface Track {
  readonly contender: Contender
  /** The calls it agreed on: the first ones, and the only ones that are timed. */
  readonly calls: number
  /** Calls of a round. */
  readonly perRound: number
  /** Calls that are timed one by one, in each of the rounds of single calls. */
  readonly single: number
  readonly times: Float64Array
  readonly roundMeansNs: number[]
  readonly wallMeansNs: number[]
  readonly freshMeansNs: number[]
  /** The call with which the next round begins. */
  next: number
}

/** @throws Error when the engines disagree, or an engine cannot be prepared */
export async function measure(
  workload: Workload,
  peers: readonly (Peer | Baseline)[],
  options: HarnessOptions,
): Promise<CaseResult> {
  const { rounds, progress, collect } = options
  const timedRounds = Math.max(1, Math.ceil(rounds / 3))
  const contenders: Contender[] = []
  for (const peer of peers) {
    progress(`${peer.name}: preparing`)
    collect()
    contenders.push(await enter(peer, workload))
  }

  progress('comparing decisions')
  const { allowedUpTo, ...agreement } = await checkAgreement(contenders, options.budgetMs)
  const tracks: Track[] = []
  for (const contender of contenders) {
    progress(`${contender.name}: warming up`)
    tracks.push(await warmUp(contender, agreement.compared[contender.name]!, timedRounds, options))
  }

  const yardstickNs: number[] = []
  for (let round = 0; round < rounds; round++) {
    progress(`round ${round + 1} of ${rounds}`)
    yardstickNs.push(yardstick())
    for (const track of takeTurns(tracks, round)) {
      collect()
      await leadIn(track, allowedUpTo, options)
      await timeRound(track, allowedUpTo)
    }
  }
  for (let round = 0; round < timedRounds; round++) {
    progress(`single calls, round ${round + 1} of ${timedRounds}`)
    for (const track of takeTurns(tracks, round)) {
      const { contender, single, times } = track
      collect()
      await leadIn(track, allowedUpTo, options)
      await contender.loop.timeEach(contender.call, contender.inputs, 0, single, times, round * single)
    }
  }
  for (let round = 0; round < timedRounds; round++) {
    progress(`fresh requests, round ${round + 1} of ${timedRounds}`)
    for (const { contender, single, freshMeansNs } of takeTurns(tracks, round)) {
      const texts = workload.texts.slice(0, single * contender.perCall)
      const fresh = contender.inputsOf(parseRequests(texts, workload.question === 'list' ? workload.perCall : 1), texts)
      collect()
      freshMeansNs.push(await timeCalls(contender, fresh, single, allowedUpTo[single]!))
    }
  }

  progress('heap')
  const timerNs = measureTimer()
  const engines: Record<string, EngineResult> = {}
  for (const track of tracks) engines[track.contender.name] = await summarise(track, timerNs, options)
  return {
    case: workload.case.name,
    rules: workload.case.rules,
    requests: workload.requests.length,
    perCall: workload.perCall,
    ...agreement,
    timerNs,
    yardstickNs,
    engines,
  }
}

/** Every engine once, each round in the opposite order. */
function takeTurns(tracks: readonly Track[], round: number): readonly Track[] {
  return round % 2 === 0 ? tracks : tracks.toReversed()
}

/** Runs until V8 has compiled what it will compile, and finds out how many calls fill a round. */
async function warmUp(
  contender: Contender,
  calls: number,
  timedRounds: number,
  options: HarnessOptions,
): Promise<Track> {
  const { call, loop, inputs } = contender
  const times = new Float64Array(1024)
  const warmMs = options.budgetMs / 4
  const isSpent = threadBudget(warmMs)
  let callMs = 0
  // In pieces, so that a slow engine does not run for minutes; the last piece, a warm one, tells the time of a call.
  for (let pass = 0; pass < 40 && !isSpent(); pass++) {
    const from = (pass * 1024) % calls
    const piece = pass === 0 ? 1 : Math.max(1, Math.min(1024, Math.floor(warmMs / 4 / callMs)))
    const to = Math.min(calls, from + piece)
    const start = startClock()
    await loop.decideAll(call, inputs, from, to)
    callMs = readClock(start).threadNs / 1e6 / (to - from)
    await loop.timeEach(call, inputs, from, to, times, 0)
  }
  const single = Math.max(1, Math.min(calls, Math.floor(options.budgetMs / timedRounds / callMs)))
  return {
    contender,
    calls,
    perRound: Math.max(1, Math.ceil(options.roundMs / callMs)),
    single,
    times: new Float64Array(timedRounds * single),
    roundMeansNs: [],
    wallMeansNs: [],
    freshMeansNs: [],
    next: 0,
  }
}

/**
 * What comes before each measurement is not timed: after a garbage collection nothing is in the processor's cache, and V8 goes on
 * sweeping beside, so that the first passes over many requests take up to five times as long as all later ones.
 */
async function leadIn(track: Track, allowedUpTo: Uint32Array, { roundMs, leadMs }: HarnessOptions): Promise<void> {
  const rounds = Math.ceil(leadMs / roundMs)
  for (let round = 0; round < rounds; round++) await decideRound(track, allowedUpTo)
}

/** One round, which goes on where the last one ended: adds the mean time of a decision, in nanoseconds. */
async function timeRound(track: Track, allowedUpTo: Uint32Array): Promise<void> {
  const start = startClock()
  await decideRound(track, allowedUpTo)
  const { threadNs, wallNs } = readClock(start)
  const decisions = track.perRound * track.contender.perCall
  track.roundMeansNs.push(threadNs / decisions)
  track.wallMeansNs.push(wallNs / decisions)
}

/** The calls of a round, from where the last one ended. */
async function decideRound(track: Track, allowedUpTo: Uint32Array): Promise<void> {
  const { contender, calls, perRound } = track
  const { loop, call, inputs } = contender
  let left = perRound
  let counted = 0
  let expected = 0
  while (left > 0) {
    const from = track.next
    const to = Math.min(calls, from + left)
    const inPiece = await loop.decideAll(call, inputs, from, to)
    counted += inPiece
    expected += allowedUpTo[to]! - allowedUpTo[from]!
    left -= to - from
    track.next = to === calls ? 0 : to
  }
  checkCount(contender, counted, expected)
}

async function timeCalls(
  contender: Contender,
  inputs: readonly unknown[],
  calls: number,
  expected: number,
): Promise<number> {
  const start = startClock()
  const counted = await contender.loop.decideAll(contender.call, inputs, 0, calls)
  // One pass is too short for the thread's clock.
  const { wallNs } = readClock(start)
  checkCount(contender, counted, expected)
  return wallNs / (calls * contender.perCall)
}

function checkCount({ name, verdicts }: Contender, counted: number, expected: number): void {
  if (verdicts === undefined || counted === expected) return
  throw new Error(`${name} decided the same requests in two ways`)
}

async function summarise(track: Track, timerNs: number, options: HarnessOptions): Promise<EngineResult> {
  const { contender, roundMeansNs, wallMeansNs, freshMeansNs, times } = track
  const { perCall } = contender
  const meanNs = median(roundMeansNs)
  const sorted = times.sort()
  const percentiles = shares.map((share) => [share, (percentile(sorted, share / 100) - timerNs) / perCall])
  const affordable = Math.ceil((options.budgetMs * 1e6) / median(roundMeansNs))
  return {
    meanNs,
    roundMeansNs,
    wallMeanNs: median(wallMeansNs),
    freshMeanNs: median(freshMeansNs),
    percentilesNs: Object.fromEntries(percentiles),
    samples: sorted.length,
    heap: await measureHeap(contender, track.calls, Math.min(options.heapDecisions, affordable), options.collect),
    preparation: contender.preparation,
  }
}
