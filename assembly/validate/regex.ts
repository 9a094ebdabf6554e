/** Checks of regular expressions: whatever they say, reading them ends and stays inside of them. */
import { Section } from '../abi/image'
import { Limit } from '../abi/memory'
import { RegexForm, RegexHeader, RegexLayout, RegexOp } from '../abi/regex'
import { mark } from './marks'
import { sectionLength, sectionStart } from '../state'

/** States of the largest NFA, which matching needs room for. */
export let largestAutomaton: u32 = 0

export function validateRegexes(): bool {
  largestAutomaton = 0
  let at = sectionStart(Section.RegexPrograms)
  const end = at + sectionLength(Section.RegexPrograms)
  while (at < end) {
    mark(at)
    if (end - at < <u32>RegexHeader.Size || load<u32>(at) > (end - at) >> 2) return false
    const size = load<u32>(at) << 2
    if (!validRegex(at, size)) return false
    at += size
  }
  return true
}

function field(program: u32, index: u32): u32 {
  return load<u32>(program + (index << 2))
}

function validRegex(program: u32, size: u32): bool {
  const fixed: u32 = RegexHeader.Size + RegexLayout.AsciiSize
  const classes = field(program, RegexHeader.Classes)
  const runs = field(program, RegexHeader.Runs)
  if (size < fixed || classes == 0 || classes > 1 << (32 - RegexLayout.RunShift)) return false
  if (runs == 0 || runs > (size - fixed) >> 2) return false
  const ascii = program + RegexHeader.Size
  const firstRun = program + fixed
  const automaton = firstRun + (runs << 2)
  for (let at = ascii; at < firstRun; at++) if (load<u8>(at) >= classes) return false
  for (let at = firstRun; at < automaton; at += 4) if (load<u32>(at) >> RegexLayout.RunShift >= classes) return false
  const form = field(program, RegexHeader.Form)
  if (form == RegexForm.Table) return validTable(program, automaton, program + size, classes)
  return form == RegexForm.Nfa && validNfa(program, automaton, program + size, classes)
}

/** Every cell, and so every state, is the start of a row. */
function validTable(program: u32, table: u32, end: u32, classes: u32): bool {
  const columns = classes + 1
  const states = field(program, RegexHeader.States)
  // A cell has 16 bits; it numbers cells.
  if (states < 2 || states > 0x10000 / columns) return false
  const cells = states * columns
  if (end - table != ((cells + 1) & ~1) << 1) return false
  if (!isRow(field(program, RegexHeader.Start), columns, cells)) return false
  for (let i: u32 = 0; i < cells; i++) if (!isRow(load<u16>(table + (i << 1)), columns, cells)) return false
  return true
}

function isRow(index: u32, columns: u32, cells: u32): bool {
  return index < cells && index % columns == 0
}

function validNfa(program: u32, beside: u32, end: u32, classes: u32): bool {
  const count = field(program, RegexHeader.States)
  if (count == 0 || count > <u32>Limit.RegexStates || field(program, RegexHeader.Start) >= count) return false
  const states = beside + ((classes + 3) & ~3)
  const sets = states + count * RegexLayout.StateSize
  if (sets > end) return false
  const setSize = ((classes + 31) >> 5) << 2
  for (let state = states; state < sets; state += RegexLayout.StateSize) {
    const op = load<u32>(state)
    const x = load<u32>(state, 4)
    const y = load<u32>(state, 8)
    if (op > <u32>RegexOp.NotFoldedWord) return false
    if (op == RegexOp.Set) {
      if (x < sets - program || x & 3 || x > end - program || end - program - x < setSize || y >= count) return false
    } else if (op == RegexOp.Split) {
      if (x >= count || y >= count) return false
    } else if (op != RegexOp.Match && x >= count) return false
  }
  largestAutomaton = max(largestAutomaton, count)
  return true
}
