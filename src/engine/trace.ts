/** What the core traces of a decision: the rules that were looked at, what their tests came to, and the votes. */
import { Code, Effect, Truth, Vote } from '../../assembly/abi/decision.ts'
import { Info } from '../../assembly/abi/memory.ts'
import { Candidate } from '../../assembly/abi/rules.ts'
import type { RuleText } from '../compiler/metadata.ts'
import type { Core } from './core.ts'
import { STATUSES } from './decision.ts'
import type { ImageReader } from './image-reader.ts'
import type { Study } from './study.ts'
import type { Decision, SetExplanation } from './types.ts'

/** Bytes of trace to start with; a longer one is asked for again. */
const FIRST_TRACE = 1 << 16

/** A decision, looked at once more. */
export interface Trace {
  /** The candidates that were looked at, in document order. */
  readonly visits: readonly Visit[]
  /** The sets that took part. */
  readonly sets: readonly SetExplanation[]
  /** To look at every test was too much work: what came last was not looked at, and passes for not evaluable. */
  readonly cut: boolean
}

/** Decides what is in the frame with a trace. */
export function traceDecision({ core, image, decision, projection }: Study): Trace {
  const trace = traced(core, projection.top(), (start, end) => core.calls.decideTraced(start, end))
  const visits = readTrace(core, image, trace.start, trace.length)
  // A decision that passes a limit by itself has no trace.
  const cut = ((trace.result >>> 2) & 7) === Code.Limit
  if (!cut) return { visits, cut, sets: readVotes(core, image, visits) }
  // Without a trace it is made as before, and leaves its votes.
  core.decide()
  return {
    visits: visits.map((visit) => asDecided(visit, decision)),
    cut,
    sets: cutVotes(core, image, visits, decision),
  }
}

/** Runs a call of the core that writes a trace, with room enough for all of it; and once more when there was not. */
export function traced<T>(core: Core, scratchTop: number, call: (start: number, end: number) => T) {
  const start = (scratchTop + 15) & ~15
  let length = FIRST_TRACE
  while (true) {
    const room = length
    core.reserve(start + room)
    const result = call(start, start + room)
    length = core.info(Info.TraceLength)
    if (length <= room) return { start, length, result }
  }
}

/** A candidate that was looked at. */
export interface Visit {
  readonly rule: number
  readonly text: RuleText
  /** Address of its condition, 0 for none. */
  readonly code: number
  readonly packed: number
  readonly rank: number
  readonly truth: Truth
  /** Truth by node address. */
  readonly tests: ReadonlyMap<number, Truth>
}

/** The visits in document order, each rule once. */
function readTrace(core: Core, image: ImageReader, start: number, length: number): Visit[] {
  const visits = new Map<number, Visit>()
  let tests = new Map<number, Truth>()
  for (let at = start >>> 2; at < (start + length) >>> 2; at += 2) {
    const address = core.i32[at] ?? 0
    const truth = core.i32[at + 1] ?? Truth.NotEvaluable
    if ((address & 1) === 0) {
      tests.set(address, truth)
      continue
    }
    const field = (index: Candidate): number => core.i32[((address - 1) >>> 2) + index] ?? 0
    const rule = field(Candidate.Rule)
    visits.set(rule, {
      rule,
      text: image.ruleText(rule),
      code: field(Candidate.Code),
      packed: field(Candidate.Packed),
      rank: field(Candidate.Rank),
      truth,
      tests,
    })
    tests = new Map()
  }
  return [...visits.values()].sort((a, b) => a.rule - b.rule)
}

/** A rule that decides because it applies does so, whether or not the trace came to it. */
function asDecided(visit: Visit, { code, rules }: Decision): Visit {
  return code === 'matched' && rules.includes(visit.text.id) ? { ...visit, truth: Truth.True } : visit
}

/** The votes, and the rules that made them: those whose rank and strength are the set's best. */
function readVotes(core: Core, image: ImageReader, visits: readonly Visit[]): SetExplanation[] {
  const votes = core.info(Info.Votes) >>> 2
  const best = core.info(Info.Best) >>> 2
  return image.metadata.sets.flatMap(({ name, algorithm }, set) => {
    const vote = core.i32[votes + set] ?? Vote.NotAsked
    if (vote === Vote.NotAsked) return []
    const strength = core.i32[best + set * 2] ?? 0
    const rank = core.i32[best + set * 2 + 1] ?? 0
    const deciding = visits.filter(
      (visit) => setOf(visit) === set && strength !== 0 && visit.rank === rank && strengthOf(visit) === strength,
    )
    return [{ name, algorithm, vote: STATUSES[vote] ?? 'abstain', deciding: deciding.map(({ text }) => text.id) }]
  })
}

/** The votes of a decision whose trace was cut, as far as it left them. */
function cutVotes(core: Core, image: ImageReader, visits: readonly Visit[], decision: Decision): SetExplanation[] {
  const best = core.info(Info.Best) >>> 2
  const votes = core.info(Info.Votes) >>> 2
  const deciding = new Set(decision.rules)
  return image.metadata.sets.flatMap(({ name, algorithm }, set) => {
    const own = visits.filter((visit) => setOf(visit) === set)
    const [strength = 0, rank = 0] = core.i32.subarray(best + set * 2, best + set * 2 + 2)
    const cast = core.i32[votes + set] ?? Vote.NotAsked
    // A single set, and sets in which no rule applies, cast none.
    const vote = cast !== Vote.NotAsked ? (STATUSES[cast] ?? 'abstain') : strength !== 0 ? decision.status : 'abstain'
    if (vote === 'abstain' && cast === Vote.NotAsked && own.length === 0) return []
    const makers =
      vote === decision.status && decision.code === 'matched'
        ? own.filter(({ text }) => deciding.has(text.id))
        : own.filter((visit) => strength !== 0 && visit.rank === rank && strengthOf(visit) === strength)
    return [{ name, algorithm, vote, deciding: makers.map(({ text }) => text.id) }]
  })
}

/** The number of the rule's set. */
export function setOf({ packed }: Pick<Visit, 'packed'>): number {
  return packed & 0xff
}

/** The strength with which a rule counted; 0 when it did not. */
export function strengthOf({ packed, truth }: Visit): number {
  if (truth === Truth.False) return 0
  if (truth === Truth.True) return (packed >>> 16) & 0xff
  return ((packed >>> 8) & 0xff) === Effect.Allow ? 0 : packed >>> 24
}
