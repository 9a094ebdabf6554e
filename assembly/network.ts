/** IPv4 and IPv6 addresses from text (RFC 4291 section 2.2, dotted quads as RFC 6943 "strict"), and CIDR ranges. */
import { Cidr } from './abi/condition'

/** The parsed address: 16 bytes, IPv4 in the first four. Below the info block, in memory that nothing else uses. */
export const ADDRESS: u32 = 512

/** 4 or 6 after writing the address to ADDRESS; 0 when the text is not an address. */
export function parseAddress(text: u32, length: u32): u32 {
  if (length < 2 || length > 45) return 0
  memory.fill(ADDRESS, 0, 16)
  for (let i: u32 = 0; i < length; i++) {
    if (load<u8>(text + i) == 0x3a) return parseIPv6(text, text + length)
  }
  return parseIPv4(text, text + length, ADDRESS) ? 4 : 0
}

function parseIPv4(at: u32, end: u32, target: u32): bool {
  for (let part: u32 = 0; part < 4; part++) {
    let value: u32 = 0
    const start = at
    while (at < end && at - start < 3) {
      const digit = <u32>load<u8>(at) - 0x30
      if (digit > 9) break
      value = value * 10 + digit
      at++
    }
    // No empty part, no leading zero (some read it as octal), nothing above 255.
    if (at == start || value > 255 || (at - start > 1 && load<u8>(start) == 0x30)) return false
    store<u8>(target + part, <u8>value)
    if (part < 3) {
      if (at >= end || load<u8>(at) != 0x2e) return false
      at++
    }
  }
  return at == end
}

function hexDigit(byte: u32): u32 {
  if (byte - 0x30 < 10) return byte - 0x30
  const letter = (byte | 0x20) - 0x61
  return letter < 6 ? letter + 10 : 255
}

function parseIPv6(at: u32, end: u32): u32 {
  let filled: u32 = 0
  let gap: i32 = -1
  if (load<u8>(at) == 0x3a) {
    if (end - at < 2 || load<u8>(at, 1) != 0x3a) return 0
    gap = 0
    at += 2
  }
  while (at < end) {
    if (filled >= 16) return 0
    const start = at
    let value: u32 = 0
    while (at < end && at - start < 4) {
      const digit = hexDigit(load<u8>(at))
      if (digit > 15) break
      value = (value << 4) | digit
      at++
    }
    if (at < end && load<u8>(at) == 0x2e) {
      // A dotted quad in the last 32 bits.
      if (filled > 12 || !parseIPv4(start, end, ADDRESS + filled)) return 0
      filled += 4
      at = end
      break
    }
    if (at == start) return 0
    store<u8>(ADDRESS + filled, <u8>(value >> 8))
    store<u8>(ADDRESS + filled + 1, <u8>value)
    filled += 2
    if (at == end) break
    if (load<u8>(at) != 0x3a) return 0
    at++
    if (at == end) return 0
    if (load<u8>(at) == 0x3a) {
      if (gap >= 0) return 0
      gap = <i32>filled
      at++
    }
  }
  if (gap < 0) {
    if (filled != 16) return 0
  } else {
    if (filled > 14) return 0
    const tail = filled - <u32>gap
    memory.copy(ADDRESS + 16 - tail, ADDRESS + <u32>gap, tail)
    memory.fill(ADDRESS + <u32>gap, 0, 16 - filled)
  }
  return unmapIPv4()
}

/** An IPv4-mapped address (::ffff:0:0/96, RFC 4291 section 2.5.5.2) becomes the IPv4 address it stands for. */
function unmapIPv4(): u32 {
  if (load<u64>(ADDRESS) != 0 || load<u32>(ADDRESS, 8) != 0xffff0000) return 6
  store<u32>(ADDRESS, load<u32>(ADDRESS, 12))
  return 4
}

/** 1 when the address lies in one of the records, 0 when in none, -1 when the text is not an address. */
export function inCidrs(text: u32, length: u32, records: u32, count: u32): i32 {
  const family = parseAddress(text, length)
  if (family == 0) return -1
  for (let i: u32 = 0; i < count; i++) {
    const record = records + i * Cidr.Size
    if (load<u8>(record) == family && samePrefix(record + 4, load<u8>(record, 1))) return 1
  }
  return 0
}

/** Whether ADDRESS begins with the same bits. */
export function samePrefix(network: u32, bits: u32): bool {
  const whole = bits >> 3
  for (let i: u32 = 0; i < whole; i++) if (load<u8>(ADDRESS + i) != load<u8>(network + i)) return false
  const rest = bits & 7
  if (rest == 0) return true
  return ((load<u8>(ADDRESS + whole) ^ load<u8>(network + whole)) >> (8 - rest)) == 0
}
