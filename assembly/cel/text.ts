/** Text functions of the standard library and of the strings extension. Positions and lengths count code points. */
import { Tag } from '../abi/frame'
import { CelFault, CelTag } from '../abi/cel'
import { allocate } from './scratch'
import { countAt, fail, intAt, lengthAt, loadCell, setBoolean, setInt, setList, setText, startAt, tagAt } from './value'
import { spend } from '../steps'
import { codePointAt, codePointLength, containsText, sameBytes } from '../text'
import { itemAt } from '../value'

/** Code points of the text. */
export function countCodePoints(at: u32, length: u32): u32 {
  let count: u32 = 0
  for (const end = at + length; at < end; at++) count += <u32>((load<u8>(at) & 0xc0) != 0x80)
  return count
}

/** The place `count` code points after `at`; the end when there are fewer; `short` says whether there were. */
let short: bool = false
function skip(at: u32, end: u32, count: i64): u32 {
  for (; count > 0 && at < end; count--) at += codePointLength(at)
  short = count > 0
  return at
}

/** Comparing at every place, as steps. */
function paySearch(whole: u32, part: u32): bool {
  return spend((<u64>whole >> 3) * ((part >> 3) + 1) + 1)
}

export function containsPart(a: u32, b: u32, out: u32): void {
  if (!paySearch(lengthAt(a), lengthAt(b))) return fail(out, CelFault.Limit)
  setBoolean(out, containsText(startAt(a), lengthAt(a), startAt(b), lengthAt(b)))
}

export function hasAffix(a: u32, b: u32, atEnd: bool, out: u32): void {
  const length = lengthAt(b)
  const whole = lengthAt(a)
  if (length > whole || !spend(length >> 3)) return setBoolean(out, false)
  setBoolean(out, sameBytes(startAt(a) + (atEnd ? whole - length : 0), startAt(b), length))
}

/** The code point at an index; at the end, no text. */
export function charAt(a: u32, b: u32, out: u32): void {
  const end = startAt(a) + lengthAt(a)
  if (intAt(b) < 0 || !spend(lengthAt(a) >> 3)) return fail(out, CelFault.Index)
  const at = skip(startAt(a), end, intAt(b))
  if (short) return fail(out, CelFault.Index)
  setText(out, at, at == end ? 0 : codePointLength(at))
}

/** The first place of `b` in `a` at or after `from`, in code points; -1 when there is none. */
export function indexOf(a: u32, b: u32, from: i64, out: u32): void {
  const end = startAt(a) + lengthAt(a)
  if (from < 0) return fail(out, CelFault.Index)
  if (!paySearch(lengthAt(a), lengthAt(b))) return fail(out, CelFault.Limit)
  let at = skip(startAt(a), end, from)
  if (short) return fail(out, CelFault.Index)
  const length = lengthAt(b)
  for (let index = from; at + length <= end; index++) {
    if (sameBytes(at, startAt(b), length)) return setInt(out, index)
    if (at == end) break
    at += codePointLength(at)
  }
  setInt(out, -1)
}

/** The last place of `b` in `a` at or before `from`, or anywhere when that is negative for it. */
export function lastIndexOf(a: u32, b: u32, anywhere: bool, from: i64, out: u32): void {
  const start = startAt(a)
  const end = start + lengthAt(a)
  const length = lengthAt(b)
  if (!anywhere && from < 0) return fail(out, CelFault.Index)
  if (!paySearch(lengthAt(a), length)) return fail(out, CelFault.Limit)
  if (!anywhere) {
    skip(start, end, from)
    if (short) return fail(out, CelFault.Index)
  }
  let found: i64 = -1
  let at = start
  for (let index: i64 = 0; at + length <= end && (anywhere || index <= from); index++) {
    if (sameBytes(at, startAt(b), length)) found = index
    if (at == end) break
    at += codePointLength(at)
  }
  setInt(out, found)
}

/** From one index to before another; -1 stands for the end. */
export function substring(a: u32, from: i64, to: i64, toEnd: bool, out: u32): void {
  const end = startAt(a) + lengthAt(a)
  if (from < 0 || (!toEnd && to < from) || !spend(lengthAt(a) >> 3)) return fail(out, CelFault.Index)
  const first = skip(startAt(a), end, from)
  if (short) return fail(out, CelFault.Index)
  const last = toEnd ? end : skip(first, end, to - from)
  if (short) return fail(out, CelFault.Index)
  setText(out, first, last - first)
}

function copied(a: u32): u32 {
  const at = spend(lengthAt(a) >> 3) ? allocate(<u64>lengthAt(a) + 1) : 0
  if (at != 0) memory.copy(at, startAt(a), lengthAt(a))
  return at
}

/** Letters A to Z in the other case: from `first` on, 26 of them. */
export function changeCase(a: u32, first: u32, out: u32): void {
  const at = copied(a)
  if (at == 0) return fail(out, CelFault.Limit)
  for (let i: u32 = 0; i < lengthAt(a); i++) {
    const byte = <u32>load<u8>(at + i)
    if (byte - first < 26) store<u8>(at + i, <u8>(byte ^ 0x20))
  }
  setText(out, at, lengthAt(a))
}

export function reverse(a: u32, out: u32): void {
  const at = copied(a)
  if (at == 0) return fail(out, CelFault.Limit)
  let to = at + lengthAt(a)
  const end = startAt(a) + lengthAt(a)
  for (let from = startAt(a); from < end; ) {
    const length = codePointLength(from)
    to -= length
    memory.copy(to, from, length)
    from += length
  }
  setText(out, at, lengthAt(a))
}

/** White_Space of Unicode. */
function isSpace(c: u32): bool {
  if (c < 0x80) return c == 0x20 || c - 9 < 5
  return (
    c == 0x85 || c == 0xa0 || c == 0x1680 || c - 0x2000 < 11 || c == 0x2028 || c == 0x2029 || c == 0x202f || c == 0x205f || c == 0x3000
  )
}

export function trim(a: u32, out: u32): void {
  let start = startAt(a)
  const end = start + lengthAt(a)
  if (!spend(lengthAt(a) >> 2)) return fail(out, CelFault.Limit)
  while (start < end && isSpace(codePointAt(start))) start += codePointLength(start)
  let last = start
  for (let at = start; at < end; ) {
    const space = isSpace(codePointAt(at))
    at += codePointLength(at)
    if (!space) last = at
  }
  setText(out, start, last - start)
}

/** All texts of a list with one between each two. */
export function join(list: u32, separator: u32, separatorLength: u32, out: u32): void {
  const count = countAt(list)
  const part = allocate(16)
  if (part == 0 || !spend(count)) return fail(out, CelFault.Limit)
  let length: u64 = 0
  for (let i: u32 = 0; i < count; i++) {
    loadCell(itemAt(list, i), part)
    if (tagAt(part) == CelTag.Error) return memory.copy(out, part, 16)
    if (tagAt(part) != Tag.String) return fail(out, CelFault.NoOverload)
    length += <u64>lengthAt(part) + (i == 0 ? 0 : separatorLength)
  }
  const start = spend(length >> 3) ? allocate(length + 1) : 0
  if (start == 0) return fail(out, CelFault.Limit)
  let at = start
  for (let i: u32 = 0; i < count; i++) {
    if (i != 0) {
      memory.copy(at, separator, separatorLength)
      at += separatorLength
    }
    loadCell(itemAt(list, i), part)
    memory.copy(at, startAt(part), lengthAt(part))
    at += lengthAt(part)
  }
  setText(out, start, <u32>length)
}

/** The next place of `part` at or after `at`, `end` when there is none. An empty part is found after each code point. */
function next(at: u32, end: u32, part: u32, length: u32): u32 {
  for (; at + length <= end; at++) if (sameBytes(at, part, length)) return at
  return end + 1
}

/** At most `most` parts, all for a negative number. */
export function split(a: u32, b: u32, most: i64, out: u32): void {
  const start = startAt(a)
  const end = start + lengthAt(a)
  const length = lengthAt(b)
  if (most == 0) return setList(out, 16, 0)
  if (!paySearch(lengthAt(a), length)) return fail(out, CelFault.Limit)
  const limit = most < 0 ? <u64>i64.MAX_VALUE : <u64>most
  let count: u64 = 0
  // Twice: to count the parts, and to write them.
  for (let writing: u32 = 0; writing < 2; writing++) {
    const items = writing == 0 ? 0 : allocate(count << 4)
    if (writing == 1 && items == 0) return fail(out, CelFault.Limit)
    let from = start
    let n: u64 = 0
    while (true) {
      const last = n + 1 >= limit
      let to = end
      let after = end + 1
      if (!last) {
        if (length == 0) {
          // Between code points only.
          if (from < end && from + codePointLength(from) < end) {
            to = from + codePointLength(from)
            after = to
          }
        } else {
          const found = next(from, end, startAt(b), length)
          if (found <= end) {
            to = found
            after = found + length
          }
        }
      }
      if (writing == 1) setText(items + (<u32>n << 4), from, to - from)
      n++
      if (after > end) break
      from = after
    }
    if (length == 0 && start == end) n = 0
    count = n
    if (writing == 1) setList(out, items, <u32>count)
  }
}

/** The first `most` places of `b` become `c`; all for a negative number. */
export function replace(a: u32, b: u32, c: u32, most: i64, out: u32): void {
  const start = startAt(a)
  const end = start + lengthAt(a)
  const length = lengthAt(b)
  if (!paySearch(lengthAt(a), length)) return fail(out, CelFault.Limit)
  const limit = most < 0 ? <u64>i64.MAX_VALUE : <u64>most
  let count: u64 = 0
  let text: u32 = 0
  for (let writing: u32 = 0; writing < 2; writing++) {
    const size = <u64>lengthAt(a) - count * length + count * lengthAt(c)
    if (writing == 1) text = spend(size >> 3) ? allocate(size + 1) : 0
    if (writing == 1 && text == 0) return fail(out, CelFault.Limit)
    let from = start
    let at = text
    let n: u64 = 0
    // An empty text is found before each code point and at the end.
    let place = start
    while (n < limit) {
      const found = length == 0 ? place : next(place, end, startAt(b), length)
      if (found > end) break
      if (writing == 1) {
        memory.copy(at, from, found - from)
        at += found - from
        memory.copy(at, startAt(c), lengthAt(c))
        at += lengthAt(c)
      }
      n++
      from = found + length
      if (length == 0 && found == end) break
      place = length == 0 ? found + codePointLength(found) : from
    }
    if (writing == 1) {
      memory.copy(at, from, end - from)
      at += end - from
      setText(out, text, at - text)
    }
    count = n
  }
}
