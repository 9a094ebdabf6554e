/**
 * A quick look at a condition, for blocks with many candidates: most of their rules are false for the request, and finding
 * that out without the interpreter is twice as fast.
 */
import { Op, Operand } from './abi/condition'
import { Tag } from './abi/frame'
import { frame } from './state'

/** From so many candidates on it pays: what is not surely false is evaluated as well. */
export const MANY: u32 = 4

/**
 * Whether the condition is false by its first tests: a string that is another one, a number out of bounds. No answer about
 * others, or for what cannot be evaluated.
 */
export function isSurelyFalse(node: u32): bool {
  const word = load<u32>(node)
  const isShared = (word & 0xff) == Op.AllShared
  if (!isShared && (word & 0xff) != Op.All) return fails(node, word & 0xff)
  const end = node + ((word >> 8) << 2)
  for (let at = node + 4; at < end; ) {
    const child = isShared ? node - (load<u32>(at) << 2) : at
    const childWord = load<u32>(child)
    const op = childWord & 0xff
    if (op < <u32>Op.EqString || op > <u32>Op.LteNumber) return false
    if (fails(child, op)) return true
    at += isShared ? 4 : (childWord >> 8) << 2
  }
  return false
}

// @ts-ignore: decorator
@inline
function fails(node: u32, op: u32): bool {
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
