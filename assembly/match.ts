/**
 * Candidate rules by index. A rule is filed under the dimensions that its target names (its key mask) with one key each:
 * a string id, a glob's number or a role. A request has a few keys per dimension: its string, the globs that match it,
 * its roles. One probe per combination that can occur finds every rule whose target could match, and no other. What is
 * found also says which attributes matter, so that the host reads no others.
 */
import { Id } from './abi/frame'
import { Layout } from './abi/memory'
import { Block, Bucket, Candidate, Dimension, MaskBits } from './abi/rules'
import { consider } from './combine'
import { finish, product0, product1, product2, product3, product4, product5 } from './hash'
import { isSurelyFalse, MANY } from './scan'
import { bucketMask, buckets, found, keys, keysStride, needStamps, needs, signatureCount, signatures, slotCount } from './state'
import { tracing } from './trace'

export let foundCount: u32 = 0
export let neededSlots: u32 = 0

/** Marks the slots asked for in the current decision. */
let generation: u32 = 0

export function forgetNeeds(): void {
  generation = 0
}

/** Finds the buckets that the request's keys lead to. */
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
  for (let a = actions; a < lastAction; a += 4) {
    const action = load<u32>(a, 4)
    const ha = seed + product1(action)
    for (let t = types; t < lastType; t += 4) {
      const type = load<u32>(t, 4)
      const ht = ha + product2(type)
      if (mask & (Dimension.ResourceId | Dimension.SubjectId)) probeIds(mask, action, type, ht, roles)
      else probeRoles(mask, action, type, Id.NoKey, Id.NoKey, ht + product3(Id.NoKey) + product4(Id.NoKey), roles)
    }
  }
}

function probeIds(mask: u32, action: u32, type: u32, hash: u32, roles: u32): void {
  const resources = listOf(mask, Dimension.ResourceId, 2)
  const subjects = listOf(mask, Dimension.SubjectId, 3)
  const lastResource = resources + (load<u32>(resources) << 2)
  const lastSubject = subjects + (load<u32>(subjects) << 2)
  for (let r = resources; r < lastResource; r += 4) {
    const resource = load<u32>(r, 4)
    const hr = hash + product3(resource)
    for (let s = subjects; s < lastSubject; s += 4) {
      const subject = load<u32>(s, 4)
      probeRoles(mask, action, type, resource, subject, hr + product4(subject), roles)
    }
  }
}

// @ts-ignore: decorator
@inline
function probeRoles(mask: u32, action: u32, type: u32, resource: u32, subject: u32, hash: u32, roles: u32): void {
  const lastRole = roles + (load<u32>(roles) << 2)
  for (let h = roles; h < lastRole; h += 4) {
    const role = load<u32>(h, 4)
    probe(finish(hash + product5(role)), mask, action, type, resource, subject, role)
  }
}

function probe(hash: u32, mask: u32, action: u32, type: u32, resource: u32, subject: u32, role: u32): void {
  let index = hash & bucketMask
  while (true) {
    const bucket = buckets + index * Layout.BucketSize
    const block = load<u32>(bucket, Bucket.Block << 2)
    if (block == 0) return
    if (
      load<u32>(bucket, Bucket.Hash << 2) == hash &&
      load<u32>(block, Block.Action << 2) == action &&
      load<u32>(block, Block.ResourceType << 2) == type &&
      load<u32>(block, Block.Role << 2) == role &&
      load<u32>(block, Block.ResourceId << 2) == resource &&
      load<u32>(block, Block.SubjectId << 2) == subject &&
      (load<u32>(block, Block.MaskAndCount << 2) & Dimension.All) == mask
    ) {
      store<u32>(found + (foundCount++ << 2), block)
      return
    }
    index = (index + 1) & bucketMask
  }
}

let warmed: u32 = 0

/** In one go at most: more would be gone from the cache before it is read. */
const MOST_WARMED: u32 = 1024

/**
 * Reads all through the first block, so that it comes into the cache while the host writes the attributes: with many
 * rules it is in nobody's cache, and its lines are waited for together here, one after the other later.
 */
function warm(block: u32): void {
  const count = load<u32>(block, Block.MaskAndCount << 2) >> MaskBits.Count
  const size = Block.HeaderSize + count * Layout.CandidateSize + load<u32>(block, Block.CodeBytes << 2)
  const end = block + min(size, MOST_WARMED)
  let sum: u32 = 0
  for (let at = (block + 64) & ~63; at < end; at += 64) sum += load<u32>(at)
  warmed = sum
}

/**
 * Gathers what the candidates' conditions read. Returns how many slots, and leaves their list at `neededSlots`: the
 * image's own when there is one bucket, the union, each slot once, when there are more.
 */
export function gatherNeeds(): u32 {
  warm(load<u32>(found))
  const first = load<u32>(load<u32>(found), Block.Needs << 2)
  neededSlots = first + 4
  if (foundCount == 1) return load<u32>(first)
  neededSlots = needs
  if (++generation == 0) {
    memory.fill(needStamps, 0, slotCount << 2)
    generation = 1
  }
  let count: u32 = 0
  for (let i: u32 = 0; i < foundCount; i++) {
    const list = load<u32>(load<u32>(found + (i << 2)), Block.Needs << 2)
    const end = list + (load<u32>(list) << 2)
    for (let at = list; at < end; at += 4) {
      const slot = load<u32>(at, 4)
      const stamp = needStamps + (slot << 2)
      if (load<u32>(stamp) == generation) continue
      store<u32>(stamp, generation)
      store<u32>(needs + (count++ << 2), slot)
    }
  }
  return count
}

/** Passes every candidate of the blocks that were found to combine.ts. */
export function considerCandidates(setMask: u64): void {
  for (let i: u32 = 0; i < foundCount; i++) {
    const block = load<u32>(found + (i << 2))
    const start = block + Block.HeaderSize
    const count = load<u32>(block, Block.MaskAndCount << 2) >> MaskBits.Count
    const end = start + count * Layout.CandidateSize
    const quickly = count >= MANY && !tracing
    for (let at = start; at < end; at += Layout.CandidateSize) {
      if (quickly) {
        const code = load<u32>(at, Candidate.Code << 2)
        if (code != 0 && isSurelyFalse(code)) continue
      }
      consider(at, setMask)
    }
  }
}
