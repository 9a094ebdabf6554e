/**
 * Candidate rules by index. A rule is filed under the dimensions that its target names (its key mask) with one key each:
 * a string id, a glob's number or a role. A request has a few keys per dimension: its string, the globs that match it,
 * its roles. One probe per combination that can occur finds every rule whose target could match, and no other.
 */
import { Bucket, Dimension, EntityKind, Id, Layout, Slot, Tag } from './abi'
import { consider } from './combine'
import { globMatches } from './glob'
import { finish, mix } from './hash'
import { collectRoles } from './roles'
import {
  bucketMask,
  buckets,
  entityBuckets,
  entityMask,
  frame,
  globs,
  keys,
  keysStride,
  signatureCount,
  signatures,
  stringCount,
} from './state'
import { textLength, textStart } from './text'

// @ts-ignore: decorator
@inline
function idOf(slot: u32): u32 {
  return load<u32>(frame + slot * Layout.CellSize, 4)
}

/** Fills what the request left out from the entities of its subject and its resource. */
export function fillFromEntities(): void {
  if (entityMask == 0xffffffff) return
  fillFrom(EntityKind.Subject, idOf(Slot.SubjectType), idOf(Slot.SubjectId))
  fillFrom(EntityKind.Resource, idOf(Slot.ResourceType), idOf(Slot.ResourceId))
}

function fillFrom(kind: u32, type: u32, id: u32): void {
  if (type >= stringCount || id >= stringCount) return
  let index = finish(mix(mix(mix(0, kind), type), id)) & entityMask
  while (true) {
    const entity = entityBuckets + (index << 4)
    const found = load<u32>(entity)
    if (found == 0) return
    if (found == kind && load<u32>(entity, 4) == type && load<u32>(entity, 8) == id) {
      copyAttributes(load<u32>(entity, 12))
      return
    }
    index = (index + 1) & entityMask
  }
}

function copyAttributes(list: u32): void {
  const end = list + 4 + (load<u32>(list) << 3)
  for (let at = list + 4; at < end; at += 8) {
    const cell = frame + load<u32>(at) * Layout.CellSize
    if (load<u32>(cell) == Tag.LeftOut) {
      const stored = load<u32>(at, 4)
      store<u64>(cell, load<u64>(stored))
      store<u64>(cell, load<u64>(stored, 8), 8)
    }
  }
}

/** The key lists: count, then keys. Order: action, resource type, resource id, subject id, role. */
export function collectKeys(): void {
  collectStringKeys(0, Slot.ActionName)
  collectStringKeys(1, Slot.ResourceType)
  collectStringKeys(2, Slot.ResourceId)
  collectStringKeys(3, Slot.SubjectId)
  collectRoles()
}

function collectStringKeys(dimension: u32, slot: u32): void {
  const cell = frame + slot * Layout.CellSize
  const list = keys + dimension * keysStride
  const id = load<u32>(cell, 4)
  let count: u32 = 0
  if (id < stringCount) {
    count = 1
    store<u32>(list, id, 4)
  }
  const globCount = load<u32>(globs + (dimension << 3), 4)
  if (globCount != 0) {
    const first = load<u32>(globs + (dimension << 3))
    const text = textStart(cell)
    const length = textLength(cell)
    for (let i: u32 = first; i < first + globCount; i++) {
      if (globMatches(load<u32>(globs + 32 + (i << 2)), text, length)) {
        count++
        store<u32>(list + (count << 2), Id.GlobKey | i)
      }
    }
  }
  store<u32>(list, count)
}

/** Whether a key is among the request's action keys. */
export function hasActionKey(key: u32): bool {
  const end = keys + (load<u32>(keys) << 2)
  for (let at = keys; at < end; at += 4) if (load<u32>(at, 4) == key) return true
  return false
}

/** Passes every candidate of the chosen sets to combine.ts. */
export function considerCandidates(setMask: u64): void {
  for (let i: u32 = 0; i < signatureCount; i++) probeSignature(load<u32>(signatures + (i << 2)), setMask)
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

function probeSignature(mask: u32, setMask: u64): void {
  const actions = listOf(mask, Dimension.Action, 0)
  const types = listOf(mask, Dimension.ResourceType, 1)
  const resources = listOf(mask, Dimension.ResourceId, 2)
  const subjects = listOf(mask, Dimension.SubjectId, 3)
  const held = listOf(mask, Dimension.Role, 4)
  const seed = mix(0, mask)
  for (let a = actions + (load<u32>(actions) << 2); a > actions; a -= 4) {
    const action = load<u32>(a)
    const ha = mix(seed, action)
    for (let t = types + (load<u32>(types) << 2); t > types; t -= 4) {
      const type = load<u32>(t)
      const ht = mix(ha, type)
      for (let r = resources + (load<u32>(resources) << 2); r > resources; r -= 4) {
        const resource = load<u32>(r)
        const hr = mix(ht, resource)
        for (let s = subjects + (load<u32>(subjects) << 2); s > subjects; s -= 4) {
          const subject = load<u32>(s)
          const hs = mix(hr, subject)
          for (let h = held + (load<u32>(held) << 2); h > held; h -= 4) {
            const role = load<u32>(h)
            probe(finish(mix(hs, role)), mask, action, type, resource, subject, role, setMask)
          }
        }
      }
    }
  }
}

function probe(
  hash: u32,
  mask: u32,
  action: u32,
  type: u32,
  resource: u32,
  subject: u32,
  role: u32,
  setMask: u64,
): void {
  let index = hash & bucketMask
  while (true) {
    const bucket = buckets + index * Layout.BucketSize
    const count = load<u32>(bucket, Bucket.Count << 2)
    if (count == 0) return
    if (
      load<u32>(bucket, Bucket.Action << 2) == action &&
      load<u32>(bucket, Bucket.ResourceType << 2) == type &&
      load<u32>(bucket, Bucket.Role << 2) == role &&
      load<u32>(bucket, Bucket.ResourceId << 2) == resource &&
      load<u32>(bucket, Bucket.SubjectId << 2) == subject &&
      load<u32>(bucket, Bucket.Mask << 2) == mask
    ) {
      const start = load<u32>(bucket, Bucket.Start << 2)
      const end = start + count * Layout.CandidateSize
      for (let at = start; at < end; at += Layout.CandidateSize) consider(at, setMask)
      return
    }
    index = (index + 1) & bucketMask
  }
}
