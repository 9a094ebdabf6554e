/**
 * The subject's roles: what the request or the entity says, and all that these inherit. In a session, those of them that
 * it activates, itself or by inheritance.
 */
import { RolesInput, SessionInput, Slot, Tag } from './abi/frame'
import { Layout } from './abi/memory'
import { brokenSeparation, NOT_BROKEN } from './separation'
import { frame, keys, keysStride, roleCount, roles, rolesInput, roleStamps, separations, separationsEnd, sessionInput } from './state'
import { itemAt, tagOf } from './value'

/** Marks the roles of the current decision in roleStamps; cheaper than clearing. */
let generation: u32 = 0

/** The separation of duty that the subject's roles break, or NOT_BROKEN. */
export let broken: u32 = NOT_BROKEN

/** The key list of the role dimension; see match.ts. */
const ROLE_LIST: u32 = 4

export function forgetRoles(): void {
  generation = 0
  broken = NOT_BROKEN
  store<u32>(sessionInput, SessionInput.None)
}

// @ts-ignore: decorator
@inline
export function holdsRole(role: u32): bool {
  return load<u32>(roleStamps + (role << 2)) == generation
}

/** Two marks a decision: roles held, roles active. */
function startMarks(): void {
  if (generation >= 0xfffffffd) {
    memory.fill(roleStamps, 0, roleCount << 2)
    generation = 0
  }
  generation++
}

/** Collects the subject's active roles, each once, as keys; an inherited role counts like one held directly. */
export function collectRoles(): void {
  startMarks()
  const list = keys + ROLE_LIST * keysStride
  store<u32>(list, collectHeld(list))
  if (separations != separationsEnd) {
    broken = brokenSeparation(0, generation)
    if (broken != NOT_BROKEN) return
  }
  if (load<u32>(sessionInput) != SessionInput.None) store<u32>(list, keepActive(list))
  if (separations != separationsEnd) broken = brokenSeparation(1, generation)
}

/** Returns how many roles are in the list. */
function collectHeld(list: u32): u32 {
  const listed = load<u32>(rolesInput)
  let count: u32 = 0
  if (listed <= <u32>RolesInput.Most) {
    for (let i: u32 = 0; i < listed; i++) count = addClosure(load<u32>(rolesInput + (i << 2), 4), list, count)
    return count
  }
  const cell = frame + Slot.SubjectRoles * Layout.CellSize
  if (tagOf(cell) != Tag.List) return count
  const items = load<u32>(cell, 4)
  for (let i: u32 = 0; i < items; i++) {
    const one = itemAt(cell, i)
    if (tagOf(one) == Tag.String) count = addClosure(load<u32>(one, 4), list, count)
  }
  return count
}

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

/** Makes a new list of the roles held that the session activates, and moves the mark to them. */
function keepActive(list: u32): u32 {
  const held = generation++
  const activated = min(load<u32>(sessionInput), roleCount)
  const items = roles + 8 + (roleCount << 2)
  let count: u32 = 0
  for (let i: u32 = 0; i < activated; i++) {
    const role = load<u32>(sessionInput + (i << 2), 4)
    if (role >= roleCount) continue
    const starts = roles + 4 + (role << 2)
    const end = items + (load<u32>(starts, 4) << 2)
    for (let at = items + (load<u32>(starts) << 2); at < end; at += 4) {
      const one = load<u32>(at)
      const stamp = roleStamps + (one << 2)
      if (load<u32>(stamp) != held) continue
      store<u32>(stamp, generation)
      count++
      store<u32>(list + (count << 2), one)
    }
  }
  return count
}
