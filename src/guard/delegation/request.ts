/** Requests as they are judged where a delegation is in play. */
import type { AccessRequest, EvaluateOptions, Subject } from '../../engine/types.ts'
import { type Line, lastOf } from './line.ts'

/**
 * The request as policies see it when it is decided by a delegation: `state.delegation` tells of it. So a rule can say
 * `unless: { state.delegation: { exists: true } }`, or deny what was passed on too often.
 */
export function withDelegation(request: AccessRequest, line: Line): AccessRequest {
  const { row } = lastOf(line)
  const delegation = { id: row.id, grantor: row.grantor, root: line[0]!.row.grantor, depth: row.depth }
  return { ...request, state: { ...request.state, delegation } }
}

/** The same, asked by a grantor for itself: not in the session of who asked, and by no delegation. */
export function askedBy(subject: Subject, request: AccessRequest): AccessRequest {
  const { session: _, delegation: __, ...state } = request.state ?? {}
  return { ...request, subject, state }
}

/** Marks on the subject and its chain are about others than the grantor. */
export function marksForGrantors({ untrusted, ...options }: EvaluateOptions): EvaluateOptions {
  if (untrusted === undefined) return options
  return { ...options, untrusted: untrusted.filter((path) => !/^(?:subject|chain)\b/.test(path)) }
}
