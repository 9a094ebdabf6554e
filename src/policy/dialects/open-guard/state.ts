/** What must come along with requests: open-guard reads tasks from a store, we read them from `state`. */
import { parseTime } from '../../../text/time.ts'

/** A task of open-guard in JSON; what is left out is what open-guard assumes. */
export interface OpenGuardTask {
  readonly id: string
  /** `created` when left out; only an `active` task counts. */
  readonly status?: string
  readonly allowed_actions?: readonly string[]
  readonly allowed_resource_types?: readonly string[]
  /** RFC 3339. */
  readonly expires_at?: string | null
}

/** The `state` of requests under imported policies: `tasks` by id. A type and no interface, to which no key could be added. */
export type OpenGuardState = {
  readonly tasks: Readonly<Record<string, TaskState>>
}

interface TaskState {
  readonly status: string
  readonly allowed_actions: readonly string[]
  readonly allowed_resource_types: readonly string[]
  /** Milliseconds since 1970. */
  readonly expires_at?: number
}

/**
 * The state that tbac policies with a `task_id` ask for.
 *
 * @throws RangeError when a time is none of RFC 3339.
 * @example engine.evaluate({ ...openGuardRequest(request), state: openGuardState(tasks) }, { now })
 */
export function openGuardState(tasks: readonly OpenGuardTask[]): OpenGuardState {
  return { tasks: Object.fromEntries(tasks.map((task) => [task.id, stateOf(task)])) }
}

function stateOf({ id, status = 'created', expires_at, ...task }: OpenGuardTask): TaskState {
  const { allowed_actions = ['*'], allowed_resource_types = ['*'] } = task
  const state = { status, allowed_actions, allowed_resource_types }
  if (expires_at === undefined || expires_at === null) return state
  const time = parseTime(expires_at)
  if (time === undefined) throw new RangeError(`the task ${JSON.stringify(id)} expires at no time: ${expires_at}`)
  return { ...state, expires_at: time }
}
