/** Entities: what the image knows of subjects and resources, for attributes that the request left out. */
import { Slot, Tag } from './abi/frame'
import { Layout } from './abi/memory'
import { EntityKind } from './abi/rules'
import { finish, product0, product1, product2 } from './hash'
import { applyScopes, forgetScopes } from './scopes'
import { entityBuckets, entityMask, frame, stringCount } from './state'

/** Attribute lists of the request's subject and resource; 0 when there are none. */
let subjectList: u32 = 0
let resourceList: u32 = 0

/** Looks both up and supplies the subject's roles, which the rule index needs before anything else. */
export function findEntities(): void {
  if (entityMask == 0xffffffff) return
  forgetScopes()
  subjectList = find(EntityKind.Subject, Slot.SubjectType, Slot.SubjectId)
  resourceList = find(EntityKind.Resource, Slot.ResourceType, Slot.ResourceId)
  // Without effect on roles that the request lists: then the slot is not left out, or not looked at.
  if (subjectList != 0) copyAttributes(subjectList, Slot.SubjectRoles, Slot.SubjectRoles)
}

/** Looks up the resource alone: the subject is that of the request before. */
export function findResource(): void {
  if (entityMask != 0xffffffff) resourceList = find(EntityKind.Resource, Slot.ResourceType, Slot.ResourceId)
}

/** Supplies the other attributes, once the host has written those that the request has. */
export function fillFromEntities(): void {
  if (entityMask == 0xffffffff) return
  if (subjectList != 0) copyAttributes(subjectList, Slot.SubjectRoles, 0xffffffff)
  if (resourceList != 0) copyAttributes(resourceList, Layout.FixedSlots, 0xffffffff)
}

// @ts-ignore: decorator
@inline
function idOf(slot: u32): u32 {
  return load<u32>(frame + slot * Layout.CellSize, 4)
}

function find(kind: u32, typeSlot: u32, idSlot: u32): u32 {
  const type = idOf(typeSlot)
  const id = idOf(idSlot)
  if (type >= stringCount || id >= stringCount) return 0
  let index = finish(product0(kind) + product1(type) + product2(id)) & entityMask
  while (true) {
    const entity = entityBuckets + (index << 4)
    const found = load<u32>(entity)
    if (found == 0) return 0
    if (found == kind && load<u32>(entity, 4) == type && load<u32>(entity, 8) == id) return load<u32>(entity, 12)
    index = (index + 1) & entityMask
  }
}

function copyAttributes(list: u32, firstSlot: u32, lastSlot: u32): void {
  const end = list + 4 + (load<u32>(list) << 3)
  for (let at = list + 4; at < end; at += 8) {
    const slot = load<u32>(at)
    if (slot < firstSlot || slot > lastSlot) continue
    const cell = frame + slot * Layout.CellSize
    // What the policies say of an entity is trusted, whatever the host says of the request.
    if (load<u32>(cell) == Tag.LeftOut || (load<u32>(cell) == Tag.Untrusted && load<u32>(cell, 4) == 1)) {
      const stored = load<u32>(at, 4)
      store<u64>(cell, load<u64>(stored))
      store<u64>(cell, load<u64>(stored, 8), 8)
      if (load<u32>(cell) == Tag.ScopedRoles) applyScopes(cell)
    }
  }
}
