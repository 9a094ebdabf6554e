/** Strict functions: which code does what, once the arguments are there and none is an error. */
import { Tag } from '../abi/frame'
import { CelCall, CelFault, CelTag, CelPart } from '../abi/cel'
import { arithmetic, negate } from './arithmetic'
import { equality, isZero, itemOf, membership, optionalItemOf, setContains, setEquivalent, setIntersects, size, wrap } from './collections'
import { convert } from './convert'
import { decodeBase64, encodeBase64, quote } from './encoding'
import { compareValues, NOT_COMPARABLE, UNORDERED } from './equality'
import { format } from './format'
import { inCidr, toIpAddress } from './ip-address'
import { bits, extreme, ofNumber } from './math'
import { changeCase, charAt, containsPart, hasAffix, indexOf, join, lastIndexOf, replace, reverse, split, substring, trim } from './text'
import { setDurationPart, setTimePart } from './time'
import { fixedZone, UNKNOWN_ZONE } from './time-text'
import { offsetAt, UNKNOWN } from '../time/zone'
import { copyCell, fail, intAt, lengthAt, loadCell, setBoolean, setOptional, startAt, tagAt, typeOf } from './value'

/** What the types of the arguments must be, first argument first, for calls that take one combination only. */
// @ts-ignore: decorator
@inline
function are(a: u32, first: u32, b: u32, second: u32): bool {
  return tagAt(a) == first && tagAt(b) == second
}

export function callOne(call: u32, a: u32, out: u32): void {
  if (call >= <u32>CelCall.ToInt && call <= <u32>CelCall.ToDuration) return convert(call, a, out)
  if (call >= <u32>CelCall.GetPart && call < <u32>CelCall.LowerAscii) return part(call - CelCall.GetPart, a, out)
  if (call >= <u32>CelCall.LowerAscii && call <= <u32>CelCall.Quote) return callText(call, a, out)
  if (call == CelCall.ToIpAddress) return toIpAddress(a, out)
  if (call >= <u32>CelCall.Ceil) return ofNumber(call, a, out)
  switch (call) {
    case CelCall.Negate:
      return negate(a, out)
    case CelCall.Size:
      return size(a, out)
    case CelCall.TypeOf:
      store<u32>(out, typeOf(a), 4)
      store<u32>(out, CelTag.Type)
      return
    case CelCall.Join:
      if (tagAt(a) != Tag.List) return fail(out, CelFault.NoOverload)
      return join(a, 0, 0, out)
    case CelCall.OptionalOf:
      copyCell(a, out)
      return wrap(out)
    case CelCall.OptionalOfNonZero:
      if (isZero(a)) return setOptional(out, 0)
      copyCell(a, out)
      return wrap(out)
    case CelCall.HasValue:
      if (tagAt(a) != CelTag.Optional) return fail(out, CelFault.NoOverload)
      return setBoolean(out, load<u32>(a, 4) != 0)
    case CelCall.Value:
      if (tagAt(a) != CelTag.Optional) return fail(out, CelFault.NoOverload)
      if (load<u32>(a, 4) == 0) return fail(out, CelFault.NoValue)
      return loadCell(load<u32>(a, 8), out)
    case CelCall.Base64Encode:
      if (tagAt(a) != CelTag.Bytes) return fail(out, CelFault.NoOverload)
      return encodeBase64(a, out)
    case CelCall.Base64Decode:
      if (tagAt(a) != Tag.String) return fail(out, CelFault.NoOverload)
      return decodeBase64(a, out)
    default:
      extreme(a, call == CelCall.Greatest ? 1 : -1, out)
  }
}

function part(which: u32, a: u32, out: u32): void {
  if (tagAt(a) == CelTag.Timestamp) setTimePart(out, which, a, 0)
  else if (tagAt(a) == CelTag.Duration && which >= <u32>CelPart.Hours) setDurationPart(out, which, a)
  else fail(out, CelFault.NoOverload)
}

function partIn(which: u32, a: u32, b: u32, out: u32): void {
  if (!are(a, CelTag.Timestamp, b, Tag.String)) return fail(out, CelFault.NoOverload)
  const offset = fixedZone(startAt(b), lengthAt(b))
  if (offset == UNKNOWN_ZONE) fail(out, CelFault.Argument)
  else setTimePart(out, which, a, offset)
}

/** A part of the timestamp in `out`, in a zone of the image: an error outside of the years that its table covers. */
export function partInZone(which: u32, zone: u32, out: u32): void {
  if (tagAt(out) != CelTag.Timestamp) return fail(out, CelFault.NoOverload)
  const offset = offsetAt(zone, intAt(out) * 1000)
  if (offset == UNKNOWN) return fail(out, CelFault.Argument)
  setTimePart(out, which, out, offset / 1000)
}

function callText(call: u32, a: u32, out: u32): void {
  if (tagAt(a) != Tag.String) return fail(out, CelFault.NoOverload)
  switch (call) {
    case CelCall.LowerAscii:
      return changeCase(a, 0x41, out)
    case CelCall.UpperAscii:
      return changeCase(a, 0x61, out)
    case CelCall.Trim:
      return trim(a, out)
    case CelCall.Reverse:
      return reverse(a, out)
    default:
      quote(a, out)
  }
}

export function callTwo(call: u32, a: u32, b: u32, out: u32): void {
  if (call <= <u32>CelCall.Modulo) return arithmetic(call, a, b, out)
  if (call >= <u32>CelCall.Less && call <= <u32>CelCall.GreaterOrEqual) return order(call, a, b, out)
  if (call >= <u32>CelCall.GetPartIn && call < <u32>CelCall.BitAnd) return partIn(call - CelCall.GetPartIn, a, b, out)
  if (call >= <u32>CelCall.BitAnd && call <= <u32>CelCall.ShiftRight) return bits(call, a, b, out)
  switch (call) {
    case CelCall.Equal:
      return equality(a, b, false, out)
    case CelCall.NotEqual:
      return equality(a, b, true, out)
    case CelCall.In:
      return membership(a, b, out)
    case CelCall.Index:
      if (tagAt(a) == CelTag.Optional) return optionalItemOf(a, b, out)
      return itemOf(a, b, out)
    case CelCall.OptionalIndex:
      return optionalItemOf(a, b, out)
    case CelCall.Format:
      return format(a, b, out)
    case CelCall.InCidr:
      return inCidr(a, b, out)
    case CelCall.JoinWith:
      if (!are(a, Tag.List, b, Tag.String)) return fail(out, CelFault.NoOverload)
      return join(a, startAt(b), lengthAt(b), out)
    case CelCall.SetContains:
      return setContains(a, b, out)
    case CelCall.SetEquivalent:
      return setEquivalent(a, b, out)
    case CelCall.SetIntersects:
      return setIntersects(a, b, out)
    case CelCall.CharAt:
      if (!are(a, Tag.String, b, CelTag.Int)) return fail(out, CelFault.NoOverload)
      return charAt(a, b, out)
    case CelCall.SubstringFrom:
      if (!are(a, Tag.String, b, CelTag.Int)) return fail(out, CelFault.NoOverload)
      return substring(a, intAt(b), 0, true, out)
    default:
      if (!are(a, Tag.String, b, Tag.String)) return fail(out, CelFault.NoOverload)
      callTexts(call, a, b, out)
  }
}

function callTexts(call: u32, a: u32, b: u32, out: u32): void {
  switch (call) {
    case CelCall.Contains:
      return containsPart(a, b, out)
    case CelCall.StartsWith:
      return hasAffix(a, b, false, out)
    case CelCall.EndsWith:
      return hasAffix(a, b, true, out)
    case CelCall.IndexOf:
      return indexOf(a, b, 0, out)
    case CelCall.LastIndexOf:
      return lastIndexOf(a, b, true, 0, out)
    default:
      split(a, b, -1, out)
  }
}

function order(call: u32, a: u32, b: u32, out: u32): void {
  const sign = compareValues(a, b)
  if (sign == NOT_COMPARABLE) return fail(out, CelFault.NoOverload)
  if (sign == UNORDERED) return setBoolean(out, false)
  if (call == CelCall.Less) setBoolean(out, sign < 0)
  else if (call == CelCall.LessOrEqual) setBoolean(out, sign <= 0)
  else if (call == CelCall.Greater) setBoolean(out, sign > 0)
  else setBoolean(out, sign >= 0)
}

/** Three arguments, or four, the last of them at `d`. */
export function callMore(call: u32, a: u32, b: u32, c: u32, d: u32, out: u32): void {
  if (tagAt(a) != Tag.String) return fail(out, CelFault.NoOverload)
  if (call == CelCall.Substring) {
    if (!are(b, CelTag.Int, c, CelTag.Int)) return fail(out, CelFault.NoOverload)
    return substring(a, intAt(b), intAt(c), false, out)
  }
  if (tagAt(b) != Tag.String) return fail(out, CelFault.NoOverload)
  if (call == CelCall.Replace || call == CelCall.ReplaceMost) {
    if (tagAt(c) != Tag.String) return fail(out, CelFault.NoOverload)
    if (call == CelCall.Replace) return replace(a, b, c, -1, out)
    if (tagAt(d) != CelTag.Int) return fail(out, CelFault.NoOverload)
    return replace(a, b, c, intAt(d), out)
  }
  if (tagAt(c) != CelTag.Int) return fail(out, CelFault.NoOverload)
  if (call == CelCall.SplitMost) return split(a, b, intAt(c), out)
  if (call == CelCall.IndexOfFrom) return indexOf(a, b, intAt(c), out)
  lastIndexOf(a, b, false, intAt(c), out)
}
