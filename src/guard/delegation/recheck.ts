/** Whether those who lent still hold what they lent, judged at every use and with the attributes they have. */
import type { AccessRequest, Decision, EvaluateOptions } from '../../engine/types.ts'
import { LACKS_ALLOW } from '../lacks-allow.ts'
import type { Line } from './line.ts'
import { askedBy, marksForGrantors, withDelegation } from './request.ts'
import type { DelegationTools } from './tools.ts'

/**
 * The decision for the grantor at the root, when that is an allow which may be lent on, and the policies say nothing against any of
 * those between; they hold the right by the delegation above theirs.
 */
export async function judgeGrantors(
  { environment, attributes }: DelegationTools,
  line: Line,
  request: AccessRequest,
  options: EvaluateOptions,
): Promise<Decision | undefined> {
  const marked = marksForGrantors(options)
  let held: Decision | undefined
  for (const [level, record] of line.entries()) {
    const own = askedBy(await attributes.grantorOf(record), request)
    const asked = level === 0 ? own : withDelegation(own, line.slice(0, level))
    const decision = await environment.decide(asked, marked)
    if (level === 0) held = decision
    if (decision.delegable === false) return undefined
    if (decision.status === 'allow') continue
    if (level === 0 || decision.status === 'review' || !LACKS_ALLOW.has(decision.code)) return undefined
  }
  return held
}
