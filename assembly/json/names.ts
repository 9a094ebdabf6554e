/** Names of the objects that are open: whether one is twice in its object. Entries as in json/sort.ts. */
import { compareEntries, Entry, sortEntries } from './sort'

/** Names in bytes of entries: an object with more has them sorted at its end, in place of looking at each beside all others. */
const FEW: u32 = 24 << Entry.Shift

/** Whether the name at `last` is among those from `first` on; with many it is left to `hasTwice`. */
export function isAmong(first: u32, last: u32): bool {
  if (last - first >= FEW) return false
  for (let entry = first; entry < last; entry += 1 << Entry.Shift) {
    if (load<u32>(entry, Entry.Rank) == load<u32>(last, Entry.Rank) && compareEntries(entry, last) == 0) return true
  }
  return false
}

/** Whether two of the names are equal, where they were too many to look at each. */
export function hasTwice(first: u32, end: u32): bool {
  if (end - first <= FEW) return false
  sortEntries(first, (end - first) >> Entry.Shift)
  const step: u32 = 1 << Entry.Shift
  for (let entry = first + step; entry < end; entry += step) if (compareEntries(entry - step, entry) == 0) return true
  return false
}
