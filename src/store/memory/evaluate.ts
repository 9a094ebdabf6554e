/** What conditions mean, for rows in memory. SQL stores let the database decide the same. */
import { compareCodePoints } from '../code-points.ts'
import { type Condition, isNullTest } from '../statement.ts'
import type { Fields } from '../values.ts'

export function holds(condition: Condition, row: Fields): boolean {
  const left = row[condition.column]!
  if (isNullTest(condition)) return (left === null) === (condition.is === 'null')
  const right = 'to' in condition ? row[condition.to]! : condition.value
  if (left === null || right === null) return false
  const { is } = condition
  const order = compare(typeof left === 'number' ? left + (condition.plus ?? 0) : left, right)
  if (is === '=') return order === 0
  if (is === '!=') return order !== 0
  if (is === '<') return order < 0
  if (is === '<=') return order <= 0
  return is === '>' ? order > 0 : order >= 0
}

/** -1, 0 or 1. Both are of one type; where null stands matters to nobody, as no index has it. */
export function compare(a: string | number | null, b: string | number | null): number {
  if (typeof a === 'number' && typeof b === 'number') return a < b ? -1 : a > b ? 1 : 0
  return Math.sign(compareCodePoints(String(a), String(b)))
}
