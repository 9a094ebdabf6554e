/** Strings to ids: those of the image, and those of one request that are compared with one another. */
import { Id } from '../abi/frame'
import { BodyFault, BodyLimit } from '../abi/json'
import { hashText, sameText } from './hash'
import { isString } from './paths'
import { take } from './room'
import { refuse } from './scan'
import { Entry } from './sort'
import { stringMask, stringTable } from './state'
import { stringBytes, stringCount, stringOffsets } from '../state'

/** Bytes of the longest string of the image: what is longer need not be looked up. */
let longest: u32 = 0

/** Fills the table, which is empty. */
export function prepareStrings(): void {
  longest = 0
  for (let id: u32 = 0; id < stringCount; id++) {
    const entry = stringOffsets + (id << 2)
    const start = stringBytes + load<u32>(entry)
    const length = load<u32>(entry, 4) - load<u32>(entry)
    longest = max(longest, length)
    let at = hashText(start, length) & stringMask
    while (true) {
      const known = load<u32>(stringTable + (at << 2))
      // Where two are the same bytes the last one counts, as in the host's map.
      if (known == 0 || isString(known - 1, start, length)) break
      at = (at + 1) & stringMask
    }
    store<u32>(stringTable + (at << 2), id + 1)
  }
}

/** The id of a string of the image, or Id.UnknownString. */
export function idOf(start: u32, length: u32): u32 {
  if (length > longest) return Id.UnknownString
  let at = hashText(start, length) & stringMask
  while (true) {
    const known = load<u32>(stringTable + (at << 2))
    if (known == 0) return Id.UnknownString
    if (isString(known - 1, start, length)) return known - 1
    at = (at + 1) & stringMask
  }
}

/** Table of the request's own strings: entries as in json/sort.ts, whose extra word is the id. 0 when there are none yet. */
let own: u32 = 0
let ownMask: u32 = 0
let ownCount: u32 = 0
/** Entries looked at in vain. */
let collisions: u32 = 0
const FIRST_SIZE: u32 = 8

export function forgetOwn(): void {
  own = 0
  ownCount = 0
  collisions = 0
}

/** The id of a string that is not of the image: equal strings of one request have equal ids. */
export function ownId(start: u32, length: u32): u32 {
  if (own == 0 || ownCount * 2 > ownMask) growOwn()
  const hash = hashText(start, length)
  let entry = own + ((hash & ownMask) << Entry.Shift)
  while (load<u32>(entry, Entry.Extra) != 0) {
    const same =
      load<u32>(entry, Entry.Rank) == hash &&
      load<u32>(entry, Entry.Length) == length &&
      sameText(load<u32>(entry, Entry.Start), start, length)
    if (same) return load<u32>(entry, Entry.Extra)
    if (++collisions > <u32>BodyLimit.Collisions) refuse(BodyFault.Flood, start)
    if (collisions > <u32>BodyLimit.Collisions) return Id.UnknownString
    entry = own + ((((entry - own) >> Entry.Shift) + 1 & ownMask) << Entry.Shift)
  }
  store<u32>(entry, hash, Entry.Rank)
  store<u32>(entry, start, Entry.Start)
  store<u32>(entry, length, Entry.Length)
  store<u32>(entry, Id.DynamicString + ownCount++, Entry.Extra)
  return load<u32>(entry, Entry.Extra)
}

/** A table of twice the size; the old one stays where it is until the request is answered. */
function growOwn(): void {
  const old = own
  const oldSize: u32 = own == 0 ? 0 : ownMask + 1
  const size = own == 0 ? FIRST_SIZE : oldSize * 2
  own = take(<u64>size << Entry.Shift)
  ownMask = size - 1
  memory.fill(own, 0, size << Entry.Shift)
  for (let i: u32 = 0; i < oldSize; i++) {
    const from = old + (i << Entry.Shift)
    if (load<u32>(from, Entry.Extra) == 0) continue
    let at = load<u32>(from, Entry.Rank) & ownMask
    while (load<u32>(own + (at << Entry.Shift), Entry.Extra) != 0) {
      at = (at + 1) & ownMask
      if (++collisions > <u32>BodyLimit.Collisions) refuse(BodyFault.Flood, load<u32>(from, Entry.Start))
      if (collisions > <u32>BodyLimit.Collisions) return
    }
    v128.store(own + (at << Entry.Shift), v128.load(from))
  }
}
