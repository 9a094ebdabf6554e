/** Decisions by what is known of relations whose tuples lie elsewhere, and what else they ask. */
import { Limit } from '../../assembly/abi/memory.ts'
import { SallyportError } from '../errors.ts'
import { OutOfRoom } from './frame-writer.ts'
import { deciderOf } from './image-decisions.ts'
import { instant } from './instant.ts'
import { readMarks } from './marks.ts'
import { readAsked, roomFor, writeKnown } from './relations/elsewhere.ts'
import type { KnownRelation } from './relations/types.ts'
import { type Study, study } from './study.ts'
import type { AccessRequest, DecisionEngine, PartialDecision, PartialOptions } from './types.ts'

/** As `evaluateWith` of an engine. */
export function evaluateWith(
  engine: DecisionEngine,
  request: AccessRequest,
  known: readonly KnownRelation[],
  { everything = false, now, untrusted }: PartialOptions = {},
): PartialDecision {
  const decider = deciderOf(engine)
  if (!decider.elsewhere) {
    throw new SallyportError('E_USAGE', "the engine has its tuples itself; make it with tuples: 'elsewhere'")
  }
  return study(
    decider,
    request,
    instant(now),
    readMarks(untrusted),
    (lent) => decide(lent, known, everything),
    (decision) => ({ decision, asked: [] }),
  )
}

/** The request is in the frame; what is known goes behind what it took. */
function decide(
  { core, image, decision, projection, decisions }: Study,
  known: readonly KnownRelation[],
  everything: boolean,
): PartialDecision {
  const tooMany = () => ({ decision: decisions.denial('limit'), asked: [] })
  const names = image.relationNames
  if (names === undefined) return { decision, asked: [] }
  if (known.length > Limit.RelationRecords) return tooMany()
  const end = projection.top() + roomFor(known)
  if (end > core.u8.length) throw new OutOfRoom(end)
  const { records, count } = writeKnown(core, names, projection.top(), known)
  try {
    core.calls.placeRelations(records, count)
    // A trace cuts nothing short; there is no room for what it would write.
    const result = everything ? core.calls.decideTraced(core.scratch, core.scratch) : core.decide()
    const all = core.calls.countRelations()
    if (all > Limit.RelationRecords) return tooMany()
    const found = decisions.get(result, core.i32, core.deciding)
    return { decision: found, asked: readAsked(core, names, records, count, all) }
  } finally {
    core.calls.placeRelations(0, 0)
  }
}
