import type { Subject } from '../../engine/types.ts'
import { subjectKey } from '../subject-key.ts'

/**
 * Whether a subject may use what these lent. Somebody who says on whose behalf it acts uses only what these lent: else one could
 * ask it for something, and get it by the right of another (N. Hardy, "The Confused Deputy", 1988).
 *
 * @param grantors Keys of subjects.
 */
export function actsForOneOf(grantors: readonly string[], { on_behalf_of, delegation_chain = [] }: Subject): boolean {
  if (on_behalf_of === undefined && delegation_chain.length === 0) return true
  const behalf = new Set(delegation_chain.map(subjectKey))
  for (let actor = on_behalf_of; actor !== undefined; actor = actor.on_behalf_of) behalf.add(subjectKey(actor))
  return grantors.some((grantor) => behalf.has(grantor))
}
