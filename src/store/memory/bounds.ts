/** The part of an order in which the rows of a search can be: what a sorted list or an index is searched for. */
import { type Condition, isNullTest } from '../statement.ts'
import type { Fields } from '../values.ts'

export interface Bounds {
  /** What the leading columns are equal to, and perhaps what the next one is at least. */
  readonly from: readonly Fields[string][]
  /** What the column after the equal ones is above. */
  readonly above: Fields[string] | undefined
  readonly to: readonly Fields[string][]
  readonly below: Fields[string] | undefined
}

/** Inside the bounds the conditions still have to be asked. */
export function boundsOf(order: readonly string[], where: readonly Condition[]): Bounds {
  const find = (column: string | undefined, is: string) => {
    for (const condition of where) {
      if (isNullTest(condition) || !('value' in condition) || condition.plus !== undefined) continue
      if (condition.column === column && condition.is === is) return condition.value
    }
    return undefined
  }
  const prefix: Fields[string][] = []
  for (const column of order) {
    const value = find(column, '=')
    if (value === undefined) break
    prefix.push(value)
  }
  const next = order[prefix.length]
  const above = find(next, '>')
  const below = find(next, '<')
  const atLeast = above === undefined ? find(next, '>=') : undefined
  const atMost = below === undefined ? find(next, '<=') : undefined
  return {
    from: atLeast === undefined ? prefix : [...prefix, atLeast],
    above,
    to: atMost === undefined ? prefix : [...prefix, atMost],
    below,
  }
}
