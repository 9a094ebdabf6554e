/** What the guard knows of who asks, and the request does not say: the session in which and the task for which it asks. */
import type { AccessRequest, EvaluateOptions, RequestState } from '../engine/types.ts'
import type { Sessions } from './session/index.ts'
import type { Tasks } from './task/index.ts'

/** Ids that the host has verified, or made itself. */
export interface SituationCall {
  /** The session of the subject; without one, all its roles are active. */
  readonly session?: string
  /** The task that it works on; without one, it works on none. */
  readonly task?: string
}

export type Situation =
  | { readonly outcome: 'known'; readonly state: RequestState }
  | { readonly outcome: 'session_expired' | 'task_inactive' | 'outside_task'; readonly why: string }

interface Keepers {
  readonly sessions: Sessions
  readonly tasks: Tasks
}

/** Closed: a session or task that is not there, not active or not the subject's denies. A promise only where one has to be looked up. */
export function situationOf(
  keepers: Keepers,
  request: AccessRequest,
  call: SituationCall,
  options: EvaluateOptions,
): Situation | Promise<Situation> {
  if (call.session !== undefined || call.task !== undefined) return lookUp(keepers, request, call, options)
  return { outcome: 'known', state: request.state ?? {} }
}

async function lookUp(
  { sessions, tasks }: Keepers,
  request: AccessRequest,
  call: SituationCall,
  options: EvaluateOptions,
): Promise<Situation> {
  const [session, work] = await Promise.all([
    call.session === undefined ? undefined : sessions.active(call.session, request.subject),
    call.task === undefined ? undefined : tasks.covers(call.task, request, options),
  ])
  if (call.session !== undefined && session === undefined) {
    return { outcome: 'session_expired', why: 'the subject has no such session, or it is over' }
  }
  if (work !== undefined && work.outcome !== 'covered') {
    return { outcome: work.outcome === 'inactive' ? 'task_inactive' : 'outside_task', why: work.why }
  }
  const state = { ...request.state, ...(session && { session }), ...(work && { task: work.state }) }
  return { outcome: 'known', state }
}
