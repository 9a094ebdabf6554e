/** The subject's roles: what the request or the entity says, and all that these inherit. */
import { Layout, RolesInput, Slot, Tag } from './abi'
import { frame, keys, keysStride, roleCount, roles, rolesInput, roleStamps } from './state'
import { itemAt, tagOf } from './value'

/** Marks the roles of the current decision in roleStamps; cheaper than clearing. */
let generation: u32 = 0

/** The key list of the role dimension; see match.ts. */
const ROLE_LIST: u32 = 4

export function forgetRoles(): void {
  generation = 0
}

// @ts-ignore: decorator
@inline
export function holdsRole(role: u32): bool {
  return load<u32>(roleStamps + (role << 2)) == generation
}

/** Collects the subject's roles, each once, as keys; an inherited role counts like one held directly. */
export function collectRoles(): void {
  if (++generation == 0) {
    memory.fill(roleStamps, 0, roleCount << 2)
    generation = 1
  }
  const list = keys + ROLE_LIST * keysStride
  const listed = load<u32>(rolesInput)
  let count: u32 = 0
  if (listed <= <u32>RolesInput.Most) {
    for (let i: u32 = 0; i < listed; i++) count = addClosure(load<u32>(rolesInput + (i << 2), 4), list, count)
    store<u32>(list, count)
    return
  }
  const cell = frame + Slot.SubjectRoles * Layout.CellSize
  if (tagOf(cell) == Tag.String) {
    count = addClosure(load<u32>(cell, 4), list, count)
  } else if (tagOf(cell) == Tag.List) {
    const items = load<u32>(cell, 4)
    for (let i: u32 = 0; i < items; i++) {
      const one = itemAt(cell, i)
      if (tagOf(one) == Tag.String) count = addClosure(load<u32>(one, 4), list, count)
    }
  }
  store<u32>(list, count)
}

// @ts-ignore: decorator
@inline
function addClosure(role: u32, list: u32, count: u32): u32 {
  if (role >= roleCount) return count
  const starts = roles + 4 + (role << 2)
  const items = roles + 8 + (roleCount << 2)
  const end = items + (load<u32>(starts, 4) << 2)
  for (let at = items + (load<u32>(starts) << 2); at < end; at += 4) {
    const held = load<u32>(at)
    if (holdsRole(held)) continue
    store<u32>(roleStamps + (held << 2), generation)
    count++
    store<u32>(list + (count << 2), held)
  }
  return count
}
