/**
 * Glob programs against UTF-8 text. Only the last star is ever tried again, so the cost is at most length × program: each
 * try is a step, and another for every 32 bytes of program that it may have compared.
 */
import { GlobOp } from './abi/condition'
import { spend } from './steps'
import { codePointAt, codePointLength, sameBytes } from './text'

export function globMatches(program: u32, text: u32, length: u32): bool {
  const end = text + length
  let pc = program
  let at = text
  let starPc: u32 = 0
  let starAt: u32 = 0
  while (true) {
    const word = load<u32>(pc)
    const op = word & 0xff
    if (op == GlobOp.Star) {
      starPc = pc + 4
      starAt = at
      pc = starPc
      // A star at the end takes all the rest.
      if (load<u32>(pc) == GlobOp.End) return true
      continue
    }
    if (op == GlobOp.End) {
      if (at == end) return true
    } else {
      const next = stepOver(pc, word, op, at, end)
      if (next != 0) {
        at = next
        pc = pcAfter(pc, word, op)
        continue
      }
    }
    if (starPc == 0 || starAt >= end || !spend(1 + ((pc - starPc + literalLength(word, op)) >> 5))) return false
    starAt += codePointLength(starAt)
    at = starAt
    pc = starPc
  }
}

/** Where the text goes on after one token, or 0 when the token does not match. */
function stepOver(pc: u32, word: u32, op: u32, at: u32, end: u32): u32 {
  if (op == GlobOp.Literal) {
    const length = word >> 8
    return end - at >= length && sameBytes(at, pc + 4, length) ? at + length : 0
  }
  if (at >= end) return 0
  if (op == GlobOp.One) return at + codePointLength(at)
  const negated = ((word >> 8) & 1) != 0
  return inRanges(pc + 4, word >> 9, codePointAt(at)) != negated ? at + codePointLength(at) : 0
}

// @ts-ignore: decorator
@inline
function literalLength(word: u32, op: u32): u32 {
  return op == GlobOp.Literal ? word >> 8 : 0
}

function pcAfter(pc: u32, word: u32, op: u32): u32 {
  if (op == GlobOp.Literal) return pc + 4 + (((word >> 8) + 3) & ~3)
  if (op == GlobOp.Class) return pc + 4 + ((word >> 9) << 3)
  return pc + 4
}

/** Whether a sorted list of inclusive ranges holds the code point. */
export function inRanges(ranges: u32, count: u32, codePoint: u32): bool {
  let low: u32 = 0
  let high = count
  while (low < high) {
    const middle = (low + high) >> 1
    const range = ranges + (middle << 3)
    if (codePoint < load<u32>(range)) high = middle
    else if (codePoint > load<u32>(range, 4)) low = middle + 1
    else return true
  }
  return false
}
