/** Separation of duty: of some roles only so many together, whatever the rules say. */
import { Separation } from './abi/rules'
import { roleStamps, separations, separationsEnd } from './state'

export const NOT_BROKEN: u32 = 0xffffffff

/** The number of the first separation of this kind that the roles stamped with `mark` break, or NOT_BROKEN. */
export function brokenSeparation(kind: u32, mark: u32): u32 {
  let index: u32 = 0
  let size: u32 = 0
  for (let at = separations; at < separationsEnd; at += size) {
    const count = load<u32>(at, Separation.Count << 2)
    size = (Separation.Roles + count) << 2
    if (load<u32>(at, Separation.Kind << 2) == kind) {
      let held: u32 = 0
      for (let role = at + (Separation.Roles << 2); role < at + size; role += 4) {
        held += <u32>(load<u32>(roleStamps + (load<u32>(role) << 2)) == mark)
      }
      if (held > load<u32>(at, Separation.AtMost << 2)) return index
    }
    index++
  }
  return NOT_BROKEN
}
