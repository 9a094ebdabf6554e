/** `"%s is %d".format([…])`: the strings extension's clauses, and any value as text. */
import { Tag } from '../abi/frame'
import { Limit } from '../abi/memory'
import { CelCall, CelFault, CelLimit, CelTag, CelType } from '../abi/cel'
import { convert } from './convert'
import { MOST_PRECISION, printFixed } from './double-fixed'
import { allocate } from './scratch'
import { join } from './text'
import { copyCell, countAt, doubleAt, fail, intAt, lengthAt, loadCell, setList, setText, startAt, tagAt } from './value'
import { spend } from '../steps'
import { compareText } from '../text'
import { itemAt } from '../value'

/** Lists and maps inside one another. */
const DEPTH: u32 = Limit.ListDepth + CelLimit.Depth

/** The pieces between clauses and what the clauses come to, one after the other. */
export function format(a: u32, b: u32, out: u32): void {
  if (tagAt(a) != Tag.String || tagAt(b) != Tag.List) return fail(out, CelFault.NoOverload)
  const end = startAt(a) + lengthAt(a)
  if (!spend(lengthAt(a))) return fail(out, CelFault.Limit)
  let clauses: u32 = 0
  for (let at = startAt(a); at < end; at++) clauses += <u32>(load<u8>(at) == 0x25)
  const pieces = allocate((clauses * 2 + 1) << 4)
  const argument = allocate(16)
  if (pieces == 0 || argument == 0) return fail(out, CelFault.Limit)
  let count: u32 = 0
  let next: u32 = 0
  let from = startAt(a)
  for (let at = from; at < end; at++) {
    if (load<u8>(at) != 0x25) continue
    setText(pieces + (count++ << 4), from, at - from)
    at++
    if (at < end && load<u8>(at) == 0x25) {
      // %% is one of them: it stays before what follows.
      from = at
      continue
    }
    let precision: u32 = 6
    let given = false
    if (at < end && load<u8>(at) == 0x2e) {
      precision = 0
      for (at++; at < end && <u32>load<u8>(at) - 0x30 < 10; at++) {
        precision = min(precision * 10 + load<u8>(at) - 0x30, 1000)
        given = true
      }
      if (!given || precision > MOST_PRECISION) return fail(out, CelFault.Argument)
    }
    if (at >= end || next >= countAt(b)) return fail(out, CelFault.Argument)
    loadCell(itemAt(b, next++), argument)
    if (tagAt(argument) == CelTag.Error) return copyCell(argument, out)
    const piece = pieces + (count++ << 4)
    clause(load<u8>(at), precision, given, argument, piece)
    if (tagAt(piece) == CelTag.Error) return copyCell(piece, out)
    from = at + 1
  }
  setText(pieces + (count++ << 4), from, end - from)
  setList(argument, pieces, count)
  join(argument, 0, 0, out)
}

function clause(letter: u32, precision: u32, given: bool, a: u32, out: u32): void {
  const float = letter == 0x66 || letter == 0x65
  if (given && !float) return fail(out, CelFault.Argument)
  switch (letter) {
    case 0x73:
      return text(a, 0, out)
    case 0x64:
      return decimal(a, out)
    case 0x66:
    case 0x65:
      if (tagAt(a) == Tag.Number && isFinite(doubleAt(a))) return printFixed(doubleAt(a), precision, letter == 0x66, out)
      if (tagAt(a) == Tag.Number) return convert(CelCall.ToString, a, out)
      if (tagAt(a) == CelTag.Int) return printFixed(<f64>intAt(a), precision, letter == 0x66, out)
      if (tagAt(a) == CelTag.Uint) return printFixed(<f64>(<u64>intAt(a)), precision, letter == 0x66, out)
      return fail(out, CelFault.NoOverload)
    case 0x62:
      return based(a, 1, 0x61, out)
    case 0x6f:
      return based(a, 3, 0x61, out)
    case 0x78:
      return hexadecimal(a, 0x61, out)
    case 0x58:
      return hexadecimal(a, 0x41, out)
    default:
      fail(out, CelFault.Argument)
  }
}

function decimal(a: u32, out: u32): void {
  const tag = tagAt(a)
  const special = tag == Tag.Number && !isFinite(doubleAt(a))
  if (tag == CelTag.Int || tag == CelTag.Uint || special) convert(CelCall.ToString, a, out)
  else fail(out, CelFault.NoOverload)
}

/** Digits of so many bits each; a boolean in binary only. */
function based(a: u32, bits: u32, ten: u32, out: u32): void {
  const tag = tagAt(a)
  let value: u64 = 0
  let negative = false
  if (tag == Tag.Boolean && bits == 1) value = load<u32>(a, 4)
  else if (tag == CelTag.Uint) value = intAt(a)
  else if (tag == CelTag.Int) {
    negative = intAt(a) < 0
    value = negative ? -intAt(a) : intAt(a)
  } else return fail(out, CelFault.NoOverload)
  const end = allocate(80) + 80
  if (end == 80) return fail(out, CelFault.Limit)
  let at = end
  do {
    store<u8>(--at, letter(<u32>value & ((1 << bits) - 1), ten))
    value >>= bits
  } while (value != 0)
  if (negative) store<u8>(--at, 0x2d)
  setText(out, at, end - at)
}

function letter(digit: u32, ten: u32): u8 {
  return <u8>(digit < 10 ? 0x30 + digit : ten + digit - 10)
}

function hexadecimal(a: u32, ten: u32, out: u32): void {
  if (tagAt(a) != Tag.String && tagAt(a) != CelTag.Bytes) return based(a, 4, ten, out)
  const length = lengthAt(a)
  const at = spend(length) ? allocate(<u64>length * 2 + 1) : 0
  if (at == 0) return fail(out, CelFault.Limit)
  for (let i: u32 = 0; i < length; i++) {
    const byte = <u32>load<u8>(startAt(a) + i)
    store<u8>(at + i * 2, letter(byte >> 4, ten))
    store<u8>(at + i * 2 + 1, letter(byte & 15, ten))
  }
  setText(out, at, length * 2)
}

/** Any value as text. */
function text(a: u32, depth: u32, out: u32): void {
  if (depth > DEPTH) return fail(out, CelFault.Limit)
  switch (tagAt(a)) {
    case Tag.List:
      return listText(a, depth, out)
    case CelTag.Map:
      return mapText(a, depth, out)
    case Tag.Null:
      return word(0x6c6c756e, out)
    case CelTag.Type:
      return typeName(load<u32>(a, 4), out)
    default:
      convert(CelCall.ToString, a, out)
  }
}

/** Up to eight letters, least first. */
function word(letters: u64, out: u32): void {
  const at = allocate(16)
  if (at == 0) return fail(out, CelFault.Limit)
  store<u64>(at, letters)
  setText(out, at, 8 - (<u32>clz(letters) >> 3))
}

/** The names of the others are longer than anyone formats. */
function typeName(type: u32, out: u32): void {
  const letters = nameOf(type)
  if (letters == 0) fail(out, CelFault.NoOverload)
  else word(letters, out)
}

function nameOf(type: u32): u64 {
  switch (type) {
    case CelType.Bool:
      return 0x6c6f6f62
    case CelType.Int:
      return 0x746e69
    case CelType.Uint:
      return 0x746e6975
    case CelType.Double:
      return 0x656c62756f64
    case CelType.String:
      return 0x676e69727473
    case CelType.Bytes:
      return 0x7365747962
    case CelType.List:
      return 0x7473696c
    case CelType.Map:
      return 0x70616d
    case CelType.Type:
      return 0x65707974
    default:
      return 0
  }
}

/** Cells of texts with commas between them, in brackets. */
function enclosed(cells: u32, count: u32, open: u32, out: u32): void {
  const list = allocate(16)
  const separator = allocate(16)
  const three = allocate(48)
  if (list == 0 || separator == 0 || three == 0) return fail(out, CelFault.Limit)
  store<u32>(separator, 0x202c)
  store<u8>(separator, <u8>open, 4)
  // Both closing brackets are two after the opening ones.
  store<u8>(separator, <u8>(open + 2), 5)
  setList(list, cells, count)
  setText(three, separator + 4, 1)
  join(list, separator, 2, three + 16)
  if (tagAt(three + 16) == CelTag.Error) return copyCell(three + 16, out)
  setText(three + 32, separator + 5, 1)
  setList(list, three, 3)
  join(list, 0, 0, out)
}

/** What is in a list or map as text; `read` is a cell to read it into. */
function partText(part: u32, read: u32, depth: u32, out: u32): void {
  loadCell(part, read)
  if (tagAt(read) == CelTag.Error) copyCell(read, out)
  else text(read, depth + 1, out)
}

function listText(a: u32, depth: u32, out: u32): void {
  const count = countAt(a)
  const cells = spend(count) ? allocate(<u64>count << 4) : 0
  const item = allocate(16)
  if (cells == 0 || item == 0) return fail(out, CelFault.Limit)
  for (let i: u32 = 0; i < count; i++) {
    const cell = cells + (i << 4)
    partText(itemAt(a, i), item, depth, cell)
    if (tagAt(cell) == CelTag.Error) return copyCell(cell, out)
  }
  enclosed(cells, count, 0x5b, out)
}

/** Entries in the order of their keys' texts. */
function mapText(a: u32, depth: u32, out: u32): void {
  const count = countAt(a)
  const cells = spend(<u64>count * count) ? allocate(<u64>count << 4) : 0
  // Key, separator and value of an entry, and a cell to read into.
  const three = allocate(64)
  const colon = allocate(16)
  const list = allocate(16)
  if (cells == 0 || three == 0 || colon == 0 || list == 0) return fail(out, CelFault.Limit)
  store<u32>(colon, 0x203a)
  for (let i: u32 = 0; i < count; i++) {
    const entry = load<u32>(a, 8) + (i << 5)
    for (let part: u32 = 0; part < 2; part++) {
      const cell = three + (part << 5)
      partText(entry + (part << 4), three + 48, depth, cell)
      if (tagAt(cell) == CelTag.Error) return copyCell(cell, out)
    }
    setText(three + 16, colon, 2)
    setList(list, three, 3)
    const cell = cells + (i << 4)
    join(list, 0, 0, cell)
    if (tagAt(cell) == CelTag.Error) return copyCell(cell, out)
  }
  sort(cells, count)
  enclosed(cells, count, 0x7b, out)
}

/** By insertion; its square has been paid for. */
function sort(cells: u32, count: u32): void {
  const moved = allocate(16)
  if (moved == 0) return
  for (let i: u32 = 1; i < count; i++) {
    copyCell(cells + (i << 4), moved)
    let at = i
    for (; at > 0; at--) {
      const before = cells + ((at - 1) << 4)
      if (compareText(startAt(before), lengthAt(before), startAt(moved), lengthAt(moved)) <= 0) break
      copyCell(before, before + 16)
    }
    copyCell(moved, cells + (at << 4))
  }
}
