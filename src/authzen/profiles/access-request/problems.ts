/** The problem types that the profile defines (section 14). */
import { ProfileError } from '../../decide.ts'

export type AccessRequestProblem =
  | 'not_requestable'
  | 'expired_denial'
  | 'invalid_denial_binding'
  | 'duplicate_request'
  | 'unknown_task'
  | 'invalid_task_state'

const statuses = {
  not_requestable: 400,
  expired_denial: 410,
  invalid_denial_binding: 400,
  duplicate_request: 409,
  unknown_task: 404,
  invalid_task_state: 409,
} as const satisfies Record<AccessRequestProblem, ProfileError['status']>

/** @example throw failure('unknown_task', 'there is no such task for you') */
export function failure(name: AccessRequestProblem, message: string): ProfileError {
  const type = `urn:openid:authzen:access-request:error:${name}`
  return new ProfileError('E_ACCESS_REQUEST', message, type, statuses[name])
}

/** The desk takes no more: the profile has no type for that. */
export function deskIsFull(): ProfileError {
  return new ProfileError(
    'E_ACCESS_REQUEST',
    'too many requests wait for an answer; try again later',
    'about:blank',
    503,
  )
}
