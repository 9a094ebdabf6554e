/** Deciding by a proof, where there is no store: on an edge, with an image of the policies. */
import { Coverage } from '../delegation/coverage.ts'
import type { AccessRequest, Decision, Engine, EvaluateOptions } from '../engine/types.ts'
import { decidedByDelegation, decidedByPolicies, deniedBy, type GuardDecision } from '../guard/decision.ts'
import { actsForOneOf } from '../guard/delegation/on-behalf.ts'
import { askedBy, marksForGrantors } from '../guard/delegation/request.ts'
import { LACKS_ALLOW } from '../guard/lacks-allow.ts'
import { sameSubject, subjectKey } from '../guard/subject-key.ts'
import type { VerifiedProof } from './verify.ts'

export interface ByProofOptions extends EvaluateOptions {
  /**
   * Whether the policies here are asked about those who lent, too: true when left out. Where they know nothing of them, `false` takes
   * the issuer's word for it.
   */
  readonly judgeGrantors?: boolean
}

/** Shared by all calls: it holds what was made of scopes, and nothing of requests. */
const coverage = new Coverage()

/**
 * Decides by the policies and, where they deny for lack of an allow, by a verified proof.
 *
 * @throws SallyportError as `engine.evaluate` does
 * @example
 * const proof = await verifyProof(token, expected)
 * const { decision } = await decideByProof(engine, request, proof, { now })
 */
export async function decideByProof(
  engine: Engine,
  request: AccessRequest,
  proof: VerifiedProof,
  { judgeGrantors = true, ...options }: ByProofOptions,
): Promise<GuardDecision> {
  const decision = engine.evaluate(request, options)
  if (decision.status !== 'deny' || engine.tenant !== proof.tenant) return decidedByPolicies(decision)
  if (!sameSubject(request.subject, proof.grantee)) return decidedByPolicies(decision)
  if (!actsForOneOf(proof.grantors.map(subjectKey), request.subject)) return decidedByPolicies(decision)
  for (const scopes of proof.scopes) {
    if (!(await coverage.covers(scopes, request, options))) return decidedByPolicies(decision)
  }
  const told = withProof(request, proof)
  const { status, code } = engine.evaluate(told, options)
  if (status !== 'allow' && !(status === 'deny' && LACKS_ALLOW.has(code))) return decidedByPolicies(decision)
  const held = judgeGrantors ? judge(engine, request, proof, options) : decision
  if (held === undefined) return decidedByPolicies(decision)
  if (proof.metered) return deniedBy(decision, 'delegation_metered', 'what is lent is counted; ask where its store is')
  const { type, id } = proof.root
  const grant = { id: proof.line[proof.line.length - 1]!, grantor: proof.grantor, root: { type, id }, line: proof.line }
  return { ...decidedByDelegation(held, [grant]), decision: true, status: 'allow' }
}

/** The same facts as the guard tells, under the same name. */
function withProof(request: AccessRequest, { line, grantor, root }: VerifiedProof): AccessRequest {
  const delegation = {
    id: line[line.length - 1],
    grantor: subjectKey(grantor),
    root: subjectKey(root),
    depth: line.length - 1,
  }
  return { ...request, state: { ...request.state, delegation } }
}

/** The decision for the root, when it is an allow that may be lent on, and nothing stands against those between. */
function judge(
  engine: Engine,
  request: AccessRequest,
  proof: VerifiedProof,
  options: EvaluateOptions,
): Decision | undefined {
  const marked = marksForGrantors(options)
  const held = engine.evaluate(askedBy(proof.root, request), marked)
  if (held.status !== 'allow' || held.delegable === false) return undefined
  for (const grantor of proof.grantors.slice(1)) {
    if (sameSubject(grantor, proof.root)) continue
    const { status, code, delegable } = engine.evaluate(withProof(askedBy(grantor, request), proof), marked)
    const against = status === 'review' || (status === 'deny' && !LACKS_ALLOW.has(code))
    if (against || delegable === false) return undefined
  }
  return held
}
