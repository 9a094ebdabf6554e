/** Conflicts: facts that cannot all hold, found attribute by attribute. */
import type { Condition } from '../model.ts'
import { type Branch, branchesOf, type Fact, type Wanted } from './branches.ts'
import { pathKey } from './evaluable.ts'
import { isPossible } from './possible.ts'

/** Facts about one attribute of which at least one is always wrong; the fewest that were found. */
export type Conflict = readonly Fact[]

/**
 * Why a condition can never come out as wanted for a request of which the `given` facts hold: the conflict of its first
 * way. Undefined when it can, as far as is known.
 */
export function conflictOf(condition: Condition, wanted: Wanted, given: Branch = []): Conflict | undefined {
  const branches = branchesOf(condition, wanted)
  if (branches === undefined) return undefined
  let first: Conflict | undefined
  for (const branch of branches) {
    const conflict = conflictIn([...given, ...branch])
    if (conflict === undefined) return undefined
    first ??= conflict
  }
  return first
}

function conflictIn(branch: Branch): Conflict | undefined {
  if (branch.length === 1) return isPossible(branch) ? undefined : branch
  const byPath = new Map<string, Fact[]>()
  for (const fact of branch) {
    if (!('path' in fact.test)) continue
    const key = pathKey(fact.test.path)
    const known = byPath.get(key)
    if (known === undefined) byPath.set(key, [fact])
    else known.push(fact)
  }
  for (const facts of byPath.values()) if (!isPossible(facts)) return smallest(facts)
  return undefined
}

/** One fact or two that suffice, or else all: what a person has to look at. */
function smallest(facts: readonly Fact[]): Conflict {
  const alone = facts.find((fact) => !isPossible([fact]))
  if (alone !== undefined) return [alone]
  for (const [i, one] of facts.entries()) {
    const other = facts.slice(i + 1).find((two) => !isPossible([one, two]))
    if (other !== undefined) return [one, other]
  }
  return facts
}
