/** Checks of role closures and of the separations of duty over them. */
import { Section } from '../abi/image'
import { Separation } from '../abi/rules'
import { sectionLength, sectionStart } from '../state'
import { areBelow } from './data'
import { validOffsets } from './json'

export function validateRoles(): bool {
  const start = sectionStart(Section.Roles)
  const size = sectionLength(Section.Roles)
  if (size < 8 || size & 3) return false
  const count = load<u32>(start)
  const strings = (sectionLength(Section.StringOffsets) >> 2) - 1
  if (count > strings || count > (size - 8) >> 2) return false
  const items = start + 8 + (count << 2)
  const total = (start + size - items) >> 2
  if (!validOffsets(start + 4, count, total, 0)) return false
  if (load<u32>(start, 4) != 0 || load<u32>(items - 4) != total) return false
  return areBelow(items, start + size, count)
}

/** Whole records whose roles exist; the roles have been checked. Their number fits into a result. */
export function validateSeparations(): bool {
  let at = sectionStart(Section.Separations)
  const end = at + sectionLength(Section.Separations)
  const roleCount = load<u32>(sectionStart(Section.Roles))
  if ((end - at) & 3) return false
  let records: u32 = 0
  while (at < end) {
    if (end - at < <u32>Separation.Roles << 2 || ++records > <u32>Separation.Most) return false
    if (load<u32>(at, Separation.Kind << 2) > 1) return false
    const count = load<u32>(at, Separation.Count << 2)
    at += Separation.Roles << 2
    if (count > (end - at) >> 2) return false
    if (!areBelow(at, at + (count << 2), roleCount)) return false
    at += count << 2
  }
  return true
}
