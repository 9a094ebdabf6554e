/**
 * The decision core. The host copies an image to Layout.ImageBase and calls `loadImage`; for each request it writes the
 * fixed slots, calls `match`, writes the slots that this asks for and calls `decide`. Nothing is allocated after `load`, and the module imports nothing. docs/image.md has the whole ABI.
 */
import { Code, Dimension, Effect, Info, Layout, LoadFault, Result, Truth, TupleArea } from './abi'
import { conclude, startCombining } from './combine'
import { evaluate } from './condition'
import { fillFromEntities, findEntities, findResource } from './entities'
import { validate } from './image'
import { evaluateExpression, resultCell } from './cel'
import { collectKeys } from './keys'
import { forgetChecks, prepareChecks } from './relation-check'
import { considerCandidates, findCandidates, forgetNeeds, foundCount, gatherNeeds, neededSlots, prepareNoKeyList } from './match'
import { broken, forgetRoles } from './roles'
import { chooseSets } from './route'
import { isScoped } from './scopes'
import { NOT_BROKEN } from './separation'
import { best, entityMask, frame, keys, keysStride, log, placeScratch, relations, rolesInput, ruleCount, scratch, sessionInput, usedDimensions, votes } from './state'
import { exhausted, refill, refillForTrace } from './steps'
import { startTrace, stopTrace } from './trace'
import { area, placeArea } from './tuple-area'

export { allocateContext, checkRelation, lackingFor, listTupleConditionSlots, nodeOf, putTuple, reserveTuples, takeTuple, hasTuple } from './tuple-calls'

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

/**
 * First half of a decision: from the request's parts and roles in the fixed slots to the rules that could apply. Returns
 * how many further slots the host must write, listed at Info.Needs; or a result with Result.Final when none can apply.
 */
export function match(): u32 {
  if (ruleCount == 0) return Result.Final | Effect.Deny | (Code.NoPolicies << 2)
  refill()
  findEntities()
  collectKeys()
  if (broken != NOT_BROKEN) return Result.Final | Effect.Deny | (Code.SeparationOfDuty << 2) | (broken << 8)
  findCandidates()
  // With no steps left, a rule may have been missed for its pattern.
  if (exhausted()) return Result.Final | Effect.Deny | (Code.Limit << 2)
  if (foundCount == 0) return Result.Final | Effect.Deny | (Code.NoMatch << 2)
  const count = gatherNeeds()
  setInfo(Info.Needs, neededSlots)
  return count
}

/**
 * Second half: decides over the candidates that `match` found. Bits 0–1: Effect; bits 2–4: Code; bits 8–31: how many
 * deciding rules there are, whose indexes are at Info.Deciding.
 */
export function decide(): u32 {
  fillFromEntities()
  forgetChecks()
  const setMask = chooseSets()
  startCombining()
  considerCandidates(setMask)
  return conclude(setMask)
}

/**
 * Whether the rules that the last `match` found are those for every resource of the same type. Then `decideNext` decides
 * about another one of these, after the host has written the slots that read the resource.
 */
export function anyResource(): bool {
  return !(usedDimensions & Dimension.ResourceId) && (entityMask == 0xffffffff || !isScoped())
}

/** `decide` for a request that differs from the last one in its resource alone; see `anyResource`. */
export function decideNext(): u32 {
  refill()
  findResource()
  return decide()
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
