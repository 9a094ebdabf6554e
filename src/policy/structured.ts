/**
 * Expressions as structured conditions, where these mean exactly the same: tests of an attribute against a constant, and
 * `&&`, `||`, `!` around them. The core decides those without evaluating an expression. docs/cel.md says what is kept apart.
 */
import type { Tree } from '../cel/tree.ts'
import type { AttributeValue } from './document.ts'
import type { AttributePath, BinaryOperator, Condition } from './model.ts'

/** Deeper parts stay an expression, so that conditions stay within what the core takes. */
const maxDepth = 16

/** The condition of a checked expression; `text` is the whole of it. */
export function structured(tree: Tree, text: string, depth = 0): Condition {
  if (depth < maxDepth) {
    if (tree.kind === 'and' || tree.kind === 'or') {
      const of = tree.of.map((part) => structured(part, text, depth + 1))
      return { kind: tree.kind === 'and' ? 'all' : 'any', of }
    }
    if (tree.kind === 'not') return { kind: 'not', of: structured(tree.of, text, depth + 1) }
  }
  return test(tree) ?? { kind: 'expression', tree, source: text.slice(tree.range.start, tree.range.end) }
}

function test(tree: Tree): Condition | undefined {
  if (tree.kind === 'has-slot' && tree.parent === undefined) return { kind: 'exists', path: pathOf(tree.path) }
  if (tree.kind !== 'call') return undefined
  const [a, b] = tree.args
  if (a?.kind === 'slot' && b?.kind === 'slot' && tree.args.length === 2) {
    const of = tree.name === '_==_' || tree.name === '_!=_' ? equalSlots(a, b) : undefined
    return of && tree.name === '_!=_' ? { kind: 'not', of } : of
  }
  return constantTest(tree, (part) => (part.kind === 'slot' ? pathOf(part.path) : undefined))
}

/** Which attribute a tree is, if it is one. */
export type AttributeOf = (tree: Tree) => AttributePath | undefined

/** A test of an attribute against a constant. */
export function constantTest(tree: Tree, attributeOf: AttributeOf): Condition | undefined {
  if (tree.kind !== 'call') return undefined
  const [a, b] = tree.args
  if (a === undefined || b === undefined || tree.args.length > 2) return undefined
  const first = attributeOf(a)
  const path = first ?? attributeOf(b)
  if (path === undefined) return undefined
  const constant = first === undefined ? a : b
  if (tree.name === '_==_') return equality(path, constant)
  if (tree.name === '_!=_') {
    const of = equality(path, constant)
    return of && { kind: 'not', of }
  }
  if (tree.name === '_in_') return first && membership(first, b)
  const op = texts[tree.name]
  if (op !== undefined) return first && b.kind === 'string' ? compare(first, op, b.value) : undefined
  const order = orders[tree.name]
  const value = constantOf(constant)
  if (order === undefined || (typeof value !== 'number' && typeof value !== 'string')) return undefined
  return compare(path, first === undefined ? order[1] : order[0], value)
}

type Slot = Extract<Tree, { kind: 'slot' }>

const texts: Readonly<Record<string, BinaryOperator>> = { '.startsWith': 'starts_with', '.endsWith': 'ends_with' }

/** The operator, and the one with its sides changed. */
const orders: Readonly<Record<string, readonly [BinaryOperator, BinaryOperator]>> = {
  '_<_': ['lt', 'gt'],
  '_<=_': ['lte', 'gte'],
  '_>_': ['gt', 'lt'],
  '_>=_': ['gte', 'lte'],
}

function compare(path: AttributePath, op: BinaryOperator, value: AttributeValue): Condition {
  return { kind: 'test', path, op, operand: { kind: 'value', value } }
}

function equalSlots(a: Slot, b: Slot): Condition | undefined {
  // What a tuple says has no numbers among the request's strings; expressions compare text.
  if (a.path.root === 'tuple' || b.path.root === 'tuple') return undefined
  // Two maps are equal in CEL when their entries are; a part of the request is never one.
  if (!a.path.fixed && !b.path.fixed) return { kind: 'equal', path: pathOf(a.path), other: pathOf(b.path) }
  return { kind: 'test', path: pathOf(a.path), op: 'eq', operand: { kind: 'path', path: pathOf(b.path) } }
}

function equality(path: AttributePath, constant: Tree): Condition | undefined {
  const value = constantOf(constant)
  return value === undefined ? undefined : compare(path, 'eq', value)
}

function membership(path: AttributePath, list: Tree): Condition | undefined {
  if (list.kind !== 'list' || list.items.length === 0) return undefined
  const values = list.items.map(constantOf)
  return values.every((value) => value !== undefined) ? compare(path, 'in', values) : undefined
}

/** A constant that attributes can equal, as the value that a structured test compares with. */
function constantOf(tree: Tree): null | boolean | number | string | undefined {
  switch (tree.kind) {
    case 'null':
      return tree.type.kind === 'null' ? null : undefined
    case 'boolean':
    case 'string':
      return tree.value
    case 'double':
      return Number.isFinite(tree.value) ? tree.value + 0 : undefined
    case 'int':
    case 'uint': {
      // Beyond 2^53 a double may stand for several integers.
      const value = Number(tree.value)
      return Number.isSafeInteger(value) ? value : undefined
    }
    default:
      return undefined
  }
}

/** The policy resolved every path that is in the tree. */
export function pathOf(path: Slot['path']): AttributePath {
  return path as AttributePath
}
