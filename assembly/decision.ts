/** A decision over what is in the frame, in two halves: the rules that could apply, and what they come to. */
import { Code, Effect, Result } from './abi/decision'
import { Info, Layout } from './abi/memory'
import { Dimension } from './abi/rules'
import { conclude, startCombining } from './combine'
import { fillFromEntities, findEntities, findResource } from './entities'
import { collectKeys } from './keys'
import { considerCandidates, findCandidates, foundCount, gatherNeeds, neededSlots } from './match'
import { forgetChecks } from './relation/check'
import { broken } from './roles'
import { chooseSets } from './route'
import { isScoped } from './scopes'
import { NOT_BROKEN } from './separation'
import { entityMask, ruleCount, usedDimensions } from './state'
import { exhausted, refill } from './steps'

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
  store<u32>(Layout.InfoBase + (Info.Needs << 2), neededSlots)
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
