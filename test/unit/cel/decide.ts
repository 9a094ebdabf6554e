import type { AccessRequest } from '../../../src/engine/types.ts'
import { engineOf } from '../engine/support.ts'

/** What a condition comes to for a request; `n.e.` when it is not evaluable. */
export async function decide(when: string, request: AccessRequest, now?: number): Promise<boolean | 'n.e.'> {
  const engine = await engineOf([
    { id: 'true', allow: 'read', when },
    { id: 'known', allow: 'read', when: { any: [when, { not: when }] } },
  ])
  const { rules } = engine.evaluate(request, now === undefined ? {} : { now })
  return rules.includes('known') ? rules.includes('true') : 'n.e.'
}
