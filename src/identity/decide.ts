/** Deciding by a proof, where there is no store: on an edge, with an image of the policies. */
import { Coverage } from '../delegation/coverage.ts'
import type { AccessRequest, Decision, Engine, EvaluateOptions } from '../engine/types.ts'
import { copyOf } from '../guard/copy.ts'
import { decidedByDelegation, decidedByPolicies, deniedBy, type GuardDecision } from '../guard/decision.ts'
import { actsForOneOf } from '../guard/delegation/on-behalf.ts'
import { askedBy, marksForGrantors } from '../guard/delegation/request.ts'
import { LACKS_ALLOW } from '../guard/lacks-allow.ts'
import { sameSubject, subjectKey } from '../guard/subject-key.ts'
import type { VerifiedProof } from './verify.ts'

export interface ByProofOptions extends EvaluateOptions {
  /** A proof ends: without a time, it grants nothing. */
  readonly now: number | Date
  /**
   * Whether the policies here are asked about those who lent, too: true when left out. Where they know nothing of them, `false` takes
   * the issuer's word for it.
   */
  readonly judgeGrantors?: boolean
}

/** Shared by all calls: it holds what was made of scopes, and nothing of requests. */
const coverage = new Coverage()

/**
 * Decides by the policies and, where they deny for lack of an allow, by a verified proof. One that has ended since it was verified grants
 * nothing; that it was revoked since, only `verifyProof` sees.
 *
 * @throws SallyportError as `engine.evaluate` does
 * @example
 * const proof = await verifyProof(token, expected)
 * const { decision } = await decideByProof(engine, request, proof, { now })
 */
export async function decideByProof(
  engine: Engine,
  asked: AccessRequest,
  verified: VerifiedProof,
  said: ByProofOptions,
): Promise<GuardDecision> {
  // Of scopes with conditions the first question waits, and the caller may change its objects meanwhile.
  const [request, proof, { judgeGrantors = true, ...options }] = copyOf([asked, verified, said] as const)
  const decision = engine.evaluate(request, options)
  if (decision.status !== 'deny' || engine.tenant !== proof.tenant) return decidedByPolicies(decision)
  if (isOver(proof, options)) return decidedByPolicies(decision)
  if (!sameSubject(request.subject, proof.grantee)) return decidedByPolicies(decision)
  if (!actsForOneOf(proof.grantors.map(subjectKey), request.subject)) return decidedByPolicies(decision)
  for (const scopes of proof.scopes) {
    if (!(await coverage.covers(scopes, request, options))) return decidedByPolicies(decision)
  }
  const told = withProof(request, proof, proof.line.length)
  const { status, code } = engine.evaluate(told, options)
  if (status !== 'allow' && !(status === 'deny' && LACKS_ALLOW.has(code))) return decidedByPolicies(decision)
  const held = judgeGrantors ? judge(engine, request, proof, options) : decision
  if (held === undefined) return decidedByPolicies(decision)
  if (proof.metered) return deniedBy(decision, 'delegation_metered', 'what is lent is counted; ask where its store is')
  const { type, id } = proof.root
  const grant = { id: proof.line[proof.line.length - 1]!, grantor: proof.grantor, root: { type, id }, line: proof.line }
  return { ...decidedByDelegation(held, [grant]), decision: true, status: 'allow' }
}

/** Whether it has ended, at a time that is later than that at which it was verified. */
function isOver({ expiresAt, tolerance = 0 }: VerifiedProof, { now }: EvaluateOptions): boolean {
  return !(now !== undefined && Number(now) < expiresAt + tolerance)
}

/** The same facts as the guard tells, under the same name: of the delegation that ends so long a part of the line. */
function withProof(request: AccessRequest, { line, grantors, root }: VerifiedProof, length: number): AccessRequest {
  const delegation = {
    id: line[length - 1],
    grantor: subjectKey(grantors[length]!),
    root: subjectKey(root),
    depth: length - 1,
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
  // After the root, and who lent the first of the line: both are judged above.
  for (const [before, grantor] of proof.grantors.slice(1).entries()) {
    if (before === 0 && sameSubject(grantor, proof.root)) continue
    const own = askedBy(grantor, request)
    const asked = before === 0 ? own : withProof(own, proof, before)
    const { status, code, delegable } = engine.evaluate(asked, marked)
    const against = status === 'review' || (status === 'deny' && !LACKS_ALLOW.has(code))
    if (against || delegable === false) return undefined
  }
  return held
}
