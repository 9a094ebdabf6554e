/**
 * What must be so when a condition is to come out in a certain way: its disjunctive normal form, as far as it stays small.
 * The logic is the three-valued one of docs/policy-reference.md, "Three results".
 */
import type { Comparison, Condition } from '../model.ts'
import { alwaysEvaluable } from './evaluable.ts'

/** A test and what it comes to: true, or false. A test that is not evaluable is neither. */
export interface Fact {
  readonly test: Comparison
  readonly holds: boolean
}

/**
 * How a condition is to come out: `true`, `false`, `not-false` (true or not evaluable: with this a deny denies) or
 * `not-true`.
 */
export type Wanted = 'true' | 'false' | 'not-false' | 'not-true'

/** The facts of one way in which the condition comes out as wanted; all of them are necessary in this way. */
export type Branch = readonly Fact[]

/** More ways or facts than these are not looked at. */
const mostBranches = 64
const mostFacts = 2048

/** All ways in which the condition can come out as wanted; undefined when they are too many to list. */
export function branchesOf(condition: Condition, wanted: Wanted): readonly Branch[] | undefined {
  switch (condition.kind) {
    case 'all':
    case 'any': {
      const parts = condition.of
      // `all` is true or not false when every part is; it is false or not true when one part is. `any` is the mirror.
      const conjunctive = (condition.kind === 'all') === (wanted === 'true' || wanted === 'not-false')
      return conjunctive ? product(parts, wanted) : union(parts, wanted)
    }
    case 'not':
      return branchesOf(condition.of, opposite[wanted])
    case 'otherwise': {
      // With a value for what is not evaluable, there are two results left.
      const positive = wanted === 'true' || wanted === 'not-false'
      if (positive) return branchesOf(condition.of, condition.value ? 'not-false' : 'true')
      return branchesOf(condition.of, condition.value ? 'false' : 'not-true')
    }
    default:
      return [leaf(condition, wanted)]
  }
}

const opposite: Readonly<Record<Wanted, Wanted>> = {
  true: 'false',
  false: 'true',
  'not-false': 'not-true',
  'not-true': 'not-false',
}

function leaf(test: Comparison, wanted: Wanted): Branch {
  if (wanted === 'true' || wanted === 'false') return [{ test, holds: wanted === 'true' }]
  return alwaysEvaluable(test) ? [{ test, holds: wanted === 'not-false' }] : []
}

function product(parts: readonly Condition[], wanted: Wanted): readonly Branch[] | undefined {
  let all: Branch[] = [[]]
  for (const part of parts) {
    const branches = branchesOf(part, wanted)
    // What is too much to list says nothing: it stays open, and what the other parts say still holds.
    if (branches === undefined) continue
    if (all.length * branches.length > mostBranches) continue
    all = all.flatMap((left) => branches.map((right) => [...left, ...right]))
    if (all.reduce((sum, branch) => sum + branch.length, 0) > mostFacts) return undefined
  }
  return all
}

function union(parts: readonly Condition[], wanted: Wanted): readonly Branch[] | undefined {
  const all: Branch[] = []
  for (const part of parts) {
    const branches = branchesOf(part, wanted)
    if (branches === undefined || all.length + branches.length > mostBranches) return undefined
    all.push(...branches)
  }
  return all
}
