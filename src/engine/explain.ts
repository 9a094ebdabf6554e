/** Explanations: the core's trace, told in the policy's words. */
import { Effect, Truth, Vote } from '../../assembly/abi/decision.ts'
import { Info } from '../../assembly/abi/memory.ts'
import { Candidate } from '../../assembly/abi/rules.ts'
import type { RuleText } from '../compiler/metadata.ts'
import type { AttributeValue } from '../policy/document.ts'
import type { Core } from './core.ts'
import { STATUSES } from './decision.ts'
import { Disassembler, type ReadTest } from './disassemble.ts'
import { whyNot } from './explain-expression.ts'
import { findValue, shownValue } from './found-value.ts'
import type { ImageReader } from './image-reader.ts'
import { noteOn } from './notes.ts'
import type { Projection } from './projection.ts'
import { inactiveNote } from './role-notes.ts'
import type { Study } from './study.ts'
import type { AccessRequest, Explanation, Outcome, RuleExplanation, SetExplanation, TestExplanation } from './types.ts'

/** Bytes of trace to start with; a longer one is asked for again. */
const FIRST_TRACE = 1 << 16

const OUTCOMES: Readonly<Record<number, Outcome>> = {
  [Truth.False]: 'false',
  [Truth.True]: 'true',
  [Truth.NotEvaluable]: 'not_evaluable',
}

const NEGATED: Readonly<Record<Outcome, Outcome>> = { true: 'false', false: 'true', not_evaluable: 'not_evaluable' }

/** Asks the core once more for the request that is in the frame, with a trace behind what the projection wrote. */
export function explainDecision({ core, image, decision, request, now, projection }: Study): Explanation {
  const visits = traceDecision(core, image, projection.top())
  const scene = { core, image, disassembler: new Disassembler(core, image), request, now, projection }
  const deciding = new Set(decision.rules)
  return {
    decision,
    sets: explainSets(core, image, visits),
    rules: visits.map((visit) => ({ ...explainRule(visit, scene), deciding: deciding.has(visit.text.id) })),
  }
}

/** Decides what is in the frame with a trace; the candidates that were looked at, in document order. */
export function traceDecision(core: Core, image: ImageReader, scratchTop: number): Visit[] {
  const trace = traced(core, scratchTop, (start, end) => core.calls.decideTraced(start, end))
  return readTrace(core, image, trace.start, trace.length)
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

export interface Scene {
  readonly core: Core
  readonly image: ImageReader
  readonly disassembler: Disassembler
  readonly request: AccessRequest
  readonly now: number | undefined
  readonly projection: Projection
}

export function explainRule(visit: Visit, scene: Scene): Omit<RuleExplanation, 'deciding'> {
  const { id, place } = visit.text
  const tests = visit.code === 0 ? [] : scene.disassembler.tests(visit.code)
  return {
    id,
    set: scene.image.metadata.sets[setOf(visit)]?.name ?? '',
    effect: STATUSES[(visit.packed >>> 8) & 0xff] ?? 'deny',
    outcome: outcome(visit.truth),
    tests: tests.map((test) => explainTest(test, visit, scene)),
    ...(place !== undefined && { place }),
  }
}

/** A test in the policy's words; `visit` knows what it came to. */
export function explainTest(test: ReadTest, visit: Pick<Visit, 'tests'>, scene: Scene): TestExplanation {
  const plain = outcome(visit.tests.get(test.node) ?? Truth.NotEvaluable)
  if (test.expression !== undefined) {
    // The part that failed is a part of the source, which may hold what a secret is compared with.
    const why = test.secret ? undefined : whyNot(scene.core, scene.image, test.expression)
    const { path, operator, expected } = test
    return {
      path,
      operator,
      expected,
      ...(why !== undefined && { why }),
      outcome: test.negated ? NEGATED[plain] : plain,
    }
  }
  const found = findValue(test, scene)
  const actual = found && shownValue(test, found.value, scene)
  const note = test.secret ? undefined : noteOf(test, plain, actual, scene)
  const notes = [test.secret ? undefined : found?.kept, note].filter((one) => one !== undefined)
  return {
    path: test.path,
    operator: test.operator,
    expected: test.expected,
    ...(actual !== undefined && { actual }),
    outcome: test.negated ? NEGATED[plain] : plain,
    ...(test.otherwise !== undefined && { otherwise: test.otherwise }),
    ...(notes.length > 0 && { note: notes.join(', ') }),
  }
}

/** Why a test came to what it came to, where what it read does not say so. */
function noteOf(test: ReadTest, plain: Outcome, actual: AttributeValue | undefined, scene: Scene): string | undefined {
  if (plain === 'not_evaluable') return noteOn(test, scene)
  if (plain === 'true') return undefined
  return scene.request.state?.session === undefined ? undefined : inactiveNote(test, actual, scene.image)
}

function outcome(truth: Truth): Outcome {
  return OUTCOMES[truth] ?? 'not_evaluable'
}

/** The votes, and the rules that made them: those whose rank and strength are the set's best. */
export function explainSets(core: Core, image: ImageReader, visits: readonly Visit[]): SetExplanation[] {
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
