/** Operands of tests: constants and references, checked against what their operator can work with. */

import { parseTime } from '../text/time.ts'
import type { AttributeValue } from './document.ts'
import { meantComparison } from './meant-comparison.ts'
import { warnOfReference } from './meant-reference.ts'
import { warnOfSeconds } from './meant-seconds.ts'
import type { AttributePath, OperandModel } from './model.ts'
import { foldValue, withModifiers } from './modifiers.ts'
import type { MapNode, Node, Nodes } from './node.ts'
import { type PathScope, readPath } from './path.ts'
import { describe, quote, readString, readValue, reportProblems } from './read.ts'
import type { Report } from './report.ts'
import { fitsRoles, isRoleNames } from './role-names.ts'

/** What a constant must be for an operator ever to work. */
export type OperandShape = 'value' | 'list' | 'ordered' | 'string'

/** What an attribute is, where that is known: `list` is one of actors, `names` one of roles. */
export type StaticType = 'string' | 'number' | 'list' | 'names' | undefined

/** The type that every request gives this path: the parts of the request are strings, and `now` is a number. */
export function staticType(path: AttributePath): StaticType {
  if (path.root === 'now') return 'number'
  return path.fixed ? 'string' : (path.always ?? (isRoleNames(path) ? 'names' : undefined))
}

/** An operator and what it stands between; `Use` in operator.ts is one. */
export interface OperandUse {
  readonly operator: string
  /** The attribute on the other side. */
  readonly path: AttributePath
  readonly operand: Node
  readonly scope: PathScope & { readonly report: Report }
}

const shapes: Readonly<Record<OperandShape, string>> = {
  value: 'a scalar or a list',
  list: 'a list',
  ordered: 'a number or a string',
  string: 'a string',
}

/** Reads an operand, or reports why the test could never be true. */
export function readOperand(use: OperandUse, shape: OperandShape): OperandModel | undefined {
  const { operand: node, path } = use
  const { report } = use.scope
  if (node.kind === 'map') return readReference(node, use)
  if (node.kind === 'broken') {
    report.problem(node)
    return undefined
  }
  const { operator } = use
  if (!fits(node, shape)) {
    const advice = shape === 'list' && node.kind === 'scalar' ? listAdvice(node.scalar, operator) : undefined
    report.error(
      'E_OPERAND',
      node.at,
      `"${operator}" needs ${shapes[shape]} or { ref: path }, not ${describe(node)}`,
      advice,
    )
    return undefined
  }
  if (staticType(path) === 'names' && !fitsRoles(use)) return undefined
  const converted = node.kind === 'list' && shape === 'list' ? readItems(node.items, use) : readConstant(node, use)
  if (converted === undefined) return undefined
  if (node.kind === 'scalar') warnOfReference(node, use, false)
  return { kind: 'value', value: path.fold ? foldValue(converted, operator, node.at, report) : converted }
}

function fits(node: Node, shape: OperandShape): boolean {
  if (shape === 'value') return true
  if (shape === 'list') return node.kind === 'list'
  if (node.kind !== 'scalar') return false
  return typeof node.scalar === 'string' || (shape === 'ordered' && typeof node.scalar === 'number')
}

function listAdvice(value: AttributeValue, operator: string): string {
  const shown = JSON.stringify(value)
  return `write { ${operator}: [${shown}] }${operator === 'in' ? ` or { eq: ${shown} }` : ''}`
}

function readItems(items: Nodes, use: OperandUse): AttributeValue | undefined {
  if (items.length > 0) {
    const values = items.map((item) => {
      if (item.kind === 'scalar') warnOfReference(item, use, true)
      return readConstant(item, use)
    })
    return values.includes(undefined) ? undefined : (values as AttributeValue[])
  }
  return []
}

/** A constant that is compared with the attribute, or with an item of it. Times become numbers beside `now`. */
function readConstant(node: Node, { operator, path, scope: { report } }: OperandUse): AttributeValue | undefined {
  if (node.kind === 'broken') {
    report.problem(node)
    return undefined
  }
  const map = node.kind === 'scalar' ? undefined : findMap(node)
  if (map !== undefined) {
    const reference = map.entries.has('ref')
    const found = reference ? 'a reference cannot be an item of a list' : `a map cannot be compared ("${operator}")`
    report.error('E_OPERAND', map.at, found, reference ? 'use a reference to a list' : 'compare one of its keys')
    return undefined
  }
  const type = staticType(path)
  if (node.kind === 'scalar' && path.root === 'now' && typeof node.scalar === 'string') {
    const time = parseTime(node.scalar)
    if (time !== undefined) return time
    const advice = 'write it like 2026-01-31T09:00:00Z, or as milliseconds since 1970'
    report.error('E_OPERAND', node.at, `${quote(node.scalar)} is not an RFC 3339 time`, advice)
    return undefined
  }
  if (type !== undefined && type !== 'names' && (node.kind !== 'scalar' || typeof node.scalar !== type)) {
    const found = `"${path.text}" is always a ${type} and cannot be compared with ${describe(node)} ("${operator}")`
    const meant = node.kind === 'scalar' ? meantComparison(node.scalar) : undefined
    report.error('E_OPERAND', node.at, found, meant === undefined ? `write a ${type}` : `write ${meant}`)
    return undefined
  }
  if (path.root === 'now' && node.kind === 'scalar') warnOfSeconds(node, report)
  return readValue(node, report)
}

function findMap(node: Node): MapNode | undefined {
  if (node.kind === 'map') return node
  if (node.kind !== 'list') return undefined
  for (const item of node.items) {
    const map = findMap(item)
    if (map !== undefined) return map
  }
  return undefined
}

/** Reads `{ ref: path }`; it gets the modifiers of the attribute on the other side. */
export function readReference(
  node: MapNode,
  { operator, path: other, scope }: Pick<OperandUse, 'operator' | 'path' | 'scope'>,
): Extract<OperandModel, { kind: 'path' }> | undefined {
  const { report } = scope
  reportProblems(node, report)
  const ref = node.entries.get('ref')
  if (ref === undefined) {
    report.error(
      'E_OPERAND',
      node.at,
      `a map cannot be compared ("${operator}")`,
      'compare one of its keys, or write { ref: path }',
    )
    return undefined
  }
  if (node.entries.size > 1) {
    for (const [key, entry] of node.entries) {
      if (key !== 'ref')
        report.error('E_KEY', entry.at, `unknown key ${quote(key)} beside "ref"`, 'write { ref: path } alone')
    }
  }
  const text = readString(ref.value, report, 'ref')
  if (text === undefined) return undefined
  const path = readPath(text, ref.value, scope, report)
  if (path === undefined) return undefined
  if (staticType(path) === 'list') {
    const found = `"${path.text}" is a list of actors, which equal nothing ("${operator}")`
    report.error('E_OPERAND', ref.value.at, found, 'use any_matches, all_match or none_match on it')
    return undefined
  }
  if (!canCompare(operator, other, path)) {
    const [one, two] = [saidOf(other), saidOf(path)]
    const found =
      one === undefined
        ? `"${operator}" cannot work with "${path.text}", which is ${two}`
        : `"${other.text}" is ${one}, and "${path.text}" is ${two}`
    const advice = staticType(path) === 'names' ? 'use in, or contains_any' : 'compare values of one type'
    report.error('E_OPERAND', ref.value.at, found, advice)
    return undefined
  }
  return { kind: 'path', path: withModifiers(path, other) }
}

function saidOf(path: AttributePath): string | undefined {
  const type = staticType(path)
  return type === 'names' ? 'a list of names' : type && `a ${type}`
}

const ofEquals: readonly string[] = ['eq', 'neq']
const ofLists: readonly string[] = [
  'in',
  'not_in',
  'contains',
  'not_contains',
  'contains_any',
  'contains_all',
  'is_subset',
]

/** Whether two attributes of these types can ever pass, as far as the types are known. */
function canCompare(operator: string, one: AttributePath, other: AttributePath): boolean {
  const [a, b] = [staticType(one), staticType(other)]
  if (ofEquals.includes(operator)) return a === undefined || b === undefined || a === b
  return b !== 'names' || ofLists.includes(operator)
}
