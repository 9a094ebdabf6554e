/**
 * The decision core. The host copies an image to Layout.ImageBase and calls `loadImage`; for each request it writes the
 * fixed slots, calls `match`, writes the slots that this asks for and calls `decide`. Nothing is allocated after `load`, and the module imports nothing. docs/image.md has the whole ABI.
 */
import { Truth } from './abi/decision'
import { LoadFault } from './abi/image'
import { Info, Layout } from './abi/memory'
import { TupleArea } from './abi/tuples'
import { evaluate } from './condition'
import { decide } from './decision'
import { fillFromEntities } from './entities'
import { validate } from './image'
import { evaluateExpression, resultCell } from './cel/evaluate'
import { forgetChecks, prepareChecks } from './relation/check'
import { forgetPrepared } from './json/evaluate'
import { forgetNeeds, prepareNoKeyList } from './match'
import { forgetRoles } from './roles'
import { best, frame, keys, keysStride, log, placeScratch, relations, rolesInput, scratch, sessionInput, votes } from './state'
import { exhausted, refillForTrace } from './steps'
import { startTrace, stopTrace } from './trace'
import { area, placeArea } from './tuple/area'

export { decide, decideNext, furtherResources, match, matchNext } from './decision'
export { bodyRoom, evaluateJson } from './json/evaluate'
export { countRelations, placeRelations } from './relation/answers'
export { allocateContext, checkRelation, lackingFor, listTupleConditionSlots, nodeOf, putTuple, reserveTuples, takeTuple, hasTuple } from './tuple/calls'

/** Checks the image of `length` bytes at Layout.ImageBase and takes it over. Returns a LoadFault. */
export function loadImage(length: u32): u32 {
  const fault = validate(length)
  if (fault != LoadFault.None) return fault
  const end = scratch
  if (relations != 0) placeScratch((scratch + TupleArea.Alignment - 1) & ~(TupleArea.Alignment - 1))
  const needed = (scratch + 0xffff) >> 16
  const present = <u32>memory.size()
  if (needed > present && memory.grow(needed - present) < 0) return LoadFault.Memory
  memory.fill(frame, 0, end - frame)
  forgetRoles()
  forgetNeeds()
  forgetPrepared()
  prepareNoKeyList()
  setInfo(Info.Frame, frame)
  setInfo(Info.Deciding, log)
  setInfo(Info.Votes, votes)
  setInfo(Info.Best, best)
  setInfo(Info.Roles, rolesInput)
  setInfo(Info.Session, sessionInput)
  setInfo(Info.Keys, keys)
  setInfo(Info.KeysStride, keysStride)
  placeArea(relations == 0 ? 0 : scratch)
  setInfo(Info.Tuples, area)
  if (relations != 0) prepareChecks()
  setInfo(Info.Scratch, scratch)
  return LoadFault.None
}

function setInfo(field: u32, value: u32): void {
  store<u32>(Layout.InfoBase + (field << 2), value)
}

/** `decide`, with a trace from `start` to `end` at most; Info.TraceLength says how long it would be whole. */
export function decideTraced(start: u32, end: u32): u32 {
  startTrace(start, end)
  refillForTrace()
  const result = decide()
  setInfo(Info.TraceLength, stopTrace() - start)
  return result
}

/**
 * What the condition at `node` comes to, a Truth, with a trace as `decideTraced` writes it. For rules that the last `match` did
 * not find: the host has written the slots that they read.
 */
export function probe(node: u32, start: u32, end: u32): u32 {
  startTrace(start, end)
  refillForTrace()
  forgetChecks()
  fillFromEntities()
  const truth = evaluate(node)
  setInfo(Info.TraceLength, stopTrace() - start)
  return exhausted() ? Truth.NotEvaluable : truth
}

/** Evaluates an expression once more over the frame as it is; returns the address of the cell with its value or error. */
export function explainExpression(program: u32): u32 {
  refillForTrace()
  evaluateExpression(program)
  return resultCell()
}
