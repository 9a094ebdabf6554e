/**
 * A quick look at a condition that is one test, for blocks with many candidates: most of their rules are false for the request, and
 * finding that out without the interpreter is twice as fast. For several tests it does not pay (docs/decisions/0004-hot-path.md).
 */
import { Op, Operand } from './abi/condition'
import { Tag } from './abi/frame'
import { frame } from './state'

/** From so many candidates on it pays: what is not surely false is evaluated as well. */
export const MANY: u32 = 4

/**
 * Whether the condition is a test of a string that is another one, or of a number out of bounds. No answer about other tests, or for
 * what cannot be evaluated.
 */
export function isSurelyFalse(node: u32): bool {
  const op = load<u32>(node) & 0xff
  const word = load<u32>(node, 4)
  if (op < <u32>Op.EqString || op > <u32>Op.LteNumber || (word & 15) != Operand.Frame) return false
  const cell = frame + (word & ~15)
  const tag = load<u32>(cell)
  if (op == Op.EqString) return tag == Tag.String && load<u32>(cell, 4) != load<u32>(node, 8)
  if (tag != Tag.Number) return false
  const value = load<f64>(cell, 8)
  const bound = load<f64>(node, 8)
  if (op == Op.GtNumber) return !(value > bound)
  if (op == Op.GteNumber) return !(value >= bound)
  if (op == Op.LtNumber) return !(value < bound)
  return !(value <= bound)
}
