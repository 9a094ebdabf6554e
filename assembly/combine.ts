/**
 * Combining: within a set the strongest rules that apply win (rank first, then the strength of the effect), which is
 * the same in whatever order they are considered; across sets the votes are joined by any or all.
 */
import { Code, Combine, Effect, Truth, Vote } from './abi/decision'
import { Candidate } from './abi/rules'
import { evaluate } from './condition'
import { passedDepth } from './relation/check'
import { best, combine, log, setCount, votes } from './state'
import { exhausted } from './steps'
import { recordRule, tracing } from './trace'

/** Entries in the log. */
let logged: u32 = 0

/** Where the next entry goes. */
// @ts-ignore: decorator
@inline
export function logEnd(): u32 {
  return log + (logged << 2)
}

export function startCombining(): void {
  logged = 0
  for (let at = best; at < best + (setCount << 3); at += 8) store<u64>(at, 0)
}

// @ts-ignore: decorator
@inline
function setOf(packed: u32): u32 {
  return packed & 0xff
}

// @ts-ignore: decorator
@inline
function effectOf(packed: u32): u32 {
  return (packed >> 8) & 0xff
}

/** Strength when the rule applies; when a deny or review is not evaluable it counts as a deny. */
// @ts-ignore: decorator
@inline
function strengthOf(packed: u32, notEvaluable: bool): u32 {
  return notEvaluable ? packed >> 24 : (packed >> 16) & 0xff
}

/** best holds, per set, strength u32 (0: nothing applied yet) and rank u32. */
// @ts-ignore: decorator
@inline
function beats(entry: u32, strength: u32, rank: u32): bool {
  const bestStrength = load<u32>(entry)
  if (bestStrength == 0) return true
  const bestRank = load<u32>(entry, 4)
  return rank > bestRank || (rank == bestRank && strength >= bestStrength)
}

/** Evaluates a candidate, unless nothing it could come to would count, and logs it when it could be deciding. */
export function consider(candidate: u32, setMask: u64): void {
  const packed = load<u32>(candidate, Candidate.Packed << 2)
  const set = setOf(packed)
  if (((setMask >> set) & 1) == 0) return
  const entry = best + (set << 3)
  const rank = load<u32>(candidate, Candidate.Rank << 2)
  const effect = effectOf(packed)
  const strength = strengthOf(packed, false)
  if (!tracing) {
    const most = effect == Effect.Review ? max(strength, strengthOf(packed, true)) : strength
    if (!beats(entry, most, rank)) return
  }
  const code = load<u32>(candidate, Candidate.Code << 2)
  const truth: Truth = code == 0 ? Truth.True : evaluate(code)
  if (tracing) recordRule(candidate, truth)
  if (truth == Truth.False) return
  const notEvaluable = truth == Truth.NotEvaluable
  if (notEvaluable && effect == Effect.Allow) return
  const actual = strengthOf(packed, notEvaluable)
  if (!beats(entry, actual, rank)) return
  store<u32>(entry, actual)
  store<u32>(entry, rank, 4)
  store<u32>(logEnd(), candidate | <u32>notEvaluable)
  logged++
}

/** Joins the votes, writes the deciding rules to the log's place, and returns what `decide` returns. */
export function conclude(setMask: u64): u32 {
  const result = concludeVotes(setMask)
  return passedDepth ? nameRelationLimit(result) : result
}

/** A denial that comes of something not evaluable, after a check was cut off: the code says so. */
function nameRelationLimit(result: u32): u32 {
  const code = (result >> 2) & 7
  if (code == Code.Matched || code == Code.Limit) return result
  return (result & ~(7 << 2)) | (Code.RelationLimit << 2)
}

function concludeVotes(setMask: u64): u32 {
  if (exhausted()) {
    logged = 0
    castVotes(0)
    return Effect.Deny | (Code.Limit << 2)
  }
  // The usual cases, whose votes nobody asks for: no rule; one set, one rule that decides.
  if (logged == 0 && !tracing) return Effect.Deny | (Code.NoMatch << 2)
  if (setCount == 1 && !tracing) {
    // Nothing that was logged is stronger than the last.
    const word = load<u32>(logEnd() - 4)
    const vote = word & 1 ? <u32>Vote.Deny : effectOf(load<u32>(word & ~1, Candidate.Packed << 2))
    if (logged == 1) {
      store<u32>(log, load<u32>(word & ~1, Candidate.Rule << 2) | (word << 31))
      return vote | ((word & 1 ? Code.NotEvaluable : Code.Matched) << 2) | (1 << 8)
    }
    store<u32>(votes, vote)
    return decideBy(vote)
  }
  castVotes(setMask)
  let denies: u32 = 0
  let allows: u32 = 0
  let reviews: u32 = 0
  let abstains: u32 = 0
  for (let set: u32 = 0; set < setCount; set++) {
    const vote = load<u32>(votes + (set << 2))
    denies += <u32>(vote == Vote.Deny)
    allows += <u32>(vote == Vote.Allow)
    reviews += <u32>(vote == Vote.Review)
    abstains += <u32>(vote == Vote.Abstain)
  }
  if (denies != 0) return decideBy(Vote.Deny)
  if (combine == Combine.All && abstains != 0 && allows + reviews != 0) {
    return Effect.Deny | (Code.SetAbstained << 2)
  }
  if (reviews != 0) return decideBy(Vote.Review)
  if (allows != 0) return decideBy(Vote.Allow)
  return Effect.Deny | (Code.NoMatch << 2)
}

/** A set votes the effect of what won in it: the logged entries that reach its best. */
function castVotes(setMask: u64): void {
  for (let set: u32 = 0; set < setCount; set++) {
    store<u32>(votes + (set << 2), (setMask >> set) & 1 ? Vote.Abstain : Vote.NotAsked)
  }
  for (let i: u32 = 0; i < logged; i++) {
    const word = load<u32>(log + (i << 2))
    if (!isWinner(word)) continue
    const packed = load<u32>(word & ~1, Candidate.Packed << 2)
    store<u32>(votes + (setOf(packed) << 2), word & 1 ? Vote.Deny : effectOf(packed))
  }
}

// @ts-ignore: decorator
@inline
function isWinner(word: u32): bool {
  const candidate = word & ~1
  const packed = load<u32>(candidate, Candidate.Packed << 2)
  const entry = best + (setOf(packed) << 3)
  return (
    load<u32>(candidate, Candidate.Rank << 2) == load<u32>(entry, 4) &&
    strengthOf(packed, (word & 1) != 0) == load<u32>(entry)
  )
}

/** Turns the log into the deciding rules of the sets that voted `vote`: in document order, each once. */
function decideBy(vote: u32): u32 {
  let count: u32 = 0
  let matched: u32 = 0
  let ascending = true
  let previous: u32 = 0
  for (let i: u32 = 0; i < logged; i++) {
    const word = load<u32>(log + (i << 2))
    if (!isWinner(word)) continue
    const packed = load<u32>(word & ~1, Candidate.Packed << 2)
    if (load<u32>(votes + (setOf(packed) << 2)) != vote) continue
    const rule = load<u32>(word & ~1, Candidate.Rule << 2)
    matched |= ~word & 1
    if (count != 0 && rule <= previous) ascending = false
    previous = rule
    store<u32>(log + (count << 2), rule | (word << 31))
    count++
  }
  if (!ascending) count = sortUnique(count)
  const code = matched ? Code.Matched : Code.NotEvaluable
  return vote | (code << 2) | (count << 8)
}

/** Heap sort by rule index, then drops repetitions: a rule may be filed under several keys of one request. */
function sortUnique(count: u32): u32 {
  for (let i = count >> 1; i > 0; i--) sift(i - 1, count)
  for (let end = count - 1; end > 0; end--) {
    const last = load<u32>(log + (end << 2))
    store<u32>(log + (end << 2), load<u32>(log))
    store<u32>(log, last)
    sift(0, end)
  }
  let kept: u32 = 1
  for (let i: u32 = 1; i < count; i++) {
    const word = load<u32>(log + (i << 2))
    if (word != load<u32>(log + ((kept - 1) << 2))) store<u32>(log + (kept++ << 2), word)
  }
  return kept
}

/** Bit 31 is a mark, not part of the order. */
// @ts-ignore: decorator
@inline
function ruleAt(index: u32): u32 {
  return load<u32>(log + (index << 2)) & 0x7fffffff
}

function sift(root: u32, end: u32): void {
  while (true) {
    let child = root * 2 + 1
    if (child >= end) return
    if (child + 1 < end && ruleAt(child) < ruleAt(child + 1)) child++
    if (ruleAt(root) >= ruleAt(child)) return
    const word = load<u32>(log + (root << 2))
    store<u32>(log + (root << 2), load<u32>(log + (child << 2)))
    store<u32>(log + (child << 2), word)
    root = child
  }
}
