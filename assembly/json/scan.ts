/** Moving through JSON text: white space, strings, values that nobody reads. The text ends with a zero, which fits nowhere. */
import { BodyFault } from '../abi/json'
import { utf8Length } from '../validate/data'

/** What is wrong with the body, and where. */
export let fault: BodyFault = BodyFault.None
export let faultAt: u32 = 0
/** Whether the last string has escapes. */
export let escaped: bool = false
/** Where the body ends. */
let bodyEnd: u32 = 0

export function startScan(end: u32): void {
  fault = BodyFault.None
  bodyEnd = end
}

/** Notes the first fault; returns 0, which is no place in a body. */
export function refuse(kind: BodyFault, at: u32): u32 {
  if (fault == BodyFault.None) {
    fault = kind
    faultAt = at
  }
  return 0
}

/** The first place from here on that is no white space. */
// @ts-ignore: decorator
@inline
export function skipSpace(at: u32): u32 {
  return load<u8>(at) > 0x20 ? at : skipSpaces(at)
}

function skipSpaces(at: u32): u32 {
  while (true) {
    const byte = load<u8>(at)
    if (byte != 0x20 && byte != 0x0a && byte != 0x0d && byte != 0x09) return at
    at++
  }
}

/** A bit for each byte that is a quote, a backslash, below a space or not ASCII. */
// @ts-ignore: decorator
@inline
function specialBytes(bytes: v128): i32 {
  return i8x16.bitmask(
    v128.or(
      v128.or(i8x16.eq(bytes, i8x16.splat(0x22)), i8x16.eq(bytes, i8x16.splat(0x5c))),
      // Signed: what is not ASCII is below, too.
      i8x16.lt_s(bytes, i8x16.splat(0x20)),
    ),
  )
}

/** From the first byte of a string's content to its closing quote; 0 with a fault. Sixteen bytes at a time. */
export function stringEnd(at: u32): u32 {
  escaped = false
  while (true) {
    const special = specialBytes(v128.load(at))
    if (special == 0) {
      at += 16
      continue
    }
    at += <u32>ctz(special)
    const byte = <u32>load<u8>(at)
    if (byte == 0x22) return at
    at = byte == 0x5c ? afterEscape(at) : byte < 0x20 ? refuse(BodyFault.Syntax, at) : afterWide(at)
    if (at == 0) return 0
  }
}

/** Past characters beyond ASCII. */
function afterWide(at: u32): u32 {
  while (load<u8>(at) >= 0x80) {
    const length = at < bodyEnd ? utf8Length(at, bodyEnd - at) : 0
    if (length == 0) return refuse(BodyFault.Utf8, at)
    at += length
  }
  return at
}

/** Past an escape; both halves of a surrogate pair are one. */
function afterEscape(at: u32): u32 {
  escaped = true
  const byte = <u32>load<u8>(at, 1)
  if (byte == 0x75) {
    const unit = hexAt(at + 2)
    if (unit < 0) return refuse(BodyFault.Syntax, at)
    if ((unit & 0xf800) != 0xd800) return at + 6
    const pair = unit < 0xdc00 && load<u16>(at, 6) == 0x755c && (hexAt(at + 8) & ~0x3ff) == 0xdc00
    return pair ? at + 12 : refuse(BodyFault.Surrogate, at)
  }
  const simple =
    byte == 0x22 || byte == 0x5c || byte == 0x2f || byte == 0x62 || byte == 0x66 || byte == 0x6e || byte == 0x72 || byte == 0x74
  return simple ? at + 2 : refuse(BodyFault.Syntax, at)
}

/** Four hexadecimal digits, or -1. */
export function hexAt(at: u32): i32 {
  let value: i32 = 0
  for (let i: u32 = 0; i < 4; i++) {
    const byte = <u32>load<u8>(at + i)
    const letter = (byte | 0x20) - 0x61
    const digit = byte - 0x30 < 10 ? byte - 0x30 : letter < 6 ? letter + 10 : 16
    if (digit == 16) return -1
    value = (value << 4) | <i32>digit
  }
  return value
}

/** Past a value of a body that is known to be well-formed. */
export function skipValue(at: u32): u32 {
  const first = <u32>load<u8>(at)
  if (first == 0x22) return stringEnd(at + 1) + 1
  if ((first | 0x20) == 0x7b) return skipContainer(at)
  while (true) {
    const byte = <u32>load<u8>(at)
    // A scalar ends before a comma, a bracket or white space; none of these is a letter, digit, sign or point.
    if (byte <= 0x20 || byte == 0x2c || (byte | 0x20) == 0x7d) return at
    at++
  }
}

function skipContainer(at: u32): u32 {
  let depth: u32 = 0
  do {
    const byte = <u32>load<u8>(at)
    // `[` and `{`, `]` and `}` differ in one bit.
    if (byte == 0x22) at = stringEnd(at + 1)
    else if ((byte | 0x20) == 0x7b) depth++
    else if ((byte | 0x20) == 0x7d) depth--
    at++
  } while (depth != 0)
  return at
}
