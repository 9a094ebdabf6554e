/**
 * The decision core. The host copies an image to Layout.ImageBase and calls `load`; for each request it writes the frame
 * and calls `decide`. Nothing is allocated after `load`, and the module imports nothing. docs/image.md has the whole ABI.
 */
import { Code, Effect, Info, Layout, LoadFault } from './abi'
import { conclude, startCombining } from './combine'
import { validate } from './image'
import { collectKeys, considerCandidates, fillFromEntities, prepareNoKeyList } from './match'
import { forgetRoles } from './roles'
import { chooseSets } from './route'
import { best, frame, log, ruleCount, scratch, votes } from './state'
import { refill } from './steps'
import { startTrace, stopTrace } from './trace'

/** Checks the image of `length` bytes at Layout.ImageBase and takes it over. Returns a LoadFault. */
export function loadImage(length: u32): u32 {
  const fault = validate(length)
  if (fault != LoadFault.None) return fault
  const needed = (scratch + 0xffff) >> 16
  const present = <u32>memory.size()
  if (needed > present && memory.grow(needed - present) < 0) return LoadFault.Memory
  memory.fill(frame, 0, scratch - frame)
  forgetRoles()
  prepareNoKeyList()
  setInfo(Info.Frame, frame)
  setInfo(Info.Deciding, log)
  setInfo(Info.Votes, votes)
  setInfo(Info.Best, best)
  setInfo(Info.Scratch, scratch)
  return LoadFault.None
}

function setInfo(field: u32, value: u32): void {
  store<u32>(Layout.InfoBase + (field << 2), value)
}

/**
 * Decides the request in the frame. Bits 0–1: Effect; bits 2–4: Code; bits 8–31: how many deciding rules there are, whose
 * indexes are at Info.Deciding.
 */
export function decide(): u32 {
  if (ruleCount == 0) return Effect.Deny | (Code.NoPolicies << 2)
  refill()
  fillFromEntities()
  collectKeys()
  const setMask = chooseSets()
  startCombining()
  considerCandidates(setMask)
  return conclude(setMask)
}

/** `decide`, with a trace from `start` to `end` at most; Info.TraceLength says how long it would be whole. */
export function decideTraced(start: u32, end: u32): u32 {
  startTrace(start, end)
  const result = decide()
  setInfo(Info.TraceLength, stopTrace() - start)
  return result
}
