/**
 * What would have allowed a request: every allow rule of the sets in question is held against it, by the core itself, and
 * those that lack least are told. docs/cli.md, "explain", shows what people see of it.
 */
import { Effect, Truth } from '../../assembly/abi/decision.ts'
import { Disassembler } from './disassemble.ts'
import { explainRule, type Scene } from './explain.ts'
import type { ImageReader } from './image-reader.ts'
import { combinesAll } from './image-sources.ts'
import { type Near, NearRules } from './near-rules.ts'
import type { RuleRecord } from './rule-records.ts'
import type { Study } from './study.ts'
import { setOf, strengthOf, traceDecision, type Visit } from './trace.ts'
import type { NearRule, RuleExplanation, SetExplanation, WhyNot } from './types.ts'

/**
 * Afterwards the frame holds what some rule read, and memory may have grown.
 *
 * @param limit The most rules to name, and the most blockers of each.
 * @throws OutOfRoom when memory must grow first
 */
export function findWhyNot(denied: Study, limit: number): WhyNot {
  const { core, image, decision, request, now, marks, projection, renew } = denied
  const { visits, sets, cut } = traceDecision(denied)
  const scene: Scene = { core, image, disassembler: new Disassembler(core, image), request, now, projection, cut }
  const abstaining = combinesAll(image) ? sets.filter(({ vote }) => vote === 'abstain').map(({ name }) => name) : []
  const field = { opponents: findOpponents(visits, sets, scene), allows: bestAllows(visits) }
  // Each of their conditions is evaluated by itself.
  const nearest = new NearRules({ ...scene, cut: false }, marks, renew)
    .find(setsInQuestion(image, sets), limit)
    .map((near) => tell(near, field, image, limit))
  const named = new Set(nearest.flatMap(({ blockedBy }) => blockedBy))
  const deciding = new Set(decision.rules)
  const blockers = field.opponents.flatMap(({ told }) =>
    named.has(told.id) ? [{ ...told, deciding: deciding.has(told.id) }] : [],
  )
  return { decision, nearest, blockers, abstaining }
}

/** A rule that denies or puts under review, as things are. */
interface Opponent {
  readonly visit: Visit
  readonly told: Omit<RuleExplanation, 'deciding'>
  /** It makes the vote of its set. */
  readonly makesVote: boolean
}

/** What stands against an allow rule, and the strongest allow rule of each set that applies as things are. */
interface Field {
  readonly opponents: readonly Opponent[]
  readonly allows: ReadonlyMap<number, Ranked>
}

/** What decides which of two rules of a set wins. */
type Ranked = Pick<RuleRecord, 'rank' | 'packed'>

function bestAllows(visits: readonly Visit[]): ReadonlyMap<number, Ranked> {
  const best = new Map<number, Ranked>()
  for (const visit of visits) {
    if (effectOf(visit) !== Effect.Allow || visit.truth !== Truth.True) continue
    const before = best.get(setOf(visit))
    if (before === undefined || winsOver(visit, before)) best.set(setOf(visit), visit)
  }
  return best
}

/** Explained at once, while the frame still holds what these rules read. */
function findOpponents(visits: readonly Visit[], sets: readonly SetExplanation[], scene: Scene): Opponent[] {
  const votes = sets.filter(({ vote }) => vote === 'deny' || vote === 'review')
  const makers = new Set(votes.flatMap(({ deciding }) => deciding))
  return visits
    .filter((visit) => strengthOf(visit) > 0 && (effectOf(visit) !== Effect.Allow || visit.truth !== Truth.True))
    .map((visit) => ({ visit, told: explainRule(visit, scene), makesVote: makers.has(visit.text.id) }))
}

function tell(
  { record, missing, elsewhere }: Near,
  { opponents, allows }: Field,
  image: ImageReader,
  limit: number,
): NearRule {
  const { id, place } = image.ruleText(record.rule)
  const set = setOf(record)
  // Which rules would be in the way of another action or on another type is not known.
  const inTheWay = (elsewhere ? [] : opponents).filter(({ visit }) => {
    // No vote of another set can undo a deny or review; and there, too, the next one counts when the strongest is gone.
    const allow = setOf(visit) === set ? record : allows.get(setOf(visit))
    return allow === undefined || winsOver(visit, allow)
  })
  const makersFirst = inTheWay.toSorted((a, b) => Number(b.makesVote) - Number(a.makesVote))
  const named = new Set(makersFirst.slice(0, limit))
  const blockedBy = inTheWay.filter((one) => named.has(one)).map(({ told }) => told.id)
  const name = image.metadata.sets[set]?.name ?? ''
  return { id, set: name, missing, blockedBy, ...(place !== undefined && { place }) }
}

/** Whether a rule that applies wins over the other one of its set, if this applied too. */
function winsOver(visit: Visit, { rank, packed }: Ranked): boolean {
  return visit.rank > rank || (visit.rank === rank && strengthOf(visit) > ((packed >>> 16) & 0xff))
}

function effectOf({ packed }: { readonly packed: number }): Effect {
  return (packed >>> 8) & 0xff
}

/** The sets that were asked; where all must agree, those that agree already need no other rule. */
function setsInQuestion(image: ImageReader, sets: readonly SetExplanation[]): ReadonlySet<number> {
  const open = combinesAll(image) ? sets.filter(({ vote }) => vote !== 'allow') : sets
  const names = new Set(open.map(({ name }) => name))
  return new Set(image.metadata.sets.flatMap(({ name }, index) => (names.has(name) ? [index] : [])))
}
