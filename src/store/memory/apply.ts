/** What a statement makes of the row with its key, for stores that have no database to ask. */
import type { Statement } from '../statement.ts'
import type { Fields } from '../values.ts'
import { holds } from './evaluate.ts'

/** `row` is there when it is to be written, or as undefined when it is to be deleted. */
export type Applied = 'failed' | 'unchanged' | { readonly row: Fields | undefined }

export function apply(statement: Statement, row: Fields | undefined): Applied {
  if (statement.kind === 'insert') {
    if (row === undefined) return { row: Object.freeze({ ...statement.row }) }
    return statement.ifAbsent ? 'unchanged' : 'failed'
  }
  if (statement.kind === 'put') return { row: Object.freeze({ ...statement.row }) }
  if (statement.kind === 'remove') return row === undefined ? 'unchanged' : { row: undefined }
  if (row === undefined || !statement.when.every((condition) => holds(condition, row))) return 'failed'
  if (statement.kind === 'require') return 'unchanged'
  if (statement.kind === 'delete') return { row: undefined }
  const sums = sum(row, statement.add)
  return sums === undefined ? 'failed' : { row: Object.freeze({ ...row, ...statement.set, ...sums }) }
}

/** Undefined when a sum is not a safe integer. */
function sum(row: Fields, add: Readonly<Record<string, number>>): Fields | undefined {
  const sums: Record<string, number> = {}
  for (const [name, summand] of Object.entries(add)) {
    const value = row[name]
    if (typeof value !== 'number' || !Number.isSafeInteger(value + summand)) return undefined
    sums[name] = value + summand
  }
  return sums
}
