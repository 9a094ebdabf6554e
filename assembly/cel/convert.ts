/** Conversions between types: `int(x)`, `string(x)` and the like. What does not fit is an error. */
import { Tag } from '../abi/frame'
import { CelCall, CelFault, CelTag } from '../abi/cel'
import { parseDouble, printDouble } from './double-text'
import { parseInteger, putDigits, putInt } from './number'
import { allocate, shrinkTo } from './scratch'
import { parseDuration, parseTimestamp, printDuration, printTimestamp } from './time-text'
import { setChecked } from './time'
import { copyCell, doubleAt, fail, intAt, lengthAt, setBoolean, setBytes, setDouble, setInt, setText, setUint, startAt, tagAt } from './value'
import { spend } from '../steps'
import { utf8Length } from '../validate/data'

export function convert(call: u32, a: u32, out: u32): void {
  switch (call) {
    case CelCall.ToInt:
      return toInt(a, out)
    case CelCall.ToUint:
      return toUint(a, out)
    case CelCall.ToDouble:
      return toDouble(a, out)
    case CelCall.ToString:
      return toText(a, out)
    case CelCall.ToBytes:
      if (tagAt(a) == Tag.String) return setBytes(out, startAt(a), lengthAt(a))
      return same(CelTag.Bytes, a, out)
    case CelCall.ToBool:
      if (tagAt(a) == Tag.String) return toBoolean(a, out)
      return same(Tag.Boolean, a, out)
    case CelCall.ToTimestamp:
      if (tagAt(a) == Tag.String) return parseTimestamp(out, startAt(a), lengthAt(a))
      if (tagAt(a) == CelTag.Int) return toTimestamp(intAt(a), out)
      return same(CelTag.Timestamp, a, out)
    default:
      if (tagAt(a) == Tag.String) return parseDuration(out, startAt(a), lengthAt(a))
      return same(CelTag.Duration, a, out)
  }
}

function same(tag: u32, a: u32, out: u32): void {
  if (tagAt(a) == tag) copyCell(a, out)
  else fail(out, CelFault.NoOverload)
}

function toTimestamp(seconds: i64, out: u32): void {
  if (seconds > 1000000000000 || seconds < -1000000000000) fail(out, CelFault.Overflow)
  else setChecked(out, CelTag.Timestamp, seconds, 0)
}

function toInt(a: u32, out: u32): void {
  switch (tagAt(a)) {
    case CelTag.Int:
      return copyCell(a, out)
    case CelTag.Uint:
      if (intAt(a) < 0) return fail(out, CelFault.Overflow)
      return setInt(out, intAt(a))
    case Tag.Number: {
      const value = doubleAt(a)
      // The limits themselves are refused: as doubles they stand for what is beyond them, too.
      if (!(value > -9223372036854775808.0 && value < 9223372036854775808.0)) return fail(out, CelFault.Overflow)
      return setInt(out, <i64>value)
    }
    case Tag.String:
      return parseInteger(out, startAt(a), lengthAt(a), true)
    case CelTag.Timestamp:
      return setInt(out, intAt(a))
    default:
      fail(out, CelFault.NoOverload)
  }
}

function toUint(a: u32, out: u32): void {
  switch (tagAt(a)) {
    case CelTag.Uint:
      return copyCell(a, out)
    case CelTag.Int:
      if (intAt(a) < 0) return fail(out, CelFault.Overflow)
      return setUint(out, intAt(a))
    case Tag.Number: {
      const value = doubleAt(a)
      if (!(value >= 0 && value < 18446744073709551616.0)) return fail(out, CelFault.Overflow)
      return setUint(out, <u64>value)
    }
    case Tag.String:
      return parseInteger(out, startAt(a), lengthAt(a), false)
    default:
      fail(out, CelFault.NoOverload)
  }
}

function toDouble(a: u32, out: u32): void {
  switch (tagAt(a)) {
    case Tag.Number:
      return copyCell(a, out)
    case CelTag.Int:
      return setDouble(out, <f64>intAt(a))
    case CelTag.Uint:
      return setDouble(out, <f64>(<u64>intAt(a)))
    case Tag.String:
      return parseDouble(out, startAt(a), lengthAt(a))
    default:
      fail(out, CelFault.NoOverload)
  }
}

function toText(a: u32, out: u32): void {
  switch (tagAt(a)) {
    case Tag.String:
      return copyCell(a, out)
    case Tag.Number:
      return printDouble(doubleAt(a), out)
    case CelTag.Timestamp:
      return printTimestamp(a, out)
    case CelTag.Duration:
      return printDuration(a, out)
    case CelTag.Bytes:
      if (!isText(startAt(a), lengthAt(a))) return fail(out, CelFault.Conversion)
      return setText(out, startAt(a), lengthAt(a))
    case Tag.Boolean:
    case CelTag.Int:
    case CelTag.Uint:
      break
    default:
      return fail(out, CelFault.NoOverload)
  }
  const text = allocate(32)
  if (text == 0) return fail(out, CelFault.Limit)
  let end: u32 = 0
  if (tagAt(a) == CelTag.Int) end = putInt(text, intAt(a))
  else if (tagAt(a) == CelTag.Uint) end = putDigits(text, intAt(a), 1)
  else end = putBoolean(text, load<u32>(a, 4) != 0)
  shrinkTo(end)
  setText(out, text, end - text)
}

function putBoolean(to: u32, value: bool): u32 {
  // "true", and "fals" before an "e".
  store<u32>(to, value ? 0x65757274 : 0x736c6166)
  if (value) return to + 4
  store<u8>(to, 0x65, 4)
  return to + 5
}

function isText(at: u32, length: u32): bool {
  if (!spend(length >> 2)) return false
  const end = at + length
  while (at < end) {
    const one = utf8Length(at, end - at)
    if (one == 0) return false
    at += one
  }
  return true
}

/** The spellings that Go's strconv.ParseBool takes: 1, t, T, true, TRUE, True and their opposites. */
function toBoolean(a: u32, out: u32): void {
  const at = startAt(a)
  const length = lengthAt(a)
  const first = length > 0 ? <u32>load<u8>(at) : 0
  if (length == 1 && (first == 0x31 || first == 0x74 || first == 0x54)) return setBoolean(out, true)
  if (length == 1 && (first == 0x30 || first == 0x66 || first == 0x46)) return setBoolean(out, false)
  if (length == 4) {
    const word = load<u32>(at)
    if (word == 0x65757274 || word == 0x65757254 || word == 0x45555254) return setBoolean(out, true)
  }
  if (length == 5) {
    const word = load<u32>(at)
    const last = <u32>load<u8>(at, 4)
    if ((last == 0x65 && (word == 0x736c6166 || word == 0x736c6146)) || (last == 0x45 && word == 0x534c4146)) return setBoolean(out, false)
  }
  fail(out, CelFault.Conversion)
}
