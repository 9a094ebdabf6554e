/** Roles that an entity holds on some resources only. */
import { Slot, Tag } from './abi/frame'
import { Layout } from './abi/memory'
import { frame, scopedRoles } from './state'
import { tagOf } from './value'

/** Where the next list goes. */
let free: u32 = 0

/** Whether roles of this decision hang on its resource, those too that do not apply to it. */
export let isScoped: bool = false

/** Begins a decision. */
export function forgetScopes(): void {
  free = scopedRoles
  isScoped = false
}

/**
 * Turns a cell with scoped roles into a list of those that apply to the request's resource. The items are copied into a
 * working area, as the image is not written to; validation has found how large it must be for all that one entity has.
 */
export function applyScopes(cell: u32): void {
  const count = load<u32>(cell, 4)
  const stride = load<u32>(cell, 12)
  const items = load<u32>(cell, 8)
  const list = free
  isScoped = true
  let to = list
  let kept: u32 = 0
  for (let i: u32 = 0; i < count; i++) {
    const item = items + i * stride
    const scope = item + stride - 2 * Layout.CellSize
    if (!covers(scope, Slot.ResourceType) || !covers(scope + Layout.CellSize, Slot.ResourceId)) continue
    memory.copy(to, item, stride)
    to += stride
    kept++
  }
  free = to
  store<u32>(cell, Tag.List)
  store<u32>(cell, kept, 4)
  store<u32>(cell, list, 8)
}

/** Whether a part of a scope is any, or that of the request. Both are strings of the image, or there is no such entity. */
// @ts-ignore: decorator
@inline
function covers(part: u32, slot: u32): bool {
  if (tagOf(part) != Tag.String) return true
  return load<u32>(part, 4) == load<u32>(frame + slot * Layout.CellSize, 4)
}
