/** Tests of values that are known while policies are read: docs/policy-reference.md, "Operators", for constants alone. */
import type { AttributeValue } from '../document.ts'
import type { Comparison } from '../model.ts'
import { contains } from './containment.ts'
import type { PlainTest } from './evaluable.ts'

export type Kind = 'null' | 'boolean' | 'number' | 'string' | 'list' | 'map'
export const allKinds: readonly Kind[] = ['null', 'boolean', 'number', 'string', 'list', 'map']

export function kindOf(value: AttributeValue): Kind {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'list'
  return typeof value === 'object' ? 'map' : (typeof value as 'boolean' | 'number' | 'string')
}

/** The kinds of value of which a test can be true, or false. On every other kind it is not evaluable, or the other. */
export function kindsFor(test: PlainTest, holds: boolean): readonly Kind[] {
  switch (test.kind) {
    case 'exists':
      return allKinds
    case 'items':
      return ['list']
    case 'glob':
    case 'regex':
    case 'cidr':
    case 'semver':
      return ['string']
    case 'test':
      return kindsForOperator(test, holds)
  }
}

type BinaryTest = Extract<Comparison, { readonly kind: 'test' }>

function kindsForOperator({ op, operand }: BinaryTest, holds: boolean): readonly Kind[] {
  const value = operand.kind === 'value' ? operand.value : undefined
  switch (op) {
    case 'eq':
      return holds && value !== undefined ? [kindOf(value)] : allKinds
    case 'in':
      return holds && Array.isArray(value) ? [...new Set((value as readonly AttributeValue[]).map(kindOf))] : allKinds
    case 'gt':
    case 'gte':
    case 'lt':
    case 'lte':
      return value === undefined ? ['number', 'string'] : [kindOf(value)]
    case 'contains':
      return value === undefined || typeof value === 'string' ? ['string', 'list'] : ['list']
    case 'contains_any':
    case 'contains_all':
    case 'is_subset':
      return ['list']
    case 'starts_with':
    case 'ends_with':
      return ['string']
    default:
      return allKinds
  }
}

/** What a test comes to on a value: undefined when that is not worked out here. Only on kinds that kindsFor names. */
export function truthOn(test: PlainTest, value: AttributeValue): boolean | undefined {
  if (test.kind === 'exists') return true
  if (test.kind === 'glob' && typeof value === 'string') {
    return test.patterns.some((pattern) => contains(pattern, { kind: 'exact', value }))
  }
  if (test.kind !== 'test' || test.operand.kind !== 'value') return undefined
  const operand = test.operand.value
  switch (test.op) {
    case 'eq':
      return equal(value, operand)
    case 'in':
      return Array.isArray(operand) && operand.some((item) => equal(value, item))
    case 'gt':
    case 'gte':
    case 'lt':
    case 'lte':
      return inOrder(test.op, compare(value, operand))
    case 'contains':
      if (Array.isArray(value)) return value.some((item) => equal(item, operand))
      return typeof value === 'string' && typeof operand === 'string' ? value.includes(operand) : undefined
    case 'starts_with':
      return typeof value === 'string' && typeof operand === 'string' ? value.startsWith(operand) : undefined
    case 'ends_with':
      return typeof value === 'string' && typeof operand === 'string' ? value.endsWith(operand) : undefined
    default:
      return undefined
  }
}

/** Constants hold no maps. */
export function equal(a: AttributeValue, b: AttributeValue): boolean {
  if (!Array.isArray(a) || !Array.isArray(b)) return a === b
  return a.length === b.length && a.every((item, i) => equal(item, b[i] as AttributeValue))
}

/** Negative, zero or positive; undefined for what has no order. Strings go by code point. */
export function compare(a: AttributeValue, b: AttributeValue): number | undefined {
  if (typeof a === 'number' && typeof b === 'number') return a - b
  if (typeof a !== 'string' || typeof b !== 'string') return undefined
  const [left, right] = [[...a], [...b]]
  for (let i = 0; i < left.length && i < right.length; i++) {
    const difference = left[i]!.codePointAt(0)! - right[i]!.codePointAt(0)!
    if (difference !== 0) return difference
  }
  return left.length - right.length
}

function inOrder(op: 'gt' | 'gte' | 'lt' | 'lte', sign: number | undefined): boolean | undefined {
  if (sign === undefined) return undefined
  if (op === 'gt') return sign > 0
  if (op === 'gte') return sign >= 0
  return op === 'lt' ? sign < 0 : sign <= 0
}
