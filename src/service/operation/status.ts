/** Errors of the guard and the store as HTTP statuses. */
import type { ErrorCode } from '../../errors.ts'
import type { ProblemStatus } from '../problem.ts'

/** Codes that are not here are faults of the service: 500, and the log says what. */
const statuses: { readonly [C in ErrorCode]?: ProblemStatus } = {
  E_USAGE: 400,
  E_SCOPE: 400,
  E_AMOUNT: 400,
  E_TUPLE: 400,
  E_PROOF: 400,
  E_CURSOR: 400,
  E_POLICY: 400,
  E_RELATION_LIMIT: 400,
  E_STORE_STATEMENT: 400,
  E_DELEGATION_EXCEEDS: 403,
  E_DELEGATION_GRANTOR: 403,
  E_DELEGATION_FORBIDDEN: 403,
  E_APPROVAL_FORBIDDEN: 403,
  E_TASK_EXCEEDS: 403,
  E_SESSION: 403,
  E_DELEGATION: 404,
  E_APPROVAL_UNKNOWN: 404,
  E_TASK: 404,
  E_TENANT: 404,
  E_PROOF_KEY: 404,
  E_DELEGATION_STATE: 409,
  E_RESERVATION: 409,
  E_IDEMPOTENCY: 409,
  E_APPROVAL_STATE: 409,
  E_APPROVAL_VOTED: 409,
  E_TASK_STATE: 409,
  E_POLICY_CONFLICT: 412,
  E_POLICY_REVISION: 404,
  E_POLICY_READ_ONLY: 409,
  E_STORE_UNAVAILABLE: 503,
  E_STORE_TIMEOUT: 503,
  E_STORE_BUSY: 503,
  E_STORE_READ_ONLY: 503,
  E_STORE_FULL: 503,
  E_STORE_STALE: 503,
  E_REVOCATION_STALE: 503,
  E_REVOCATION_LOG: 503,
}

/** The status of an error with this code; undefined when it is no fault of the call. */
export function statusOf(code: ErrorCode): ProblemStatus | undefined {
  return statuses[code]
}
