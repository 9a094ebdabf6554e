/** The condition interpreter: nodes to three-valued truth. The validator has bounded nesting and checked every address. */
import { Op, Operand, Quantifier } from './abi/condition'
import { Truth } from './abi/decision'
import { Tag } from './abi/frame'
import { evaluateExpression } from './cel/evaluate'
import { equalValues } from './cel/equality'
import { globMatches } from './glob'
import { inCidrs } from './network'
import { holdsRole } from './roles'
import { regexFinds } from './regex/match'
import { related } from './relation/test'
import { compareVersions, NOT_A_VERSION } from './semver'
import { frame } from './state'
import { spend } from './steps'
import { hasText, sameBytes, textLength, textStart } from './text'
import { comparesTwo, testTime } from './time/test'
import { mute, recordTest, tracing, unmute } from './trace'
import { evaluateTrust } from './trust'
import { contains, equal, includes, includesItems, itemAt, NOT_ORDERED, order, readable, tagOf } from './value'

/** The current item of the innermost quantifier. */
let item: u32 = 0

// @ts-ignore: decorator
@inline
function attributeCell(word: u32): u32 {
  return (word & 15) == Operand.Frame ? frame + (word & ~15) : item + (word & ~15)
}

/** The second operand of a node: a constant in the node, or an attribute. */
// @ts-ignore: decorator
@inline
function operandCell(node: u32): u32 {
  const word = load<u32>(node, 8)
  return word == Operand.Inline ? node + 12 : attributeCell(word)
}

export function evaluate(node: u32): Truth {
  const word = load<u32>(node)
  const op = word & 0xff
  if (op == Op.AllShared) return allShared(node)
  if (op > <u32>Op.Otherwise) {
    const truth = test(node, op, word >> 8)
    if (tracing) recordTest(node, truth)
    return truth
  }
  if (op == Op.Not) {
    const inner = evaluate(node + 4)
    return inner == Truth.NotEvaluable ? inner : 1 - inner
  }
  if (op == Op.Otherwise) {
    const inner = evaluate(node + 8)
    return inner == Truth.NotEvaluable ? load<u32>(node, 4) : inner
  }
  const end = node + ((word >> 8) << 2)
  const settled: Truth = op == Op.All ? Truth.False : Truth.True
  let result: Truth = op == Op.All ? Truth.True : Truth.False
  let size: u32 = 0
  for (let child = node + 4; child < end; child += size) {
    const childWord = load<u32>(child)
    const childOp = childWord & 0xff
    size = (childWord >> 8) << 2
    // Most children are tests; these need no call of this function.
    const one = childOp > <u32>Op.Otherwise && !tracing ? test(child, childOp, childWord >> 8) : evaluate(child)
    if (one == settled) {
      if (!tracing) return settled
      result = settled
    } else if (one == Truth.NotEvaluable && result != settled) result = Truth.NotEvaluable
  }
  return result
}

function allShared(node: u32): Truth {
  const end = node + ((load<u32>(node) >> 8) << 2)
  let result: Truth = Truth.True
  for (let at = node + 4; at < end; at += 4) {
    const child = load<u32>(at)
    const word = load<u32>(child)
    const one = test(child, word & 0xff, word >> 8)
    if (tracing) recordTest(child, one)
    else if (one == Truth.False) return one
    if (one != Truth.True && result != Truth.False) result = one
  }
  return result
}

/** The one with that number, without a branch: none could be foreseen. */
// @ts-ignore: decorator
@inline
function oneOf(greater: bool, atLeast: bool, less: bool, atMost: bool, which: u32): Truth {
  return ((<u32>greater | (<u32>atLeast << 1) | (<u32>less << 2) | (<u32>atMost << 3)) >> which) & 1
}

// @ts-ignore: decorator
@inline
function truth(value: bool): Truth {
  return value ? Truth.True : Truth.False
}

function test(node: u32, op: u32, words: u32): Truth {
  if (op >= <u32>Op.EqString) {
    return op < <u32>Op.Expression ? testConstant(node, op, words) : testExpression(node, op)
  }
  if (op == Op.HasRole) return holdsAnyRole(node + 4, node + (words << 2))
  const a = attributeCell(load<u32>(node, 4))
  const tag = tagOf(a)
  if (!readable(a)) {
    if (op != Op.Exists || tag >= <u32>Tag.Invalid) return Truth.NotEvaluable
    return Truth.False
  }
  if (op == Op.Exists) return Truth.True
  if (op <= <u32>Op.EndsWith) return compare(op, a, operandCell(node))
  if (op == Op.Items) return quantify(a, load<u32>(node, 8), node + 12)
  if (tag != Tag.String || !hasText(a)) return Truth.NotEvaluable
  return inspect(op, node, textStart(a), textLength(a))
}

function testExpression(node: u32, op: u32): Truth {
  if (op == Op.Expression) return evaluateExpression(load<u32>(node, 4))
  return equalValues(attributeCell(load<u32>(node, 4)), attributeCell(load<u32>(node, 8)))
}

/** Tests against a string, a number or a list of strings in the node: one look at the attribute's type. Then tests of time. */
function testConstant(node: u32, op: u32, words: u32): Truth {
  const a = attributeCell(load<u32>(node, 4))
  const tag = tagOf(a)
  if (op == Op.EqString) {
    if (tag == Tag.String) return truth(load<u32>(a, 4) == load<u32>(node, 8))
  } else if (op == Op.InStrings) {
    if (tag == Tag.String) return truth(isListed(load<u32>(a, 4), node + 8, node + (words << 2)))
  } else {
    if (tag == Tag.Number && op <= <u32>Op.LteNumber) {
      const x = load<f64>(a, 8)
      const y = load<f64>(node, 8)
      return oneOf(x > y, x >= y, x < y, x <= y, op - Op.GtNumber)
    }
    // After the usual tests, which then pay nothing for the others.
    if (op <= <u32>Op.InStrings) return Truth.NotEvaluable
    if (op == Op.Trust) return evaluateTrust(node)
    if (op == Op.Related) return related(node, frame, item)
    return testTime(node, op, a, comparesTwo(op) ? attributeCell(load<u32>(node, 8)) : 0)
  }
  // Another type is unequal; what is not there or not usable cannot be compared.
  return readable(a) ? Truth.False : Truth.NotEvaluable
}

function isListed(id: u32, at: u32, end: u32): bool {
  let listed: u32 = 0
  for (; at < end; at += 4) listed |= <u32>(load<u32>(at) == id)
  return listed != 0
}

function compare(op: u32, a: u32, b: u32): Truth {
  if (!readable(b)) return Truth.NotEvaluable
  switch (op) {
    case Op.Eq:
      return equal(a, b)
    case Op.In:
      return tagOf(b) == Tag.List ? includes(b, a) : Truth.NotEvaluable
    case Op.Contains:
      return contains(a, b)
    case Op.ContainsAny:
      return includesItems(a, b, false)
    case Op.ContainsAll:
      return includesItems(a, b, true)
    case Op.IsSubset:
      return includesItems(b, a, true)
    case Op.StartsWith:
    case Op.EndsWith:
      return affix(op, a, b)
    default: {
      const sign = order(a, b)
      if (sign == NOT_ORDERED) return Truth.NotEvaluable
      return oneOf(sign > 0, sign >= 0, sign < 0, sign <= 0, op - Op.Gt)
    }
  }
}

function affix(op: u32, a: u32, b: u32): Truth {
  if (tagOf(a) != Tag.String || tagOf(b) != Tag.String || !hasText(a) || !hasText(b)) return Truth.NotEvaluable
  const length = textLength(b)
  const whole = textLength(a)
  if (length > whole) return Truth.False
  const from = textStart(a) + (op == Op.EndsWith ? whole - length : 0)
  return truth(sameBytes(from, textStart(b), length))
}

/** Tests that look into a string against data of the policy. */
function inspect(op: u32, node: u32, text: u32, length: u32): Truth {
  if (op == Op.Glob) return truth(globMatches(load<u32>(node, 8), text, length))
  if (op == Op.Regex) {
    const found = regexFinds(load<u32>(node, 8), text, length)
    return found < 0 ? Truth.NotEvaluable : truth(found == 1)
  }
  if (op == Op.Cidr) {
    const inside = inCidrs(text, length, load<u32>(node, 8), load<u32>(node, 12))
    return inside < 0 ? Truth.NotEvaluable : truth(inside == 1)
  }
  const version = node + 12
  const sign = compareVersions(text, length, textStart(version), textLength(version))
  if (sign == NOT_A_VERSION) return Truth.NotEvaluable
  switch (op) {
    case Op.SemverEq:
      return truth(sign == 0)
    case Op.SemverGt:
      return truth(sign > 0)
    case Op.SemverGte:
      return truth(sign >= 0)
    case Op.SemverLt:
      return truth(sign < 0)
    default:
      return truth(sign <= 0)
  }
}

function quantify(list: u32, quantifier: u32, child: u32): Truth {
  if (tagOf(list) != Tag.List) return Truth.NotEvaluable
  const count = load<u32>(list, 4)
  const settling: Truth = quantifier == Quantifier.All ? Truth.False : Truth.True
  let sawNotEvaluable = false
  let settled = false
  mute()
  const outer = item
  for (let i: u32 = 0; i < count && !settled; i++) {
    if (!spend(4)) {
      sawNotEvaluable = true
      break
    }
    item = itemAt(list, i)
    const one = evaluate(child)
    if (one == settling) settled = true
    else if (one == Truth.NotEvaluable) sawNotEvaluable = true
  }
  item = outer
  unmute()
  if (settled) return quantifier == Quantifier.Any ? Truth.True : Truth.False
  if (sawNotEvaluable) return Truth.NotEvaluable
  return quantifier == Quantifier.Any ? Truth.False : Truth.True
}

function holdsAnyRole(at: u32, end: u32): Truth {
  for (; at < end; at += 4) if (holdsRole(load<u32>(at))) return Truth.True
  return Truth.False
}
