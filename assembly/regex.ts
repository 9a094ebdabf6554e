/**
 * Regular expressions: a Thompson NFA whose live states advance together, one code point at a time, so the cost is at
 * most text × states whatever the pattern (K. Thompson, CACM 11(6), 1968; R. Cox, "Regular Expression Matching Can Be
 * Simple And Fast"). Sets of states are sparse sets (Briggs & Torczon 1993): cleared in O(1), no allocation.
 */
import { RegexLayout, RegexOp } from './abi'
import { inRanges } from './glob'
import { regexWork } from './state'
import { spend } from './steps'
import { codePointAt, codePointLength } from './text'

let program: u32 = 0
let states: u32 = 0
let sparse: u32 = 0
let stack: u32 = 0

/** 1 when the expression is found somewhere in the text, 0 when not, -1 when the steps ran out. */
export function regexFinds(at: u32, text: u32, length: u32): i32 {
  program = at
  states = load<u32>(program, 4)
  const start = load<u32>(program, 8)
  const end = text + length
  let current = regexWork
  let next = current + states * 8
  stack = next + states * 8
  let currentCount: u32 = 0
  let position = text
  while (true) {
    // Unanchored: a match may start at every position.
    sparse = current + states * 4
    currentCount = follow(current, currentCount, start, position, text, end)
    if (currentCount & MATCHED) return 1
    if (position == end) return 0
    if (!spend(currentCount + 1)) return -1
    const codePoint = codePointAt(position)
    position += codePointLength(position)
    sparse = next + states * 4
    let nextCount: u32 = 0
    for (let i: u32 = 0; i < currentCount; i++) {
      const state = stateAt(load<u32>(current + (i << 2)))
      if (load<u32>(state) != RegexOp.Set) continue
      const ranges = load<u32>(state, 4)
      if (!inRanges(ranges + 4, load<u32>(ranges), codePoint)) continue
      nextCount = follow(next, nextCount, load<u32>(state, 8), position, text, end)
      if (nextCount & MATCHED) return 1
    }
    const swap = current
    current = next
    next = swap
    currentCount = nextCount
  }
}

const MATCHED: u32 = 0x80000000

// @ts-ignore: decorator
@inline
function stateAt(index: u32): u32 {
  return program + RegexLayout.HeaderSize + index * RegexLayout.StateSize
}

/** Adds a state and all it reaches without reading; returns the new count, with MATCHED when a match is among them. */
function follow(dense: u32, count: u32, first: u32, position: u32, text: u32, end: u32): u32 {
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
    } else if (holds(op, position, text, end)) {
      store<u32>(stack + (depth++ << 2), load<u32>(state, 4))
    }
  }
  return count
}

function holds(op: u32, position: u32, text: u32, end: u32): bool {
  if (op == RegexOp.Start) return position == text
  if (op == RegexOp.End) return position == end
  const before = position > text && isWord(load<u8>(position - 1))
  const after = position < end && isWord(load<u8>(position))
  return (before != after) == (op == RegexOp.Word)
}

/** ECMAScript WordCharacters without the i flag: ASCII letters, digits and the underscore. */
function isWord(byte: u32): bool {
  return byte - 0x30 < 10 || (byte | 0x20) - 0x61 < 26 || byte == 0x5f
}
