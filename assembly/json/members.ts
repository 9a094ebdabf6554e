/** Members of objects and items of lists, in a body that is known to be well-formed. */
import { PathKey } from '../abi/json'
import { isString } from './paths'
import { reserve, top } from './room'
import { escaped, skipSpace, skipValue, stringEnd } from './scan'
import { pathKeys } from './state'
import { unescape } from './text'

/** The name of the member that was looked at last: as it stands in the body, and without escapes. */
export let nameStart: u32 = 0
export let nameEnd: u32 = 0
export let nameEscaped: bool = false
export let name: u32 = 0
export let nameLength: u32 = 0

/** The first member of an object, or 0. */
export function firstMember(object: u32): u32 {
  const at = skipSpace(object + 1)
  return load<u8>(at) == 0x7d ? 0 : at
}

/** Reads the name of the member at `at`; returns where its value is. */
export function readName(at: u32): u32 {
  nameStart = at + 1
  nameEnd = stringEnd(nameStart)
  nameEscaped = escaped
  name = nameStart
  nameLength = nameEnd - nameStart
  if (nameEscaped) {
    // Not kept: what is taken next overwrites it.
    reserve(nameLength)
    name = top
    nameLength = unescape(nameStart, nameEnd, top) - top
  }
  return skipSpace(skipSpace(nameEnd + 1) + 1)
}

/** The member or item after the one whose value ends at `at`; 0 when it was the last. */
export function nextAfter(at: u32): u32 {
  const end = skipSpace(at)
  return load<u8>(end) == 0x2c ? skipSpace(end + 1) : 0
}

/** Where the member with this key, a string id, has its value; 0 when there is none. */
export function memberOf(object: u32, key: u32): u32 {
  let at = firstMember(object)
  while (at != 0) {
    const value = readName(at)
    if (isString(key, name, nameLength)) return value
    at = nextAfter(skipValue(value))
  }
  return 0
}

/** How many members an object has. */
export function countMembers(object: u32): u32 {
  let count: u32 = 0
  for (let at = firstMember(object); at != 0; at = nextAfter(skipValue(readName(at)))) count++
  return count
}

/** The first item of a list, or 0. */
export function firstItem(list: u32): u32 {
  const at = skipSpace(list + 1)
  return load<u8>(at) == 0x5d ? 0 : at
}

/** How many items a list has. */
export function countItems(list: u32): u32 {
  let count: u32 = 0
  for (let at = firstItem(list); at != 0; at = nextAfter(skipValue(at))) count++
  return count
}

/** Where the value at a path of keys from here is; 0 when there is none. */
export function valueAt(value: u32, firstKey: u32, keyCount: u32): u32 {
  let at = value
  for (let i: u32 = 0; i < keyCount && at != 0; i++) {
    const key = load<u32>(pathKeys + ((firstKey + i) << 2))
    const byte = load<u8>(at)
    if (key & PathKey.Index) at = byte == 0x5b ? itemAt(at, key & ~PathKey.Index) : 0
    else at = byte == 0x7b ? memberOf(at, key) : 0
  }
  return at
}

function itemAt(list: u32, index: u32): u32 {
  let at = firstItem(list)
  for (let i: u32 = 0; i < index && at != 0; i++) at = nextAfter(skipValue(at))
  return at
}

/** No index of an array in JavaScript. */
export const NO_INDEX: u64 = 0xffffffff

/** The number that the last name is the index of; JavaScript has those first in an object, in order. */
export function nameIndex(): u64 {
  if (nameLength == 0 || nameLength > 10 || (load<u8>(name) == 0x30 && nameLength > 1)) return NO_INDEX
  let value: u64 = 0
  for (let i: u32 = 0; i < nameLength; i++) {
    const digit = <u32>load<u8>(name + i) - 0x30
    if (digit > 9) return NO_INDEX
    value = value * 10 + digit
  }
  return min<u64>(value, NO_INDEX)
}
