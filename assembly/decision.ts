/** A decision over what is in the frame, in two halves: the rules that could apply, and what they come to. */
import { Code, Effect, Further, Result } from './abi/decision'
import { Info, Layout } from './abi/memory'
import { Dimension } from './abi/rules'
import { conclude, startCombining } from './combine'
import { fillFromEntities, findEntities, findResource } from './entities'
import { collectKeys, collectResourceKeys } from './keys'
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
  return findRules()
}

/** From the keys of the request to the rules that could apply. */
function findRules(): u32 {
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
 * How the rules of further requests can be found that differ from the last one in their resource alone: a Further. A subject's
 * roles that hang on the resource have to be found anew.
 */
export function furtherResources(): u32 {
  if (entityMask != 0xffffffff && isScoped) return Further.Alone
  return usedDimensions & Dimension.ResourceId ? Further.ByResource : Further.ByType
}

/** `match` for such a request, after the host has written its resource's type and id: all else is that of the last one. */
export function matchNext(): u32 {
  refill()
  findResource()
  collectResourceKeys()
  return findRules()
}

/** `decide` for such a request, where the rules are those of the last one, after the host has written what reads the resource. */
export function decideNext(): u32 {
  refill()
  findResource()
  return decide()
}
