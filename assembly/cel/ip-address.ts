/**
 * IP addresses as values, and whether they lie in a range of CIDR notation (RFC 4632, RFC 4291 section 2.3): the functions that
 * OpenFGA's and SpiceDB's conditions have. An IPv4 address in IPv6 form is that IPv4 address.
 */
import { Tag } from '../abi/frame'
import { CelFault, CelTag } from '../abi/cel'
import { allocate } from './scratch'
import { fail, lengthAt, setBoolean, startAt, tagAt } from './value'
import { ADDRESS, parseAddress, samePrefix } from '../network'

/** `ipaddress(text)`. */
export function toIpAddress(a: u32, out: u32): void {
  if (tagAt(a) != Tag.String) return fail(out, CelFault.NoOverload)
  const family = parseAddress(startAt(a), lengthAt(a))
  if (family == 0) return fail(out, CelFault.Conversion)
  const bytes = allocate(16)
  if (bytes == 0) return fail(out, CelFault.Limit)
  memory.copy(bytes, ADDRESS, 16)
  // One that was written as IPv6 leaves the rest behind.
  if (family == 4) memory.fill(bytes + 4, 0, 12)
  store<u32>(out, CelTag.IpAddress)
  store<u32>(out, family, 4)
  store<u64>(out, bytes, 8)
}

/** `address.in_cidr(range)`. */
export function inCidr(a: u32, b: u32, out: u32): void {
  if (tagAt(a) != CelTag.IpAddress || tagAt(b) != Tag.String) return fail(out, CelFault.NoOverload)
  const text = startAt(b)
  const length = lengthAt(b)
  const slash = placeOf(0x2f, text, length)
  const bits = slash == length ? -1 : prefixBits(text + slash + 1, text + length)
  const family = bits < 0 ? 0 : parseAddress(text, slash)
  if (family == 0) return fail(out, CelFault.Argument)
  // ::ffff:10.0.0.0/104 is 10.0.0.0/8; a range that is wider than all of IPv4 is written as one of IPv6.
  const mapped = family == 4 && placeOf(0x3a, text, slash) < slash
  const length4 = mapped ? bits - 96 : bits
  if (length4 < 0 || length4 > (family == 4 ? 32 : 128)) return fail(out, CelFault.Argument)
  setBoolean(out, family == load<u32>(a, 4) && samePrefix(load<u32>(a, 8), length4))
}

/** Index of the first such byte; the length when there is none. */
function placeOf(byte: u32, text: u32, length: u32): u32 {
  let i: u32 = 0
  while (i < length && load<u8>(text + i) != byte) i++
  return i
}

/** A decimal number up to 128 without leading zeros, or -1. */
function prefixBits(at: u32, end: u32): i32 {
  const digits = end - at
  if (digits == 0 || digits > 3 || (digits > 1 && load<u8>(at) == 0x30)) return -1
  let value: i32 = 0
  for (; at < end; at++) {
    const digit = <u32>load<u8>(at) - 0x30
    if (digit > 9) return -1
    value = value * 10 + <i32>digit
  }
  return value
}
