/**
 * Leaving out candidates that surely do not apply, where a key has several: by a few quick tests of each, which stand beside one another
 * (see QuickTest). Whether a test holds is nothing that a processor could foresee, and foreseeing wrongly takes longer than all tests of a
 * candidate: so there are no branches, and what is left is evaluated as if there had been no quick test (docs/decisions/0030-quick-tests.md).
 */
import { Layout } from './abi/memory'
import { QuickTest } from './abi/rules'
import { consider, logEnd } from './combine'
import { frame } from './state'

/** Passes those candidates to combine.ts that may apply, in their order; each has so many `tests` behind them all. */
export function considerSieved(start: u32, end: u32, tests: u32, setMask: u64): void {
  // The log has room for all candidates, and what is considered is logged before its place or at it.
  const first = logEnd()
  // A variable of the module would be loaded for each test.
  const cells = frame
  let left = first
  let test = end
  for (let at = start; at < end; at += Layout.CandidateSize) {
    let may: u32 = 1
    for (const last = test + tests * QuickTest.Size; test < last; test += QuickTest.Size) may &= mayHold(test, cells)
    store<u32>(left, at)
    left += may << 2
  }
  for (let at = first; at < left; at += 4) consider(load<u32>(at), setMask)
}

/** 0 when the value is of the type that the test is for, and the comparison does not hold; else 1. */
// @ts-ignore: decorator
@inline
function mayHold(test: u32, cells: u32): u32 {
  const cell = cells + load<u16>(test, QuickTest.Cell)
  const value = load<f64>(cell, 8)
  const bound = <f64>load<f32>(test, QuickTest.Operand)
  const order = <u32>(value >= bound) + <u32>(value > bound)
  const isAmong = (load<u32>(test, QuickTest.Operand) >> load<u32>(cell, 4)) & 1
  const isOther = <u32>(load<u32>(cell) != load<u8>(test, QuickTest.Tag))
  return isOther | ((<u32>load<u8>(test, QuickTest.Outcomes) >> (order * 2 + isAmong)) & 1)
}
