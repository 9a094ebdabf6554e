/**
 * Candidate rules by index. A rule is filed under the dimensions that its target names (its key mask) with one key each:
 * a string id, a glob's number or a role. A request has a few keys per dimension: its string, the globs that match it,
 * its roles. One probe per combination that can occur finds every rule whose target could match, and no other. What is
 * found also says which attributes matter, so that the host reads no others.
 */
import { Id } from './abi/frame'
import { Layout } from './abi/memory'
import { Block, Dimension, Group, MaskBits } from './abi/rules'
import { consider } from './combine'
import { finish, product0, product1, product2, product3, product4, product5 } from './hash'
import { considerSieved } from './sieve'
import {
  blocks,
  blockSize,
  found,
  groupCount,
  groups,
  groupsEnd,
  Guess,
  guess,
  keyInHand,
  keys,
  keysStride,
  needLists,
  needsBits,
  needStamps,
  needs,
  signatureCount,
  signatures,
  slotCount,
} from './state'
import { tracing } from './trace'

export let foundCount: u32 = 0
export let neededSlots: u32 = 0

/** Marks the slots asked for in the current decision. */
let generation: u32 = 0

export function forgetNeeds(): void {
  generation = 0
}

/** Finds the blocks that the request's keys lead to. */
export function findCandidates(): void {
  foundCount = 0
  for (let i: u32 = 0; i < signatureCount; i++) probeSignature(load<u32>(signatures + (i << 2)))
}

/** A list that stands for a dimension the mask does not name: one key, NoKey. */
const NO_KEY_LIST: u32 = 608

export function prepareNoKeyList(): void {
  store<u32>(NO_KEY_LIST, 1)
  store<u32>(NO_KEY_LIST, Id.NoKey, 4)
}

// @ts-ignore: decorator
@inline
function listOf(mask: u32, bit: u32, dimension: u32): u32 {
  return mask & bit ? keys + dimension * keysStride : NO_KEY_LIST
}

function probeSignature(mask: u32): void {
  const actions = listOf(mask, Dimension.Action, 0)
  const types = listOf(mask, Dimension.ResourceType, 1)
  const roles = listOf(mask, Dimension.Role, 4)
  const seed = product0(mask)
  const lastAction = actions + (load<u32>(actions) << 2)
  const lastType = types + (load<u32>(types) << 2)
  const key = keyInHand
  store<u32>(key, mask, Block.MaskAndCount << 2)
  for (let a = actions; a < lastAction; a += 4) {
    const action = load<u32>(a, 4)
    const ha = seed + product1(action)
    store<u32>(key, action, Block.Action << 2)
    for (let t = types; t < lastType; t += 4) {
      const type = load<u32>(t, 4)
      const ht = ha + product2(type)
      store<u32>(key, type, Block.ResourceType << 2)
      probeIds(mask, ht, roles)
    }
  }
}

function probeIds(mask: u32, hash: u32, roles: u32): void {
  const resources = listOf(mask, Dimension.ResourceId, 2)
  const subjects = listOf(mask, Dimension.SubjectId, 3)
  const lastResource = resources + (load<u32>(resources) << 2)
  const lastSubject = subjects + (load<u32>(subjects) << 2)
  for (let r = resources; r < lastResource; r += 4) {
    const resource = load<u32>(r, 4)
    const hr = hash + product3(resource)
    store<u32>(keyInHand, resource, Block.ResourceId << 2)
    for (let s = subjects; s < lastSubject; s += 4) {
      const subject = load<u32>(s, 4)
      store<u32>(keyInHand, subject, Block.SubjectId << 2)
      probeRoles(hr + product4(subject), roles)
    }
  }
}

// @ts-ignore: decorator
@inline
function probeRoles(hash: u32, roles: u32): void {
  const lastRole = roles + (load<u32>(roles) << 2)
  for (let h = roles; h < lastRole; h += 4) {
    const role = load<u32>(h, 4)
    store<u32>(keyInHand, role, Block.Role << 2)
    probe(finish(hash + product5(role)))
  }
}

/** Looks for the block of the key in hand. Its hash is looked for in a whole group at once: without a branch, as none could be foreseen. */
// @ts-ignore: decorator
@inline
function probe(hash: u32): void {
  const expected = hash << needsBits
  const sought = i32x4.splat(expected)
  const one = i32x4.splat(1)
  const limit = i32x4.splat((1 << needsBits) - 1)
  let group = groups + <u32>((<u64>hash * groupCount) >> 32) * Group.Size
  while (true) {
    const low = i32x4.lt_u(i32x4.sub(v128.xor(v128.load(group), sought), one), limit)
    const high = i32x4.lt_u(i32x4.sub(v128.xor(v128.load(group, 16), sought), one), limit)
    let hits = (i32x4.bitmask(low) | (i32x4.bitmask(high) << 4)) & ~((1 << Group.Keys) - 1)
    for (; hits != 0; hits &= hits - 1) {
      const key = <u32>ctz(hits)
      find(
        blocks + (load<u32>(group, Group.First << 2) + key - Group.Keys) * blockSize,
        needLists + (((load<u32>(group + (key << 2)) ^ expected) - 1) << 2),
      )
    }
    // Only when a group is full are keys in the next one.
    if (load<u32>(group, Group.Most << 2) == 0) return
    group += Group.Size
    if (group == groupsEnd) group = groups
  }
}

/** Notes a block that is likely to be that of the key in hand, and its list of slots. Only the first is left to be verified later. */
// @ts-ignore: decorator
@inline
function find(block: u32, list: u32): void {
  if (foundCount == 0) {
    // As they were stored: a processor waits when it is to load several of the last stores at once.
    for (let word: u32 = 0; word < <u32>Guess.Needs << 2; word += 4) store<u32>(guess + word, load<u32>(keyInHand + word))
    store<u32>(guess, list, Guess.Needs << 2)
  } else if (!isBlockOf(block, keyInHand)) return
  store<u32>(found + (foundCount++ << 2), block)
}

/** Whether a block is that of a key. */
function isBlockOf(block: u32, key: u32): bool {
  const differ = v128.and(v128.xor(v128.load(block), v128.load(key)), i32x4(Dimension.All, -1, -1, -1))
  return !v128.any_true(differ) && load<u64>(block, 16) == load<u64>(key, 16)
}

let warmed: u32 = 0

/** In one go at most: more would be gone from the cache before it is read. */
const MOST_WARMED: u32 = 1024

/** Of a candidate and its node. */
const USUAL_BYTES: u32 = Layout.CandidateSize * 2

/**
 * Reads a block and its candidates, so that they come into the cache while the host writes the attributes: with many rules they are
 * in nobody's cache, and all blocks are waited for together here, one line after the other later.
 */
function warm(block: u32): void {
  let sum = load<u32>(block)
  for (let at = block + Block.Line; at < block + blockSize; at += Block.Line) sum += load<u32>(at)
  const list = load<u32>(block, Block.Candidates << 2)
  if (list != block + (Block.Own << 2)) {
    const count = load<u32>(block, Block.MaskAndCount << 2) >> MaskBits.Count
    const end = list + min(count * USUAL_BYTES, MOST_WARMED)
    for (let at = list; at < end; at += Block.Line) sum += load<u32>(at)
  }
  warmed = sum
}

/**
 * Gathers what the candidates' conditions read. Returns how many slots, and leaves their list at `neededSlots`: the
 * image's own when there is one block, the union, each slot once, when there are more.
 */
export function gatherNeeds(): u32 {
  for (let i: u32 = 0; i < foundCount; i++) warm(load<u32>(found + (i << 2)))
  const first = load<u32>(guess, Guess.Needs << 2)
  neededSlots = first + 4
  if (foundCount == 1) return load<u32>(first)
  neededSlots = needs
  if (++generation == 0) {
    memory.fill(needStamps, 0, slotCount << 2)
    generation = 1
  }
  let count: u32 = 0
  for (let i: u32 = 0; i < foundCount; i++) {
    const list = i == 0 ? first : load<u32>(load<u32>(found + (i << 2)), Block.Needs << 2)
    const end = list + (load<u32>(list) << 2)
    for (let at = list; at < end; at += 4) {
      const slot = load<u32>(at, 4)
      const stamp = needStamps + (slot << 2)
      // Written in any case, and counted if it is new: no branch, as none could be foreseen.
      store<u32>(needs + (count << 2), slot)
      count += <u32>(load<u32>(stamp) != generation)
      store<u32>(stamp, generation)
    }
  }
  return count
}

/** Passes every candidate of the blocks that were found, and are right, to combine.ts. */
export function considerCandidates(setMask: u64): void {
  for (let i: u32 = 0; i < foundCount; i++) {
    const block = load<u32>(found + (i << 2))
    if (i == 0 && !isBlockOf(block, guess)) continue
    const start = load<u32>(block, Block.Candidates << 2)
    const word = load<u32>(block, Block.MaskAndCount << 2)
    const end = start + (word >> MaskBits.Count) * Layout.CandidateSize
    const tests = (word >> MaskBits.QuickTests) & 3
    if (tests != 0 && !tracing) considerSieved(start, end, tests, setMask)
    else for (let at = start; at < end; at += Layout.CandidateSize) consider(at, setMask)
  }
}
