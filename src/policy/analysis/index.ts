/**
 * The analysis of a valid model: what cannot be meant, although it can be compiled. It raises no false alarm about rules
 * that never apply or never matter; it does not find all of them.
 */
import type { PolicyModel } from '../model.ts'
import { findContradictions } from './contradictions.ts'
import type { RoleClosure } from './cover.ts'
import type { Finding } from './finding.ts'
import { findUnreachable } from './reach.ts'
import { findTypes } from './types.ts'
import { findUseless } from './useless.ts'

export type { Finding } from './finding.ts'

/** Every finding, in no particular order. The time is about that of reading the document. */
export function analyseModel(model: PolicyModel): Finding[] {
  const rules = model.sets.flatMap((set) => set.rules)
  const contradictions = rules.flatMap((rule) => findContradictions(rule, model.secrets))
  const idle = new Set(contradictions.flatMap(({ idle, rule }) => (idle && rule !== undefined ? [rule] : [])))
  const closure = closureOf(model.roles)
  return [
    ...contradictions,
    ...model.sets.flatMap((set) => findUseless(set, idle, closure)),
    ...findTypes(rules),
    ...findUnreachable(model),
  ]
}

/** Role → itself and all that it inherits, worked out when first asked for. */
function closureOf(roles: PolicyModel['roles']): RoleClosure {
  const known = new Map<string, ReadonlySet<string>>()
  return (role) => {
    const found = known.get(role)
    if (found !== undefined) return found
    const held = new Set([role])
    // A set yields what is added to it while it is walked.
    for (const one of held) for (const inherited of roles.get(one) ?? []) held.add(inherited)
    known.set(role, held)
    return held
  }
}
