/** The encoders extension (base64, RFC 4648) and the quoting of texts. */
import { CelFault } from '../abi/cel'
import { allocate, shrinkTo } from './scratch'
import { fail, lengthAt, setBytes, setText, startAt } from './value'
import { spend } from '../steps'

function letterOf(value: u32): u8 {
  if (value < 26) return <u8>(0x41 + value)
  if (value < 52) return <u8>(0x61 + value - 26)
  if (value < 62) return <u8>(0x30 + value - 52)
  return value == 62 ? 0x2b : 0x2f
}

function valueOf(letter: u32): i32 {
  if (letter - 0x41 < 26) return letter - 0x41
  if (letter - 0x61 < 26) return letter - 0x61 + 26
  if (letter - 0x30 < 10) return letter - 0x30 + 52
  return letter == 0x2b ? 62 : letter == 0x2f ? 63 : -1
}

export function encodeBase64(a: u32, out: u32): void {
  const length = lengthAt(a)
  const size = (<u64>length + 2) / 3 * 4
  const text = spend(length >> 2) ? allocate(size + 1) : 0
  if (text == 0) return fail(out, CelFault.Limit)
  let to = text
  for (let i: u32 = 0; i < length; i += 3) {
    const at = startAt(a) + i
    const left = length - i
    const word = (<u32>load<u8>(at) << 16) | (left > 1 ? <u32>load<u8>(at, 1) << 8 : 0) | (left > 2 ? <u32>load<u8>(at, 2) : 0)
    store<u8>(to, letterOf(word >> 18))
    store<u8>(to, letterOf((word >> 12) & 63), 1)
    store<u8>(to, left > 1 ? letterOf((word >> 6) & 63) : 0x3d, 2)
    store<u8>(to, left > 2 ? letterOf(word & 63) : 0x3d, 3)
    to += 4
  }
  setText(out, text, <u32>size)
}

/** With or without padding. */
export function decodeBase64(a: u32, out: u32): void {
  let length = lengthAt(a)
  if (length > 0 && (length & 3) == 0 && load<u8>(startAt(a) + length - 1) == 0x3d) {
    length--
    if (load<u8>(startAt(a) + length - 1) == 0x3d) length--
  }
  const bytes = spend(length >> 2) ? allocate(<u64>length + 4) : 0
  if (bytes == 0) return fail(out, CelFault.Limit)
  if ((length & 3) == 1) return fail(out, CelFault.Conversion)
  let to = bytes
  let word: u32 = 0
  for (let i: u32 = 0; i < length; i++) {
    const value = valueOf(load<u8>(startAt(a) + i))
    if (value < 0) return fail(out, CelFault.Conversion)
    word = (word << 6) | value
    const step = i & 3
    if (step != 0) store<u8>(to++, <u8>(word >> (6 - (step << 1))))
  }
  shrinkTo(to)
  setBytes(out, bytes, to - bytes)
}

/** The letter after a backslash for what needs one, or 0. */
function escapeOf(byte: u32): u32 {
  switch (byte) {
    case 0x07:
      return 0x61
    case 0x08:
      return 0x62
    case 0x0c:
      return 0x66
    case 0x0a:
      return 0x6e
    case 0x0d:
      return 0x72
    case 0x09:
      return 0x74
    case 0x0b:
      return 0x76
    case 0x5c:
    case 0x22:
      return byte
    default:
      return 0
  }
}

export function quote(a: u32, out: u32): void {
  const length = lengthAt(a)
  const text = spend(length) ? allocate(<u64>length * 2 + 2) : 0
  if (text == 0) return fail(out, CelFault.Limit)
  let to = text
  store<u8>(to++, 0x22)
  for (let i: u32 = 0; i < length; i++) {
    const byte = <u32>load<u8>(startAt(a) + i)
    const escape = escapeOf(byte)
    if (escape != 0) store<u8>(to++, 0x5c)
    store<u8>(to++, <u8>(escape != 0 ? escape : byte))
  }
  store<u8>(to++, 0x22)
  shrinkTo(to)
  setText(out, text, to - text)
}
