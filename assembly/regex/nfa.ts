/**
 * Expressions that are too large as a table: a Thompson NFA whose live states advance together, one code point at a time,
 * so the cost is at most text × states whatever the pattern (K. Thompson, CACM 11(6), 1968; R. Cox, "Regular Expression
 * Matching Can Be Simple And Fast"). Sets of states are sparse sets (Briggs & Torczon 1993): cleared in O(1), no allocation.
 */
import { RegexBeside, RegexHeader, RegexLayout, RegexOp } from '../abi/regex'
import { classBeyondAscii } from './match'
import { regexWork } from '../state'
import { spend } from '../steps'
import { codePointAt, codePointLength } from '../text'

let program: u32 = 0
/** What each class is to assertions, and where the states stand. */
let beside: u32 = 0
let states: u32 = 0
let sparse: u32 = 0
let stack: u32 = 0

/** 1 when the expression is found somewhere in the text, 0 when not, -1 when the steps ran out. */
export function nfaFinds(at: u32, text: u32, length: u32): i32 {
  program = at
  beside = program + RegexHeader.Size + RegexLayout.AsciiSize + (load<u32>(program, RegexHeader.Runs << 2) << 2)
  states = beside + ((load<u32>(program, RegexHeader.Classes << 2) + 3) & ~3)
  const bytes = load<u32>(program, RegexHeader.States << 2) << 2
  const start = load<u32>(program, RegexHeader.Start << 2)
  const end = text + length
  let current = regexWork
  let next = current + bytes * 2
  stack = next + bytes * 2
  let currentCount: u32 = 0
  let before: u32 = RegexBeside.Edge
  let position = text
  // `current` holds what is reached at the position once the character after it is known, for the assertions.
  while (true) {
    const symbol = position < end ? classAt(position) : 0
    const after: u32 = position < end ? load<u8>(beside + symbol) : RegexBeside.Edge
    let count: u32 = 0
    sparse = next + bytes
    for (let i: u32 = 0; i < currentCount; i++) {
      count = follow(next, count, load<u32>(current + (i << 2)), before, after)
      if (count & MATCHED) return 1
    }
    // Unanchored: a match may start at every position.
    count = follow(next, count, start, before, after)
    if (count & MATCHED) return 1
    if (position == end) return 0
    if (!spend(count + 1)) return -1
    currentCount = 0
    for (let i: u32 = 0; i < count; i++) {
      const state = stateAt(load<u32>(next + (i << 2)))
      if (load<u32>(state) != RegexOp.Set) continue
      if (((load<u32>(program + load<u32>(state, 4) + ((symbol >> 5) << 2)) >> (symbol & 31)) & 1) == 0) continue
      store<u32>(current + (currentCount++ << 2), load<u32>(state, 8))
    }
    position += codePointLength(position)
    before = after
  }
}

const MATCHED: u32 = 0x80000000

// @ts-ignore: decorator
@inline
function classAt(position: u32): u32 {
  const byte = <u32>load<u8>(position)
  if (byte < 0x80) return load<u8>(program + RegexHeader.Size + byte)
  return classBeyondAscii(program, codePointAt(position))
}

// @ts-ignore: decorator
@inline
function stateAt(index: u32): u32 {
  return states + index * RegexLayout.StateSize
}

/** Adds a state and all it reaches without reading; returns the new count, with MATCHED when a match is among them. */
function follow(dense: u32, count: u32, first: u32, before: u32, after: u32): u32 {
  let depth: u32 = 0
  store<u32>(stack, first)
  depth = 1
  while (depth > 0) {
    const index = load<u32>(stack + (--depth << 2))
    const slot = load<u32>(sparse + (index << 2))
    if (slot < count && load<u32>(dense + (slot << 2)) == index) continue
    store<u32>(sparse + (index << 2), count)
    store<u32>(dense + (count << 2), index)
    count++
    const state = stateAt(index)
    const op = load<u32>(state)
    if (op == RegexOp.Match) return count | MATCHED
    if (op == RegexOp.Set) continue
    if (op == RegexOp.Split) {
      store<u32>(stack + (depth++ << 2), load<u32>(state, 8))
      store<u32>(stack + (depth++ << 2), load<u32>(state, 4))
    } else if (holds(op, before, after)) {
      store<u32>(stack + (depth++ << 2), load<u32>(state, 4))
    }
  }
  return count
}

/** Whether an assertion holds between two characters, each told as RegexBeside. */
function holds(op: u32, before: u32, after: u32): bool {
  switch (op) {
    case RegexOp.Start:
      return (before & RegexBeside.Edge) != 0
    case RegexOp.End:
      return (after & RegexBeside.Edge) != 0
    case RegexOp.LineStart:
      return (before & (RegexBeside.Edge | RegexBeside.LineBreak)) != 0
    case RegexOp.LineEnd:
      return (after & (RegexBeside.Edge | RegexBeside.LineBreak)) != 0
    case RegexOp.Word:
      return ((before ^ after) & RegexBeside.Word) != 0
    case RegexOp.NotWord:
      return ((before ^ after) & RegexBeside.Word) == 0
    case RegexOp.FoldedWord:
      return ((before ^ after) & RegexBeside.FoldedWord) != 0
    default:
      return ((before ^ after) & RegexBeside.FoldedWord) == 0
  }
}
