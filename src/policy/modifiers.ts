/** `ignore_case` and `trusted`: keys beside the operators of a test that change how its attributes are read. */
import { foldCase } from '../text/fold.ts'
import type { AttributeValue } from './document.ts'
import type { Operator } from './keys.ts'
import type { AttributePath } from './model.ts'
import type { MapNode, Position } from './node.ts'
import { readBoolean } from './read.ts'
import type { Report } from './report.ts'

/** Operators to which upper and lower case make a difference. */
const foldable: readonly Operator[] = [
  'eq',
  'neq',
  'in',
  'not_in',
  'gt',
  'gte',
  'lt',
  'lte',
  'contains',
  'not_contains',
  'contains_any',
  'contains_all',
  'is_subset',
  'starts_with',
  'ends_with',
  'glob',
  'regex',
  'not_regex',
]

/** The path with the modifiers that stand in its test. */
export function modify(path: AttributePath, tests: MapNode, report: Report): AttributePath {
  if (!tests.entries.has('trusted') && !tests.entries.has('ignore_case')) return path
  const isSet = (key: 'ignore_case' | 'trusted'): boolean => {
    const entry = tests.entries.get(key)
    return entry !== undefined && readBoolean(entry.value, report, `"${key}"`) === true
  }
  const trusted = isSet('trusted')
  const at = tests.entries.get('trusted')?.at
  if (trusted && path.root === 'now' && at !== undefined) {
    report.error('E_OPERATOR', at, '"now" is the time of the host, and always trusted', 'leave "trusted" out')
  }
  const fold = isSet('ignore_case')
  return fold || trusted ? { ...path, ...(fold && { fold }), ...(trusted && { trusted }) } : path
}

/** The path with the modifiers of another: what is compared is read alike. */
export function withModifiers(path: AttributePath, { fold, trusted }: AttributePath): AttributePath {
  const trusts = trusted && path.root !== 'now'
  return fold || trusts ? { ...path, ...(fold && { fold }), ...(trusts && { trusted }) } : path
}

/** Whether the operator means something beside `ignore_case`; reports when not. */
export function folds(operator: Operator, path: AttributePath, at: Position, report: Report): boolean {
  if (!path.fold || foldable.includes(operator)) return true
  const found = `"ignore_case" stands beside "${operator}", to which case makes no difference`
  report.error('E_OPERATOR', at, found, 'move it to a test of its own, or leave "ignore_case" out')
  return false
}

/** A constant with its strings folded. */
export function foldValue(value: AttributeValue, operator: string, at: Position, report: Report): AttributeValue {
  if (!hasString(value)) {
    const found = `"ignore_case" stands beside "${operator}", whose operand has no string in it`
    report.error('E_OPERAND', at, found, 'leave "ignore_case" out')
  }
  return folded(value)
}

function hasString(value: AttributeValue): boolean {
  return typeof value === 'string' || (Array.isArray(value) && (value.length === 0 || value.some(hasString)))
}

/** The strings in a value folded, in lists too; maps are only ever looked into by their keys. */
export function folded(value: AttributeValue): AttributeValue {
  if (typeof value === 'string') return foldCase(value)
  return Array.isArray(value) ? value.map(folded) : value
}
