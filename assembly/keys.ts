/**
 * The keys of a request: per dimension of the rule index a list (count, then keys) of what its rules could be filed
 * under: the string's id and the globs that match it; for the role dimension the roles held (roles.ts).
 */
import { GlobOp } from './abi/condition'
import { Id, Slot } from './abi/frame'
import { GlobMemo, Layout } from './abi/memory'
import { Dimension } from './abi/rules'
import { globMatches } from './glob'
import { collectRoles } from './roles'
import { frame, globMemo, globs, keys, keysStride, routes, routesEnd, stringCount, usedDimensions } from './state'
import { exhausted } from './steps'
import { textLength, textStart } from './text'

/** In the order of a bucket's fields: action, resource type, resource id, subject id, role. */
export function collectKeys(): void {
  const used = usedDimensions
  // Routes read the action's keys, too.
  if (used & Dimension.Action || routes != routesEnd) collectStringKeys(0, Slot.ActionName)
  collectResourceKeys()
  if (used & Dimension.SubjectId) collectStringKeys(3, Slot.SubjectId)
  collectRoles()
}

/** Those of the resource alone. */
export function collectResourceKeys(): void {
  const used = usedDimensions
  if (used & Dimension.ResourceType) collectStringKeys(1, Slot.ResourceType)
  if (used & Dimension.ResourceId) collectStringKeys(2, Slot.ResourceId)
}

// @ts-ignore: decorator
@inline
function collectStringKeys(dimension: u32, slot: u32): void {
  const cell = frame + slot * Layout.CellSize
  const list = keys + dimension * keysStride
  const id = load<u32>(cell, 4)
  const known = <u32>(id < stringCount)
  store<u32>(list, id, 4)
  store<u32>(list, known)
  if (load<u32>(globs + (dimension << 3), 4) == 0) return
  if (known != 0) recallGlobKeys(dimension, cell, list, id)
  else collectGlobKeys(dimension, cell, list, 0)
}

/** Names of the policies come again and again, and always match the same globs: tried once and kept, where there is room. */
function recallGlobKeys(dimension: u32, cell: u32, list: u32, id: u32): void {
  const entry = globMemo + ((dimension * GlobMemo.Entries + (id & (GlobMemo.Entries - 1))) << GlobMemo.EntryShift)
  if (load<u32>(entry) == id + 1) {
    const count = load<u32>(entry, 4)
    store<u32>(list, count)
    for (let i: u32 = 8; i <= count << 2; i += 4) store<u32>(list + i, load<u32>(entry + i))
    return
  }
  collectGlobKeys(dimension, cell, list, 1)
  const count = load<u32>(list)
  if (count > <u32>GlobMemo.Most || exhausted()) return
  store<u32>(entry, id + 1)
  store<u32>(entry, count, 4)
  for (let i: u32 = 8; i <= count << 2; i += 4) store<u32>(entry + i, load<u32>(list + i))
}

function collectGlobKeys(dimension: u32, cell: u32, list: u32, count: u32): void {
  const first = load<u32>(globs + (dimension << 3))
  const last = first + load<u32>(globs + (dimension << 3), 4)
  const text = textStart(cell)
  const length = textLength(cell)
  for (let i: u32 = first; i < last; i++) {
    const program = load<u32>(globs + 32 + (i << 2))
    if (startsOtherwise(program, text, length) || !globMatches(program, text, length)) continue
    count++
    store<u32>(list + (count << 2), Id.GlobKey | i)
  }
  store<u32>(list, count)
}

/** Whether a glob begins with another byte than the text: most do, and need no more than this look. */
// @ts-ignore: decorator
@inline
function startsOtherwise(program: u32, text: u32, length: u32): bool {
  const word = load<u32>(program)
  if ((word & 0xff) != GlobOp.Literal || word >> 8 == 0) return false
  return length == 0 || load<u8>(program, 4) != load<u8>(text)
}

/** Whether a key is among the request's action keys. */
export function hasActionKey(key: u32): bool {
  const end = keys + (load<u32>(keys) << 2)
  for (let at = keys; at < end; at += 4) if (load<u32>(at, 4) == key) return true
  return false
}
