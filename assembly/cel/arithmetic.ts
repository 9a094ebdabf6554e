/** Arithmetic: integers of 64 bits whose overflow is an error, IEEE doubles, joining of texts, bytes and lists, times. */
import { Tag } from '../abi/frame'
import { CelCall, CelFault, CelTag } from '../abi/cel'
import { allocate } from './scratch'
import { addTimes, negateDuration, subtractTimes } from './time'
import { copyCell, countAt, doubleAt, fail, intAt, lengthAt, setBytes, setDouble, setInt, setList, setText, setUint, startAt, tagAt } from './value'
import { spend } from '../steps'
import { itemAt } from '../value'

export function arithmetic(call: u32, a: u32, b: u32, out: u32): void {
  const tag = tagAt(a)
  const other = tagAt(b)
  if (tag != other) {
    const times = (tag == CelTag.Timestamp || tag == CelTag.Duration) && (other == CelTag.Timestamp || other == CelTag.Duration)
    if (!times || call > <u32>CelCall.Subtract) fail(out, CelFault.NoOverload)
    else if (call == CelCall.Add) addTimes(a, b, out)
    else subtractTimes(a, b, out)
  } else if (tag == CelTag.Int) integer(call, intAt(a), intAt(b), out)
  else if (tag == CelTag.Uint) unsigned(call, <u64>intAt(a), <u64>intAt(b), out)
  else if (tag == Tag.Number) double(call, doubleAt(a), doubleAt(b), out)
  else if (call == CelCall.Subtract && (tag == CelTag.Timestamp || tag == CelTag.Duration)) subtractTimes(a, b, out)
  else if (call != CelCall.Add) fail(out, CelFault.NoOverload)
  else if (tag == CelTag.Duration) addTimes(a, b, out)
  else if (tag == Tag.String || tag == CelTag.Bytes) join(tag, a, b, out)
  else if (tag == Tag.List) append(a, b, out)
  else fail(out, CelFault.NoOverload)
}

function integer(call: u32, a: i64, b: i64, out: u32): void {
  switch (call) {
    case CelCall.Add: {
      const sum = a + b
      // Overflow when both have one sign and the sum the other.
      if (((a ^ sum) & (b ^ sum)) < 0) fail(out, CelFault.Overflow)
      else setInt(out, sum)
      break
    }
    case CelCall.Subtract: {
      const difference = a - b
      if (((a ^ b) & (a ^ difference)) < 0) fail(out, CelFault.Overflow)
      else setInt(out, difference)
      break
    }
    case CelCall.Multiply: {
      const product = a * b
      // -1 first: the quotient of the least integer by -1 traps.
      if ((a == -1 && b == i64.MIN_VALUE) || (a != 0 && a != -1 && product / a != b)) fail(out, CelFault.Overflow)
      else setInt(out, product)
      break
    }
    default:
      if (b == 0) fail(out, CelFault.DivideByZero)
      else if (b == -1 && a == i64.MIN_VALUE) fail(out, CelFault.Overflow)
      else setInt(out, call == CelCall.Divide ? a / b : a % b)
  }
}

function unsigned(call: u32, a: u64, b: u64, out: u32): void {
  switch (call) {
    case CelCall.Add:
      if (a + b < a) fail(out, CelFault.Overflow)
      else setUint(out, a + b)
      break
    case CelCall.Subtract:
      if (b > a) fail(out, CelFault.Overflow)
      else setUint(out, a - b)
      break
    case CelCall.Multiply:
      if (a != 0 && (a * b) / a != b) fail(out, CelFault.Overflow)
      else setUint(out, a * b)
      break
    default:
      if (b == 0) fail(out, CelFault.DivideByZero)
      else setUint(out, call == CelCall.Divide ? a / b : a % b)
  }
}

function double(call: u32, a: f64, b: f64, out: u32): void {
  switch (call) {
    case CelCall.Add:
      setDouble(out, a + b)
      break
    case CelCall.Subtract:
      setDouble(out, a - b)
      break
    case CelCall.Multiply:
      setDouble(out, a * b)
      break
    case CelCall.Divide:
      setDouble(out, a / b)
      break
    default:
      fail(out, CelFault.NoOverload)
  }
}

function join(tag: u32, a: u32, b: u32, out: u32): void {
  const aLength = lengthAt(a)
  const bLength = lengthAt(b)
  const length = <u64>aLength + bLength
  const at = spend(length >> 3) ? allocate(length) : 0
  if (at == 0) {
    fail(out, CelFault.Limit)
    return
  }
  memory.copy(at, startAt(a), aLength)
  memory.copy(at + aLength, startAt(b), bLength)
  if (tag == Tag.String) setText(out, at, <u32>length)
  else setBytes(out, at, <u32>length)
}

function append(a: u32, b: u32, out: u32): void {
  const count = <u64>countAt(a) + countAt(b)
  const at = spend(count) ? allocate(count << 4) : 0
  if (at == 0) {
    fail(out, CelFault.Limit)
    return
  }
  const first = countAt(a)
  for (let i: u32 = 0; i < first; i++) copyCell(itemAt(a, i), at + (i << 4))
  for (let i: u32 = 0; i < countAt(b); i++) copyCell(itemAt(b, i), at + ((first + i) << 4))
  setList(out, at, <u32>count)
}

export function negate(a: u32, out: u32): void {
  const tag = tagAt(a)
  if (tag == Tag.Number) setDouble(out, -doubleAt(a))
  else if (tag == CelTag.Duration) negateDuration(a, out)
  else if (tag != CelTag.Int) fail(out, CelFault.NoOverload)
  else if (intAt(a) == i64.MIN_VALUE) fail(out, CelFault.Overflow)
  else setInt(out, -intAt(a))
}
