/** The Access Request Endpoint and the Task Status Endpoint (sections 10 and 11). */
import type { Caller, Endpoint, EndpointAnswer, EndpointCall, ProfileError } from '../../decide.ts'
import { cancelEndpoint, statusEndpoint, submitEndpoint } from './describe.ts'
import type { AccessTask } from './desk.ts'
import { type FilledOptions, requestsPath } from './options.ts'
import { failure } from './problems.ts'
import { openTask } from './submission.ts'

/** How long a pending task should be left alone before it is asked for again. */
const retryAfter = '5'

export function requestEndpoints(options: FilledOptions): readonly Endpoint[] {
  const { desk } = options
  const of = ({ point }: EndpointCall) => ({ tenant: point.engine.tenant, caller: callerOf(point) })
  return [
    {
      ...submitEndpoint,
      answer: async (call) => {
        const task = await openTask(call, callerOf(call.point), options)
        const Location = statusUrl(task, call)
        return { ...describeTask(task, call), status: task.status === 'pending' ? 202 : 201, headers: { Location } }
      },
    },
    {
      ...statusEndpoint,
      answer: async (call) => {
        const task = await desk.find(call.param('task'), of(call), call.point.now)
        if (task === undefined) throw unknownTask()
        const headers = task.status === 'pending' ? { 'Retry-After': retryAfter } : {}
        return { ...describeTask(task, call), headers: { ...headers, 'Cache-Control': 'no-store' } }
      },
    },
    {
      ...cancelEndpoint,
      answer: async (call) => {
        const before = await desk.find(call.param('task'), of(call), call.point.now)
        if (before === undefined) throw unknownTask()
        const task = await desk.cancel(before.id, of(call), call.point.now)
        if (before.status !== 'pending' || task?.status !== 'cancelled') {
          throw failure(
            'invalid_task_state',

            `the task is ${task?.status ?? 'gone'}; only one that is pending can be cancelled`,
          )
        }
        return describeTask(task, call)
      },
    },
  ]
}

function describeTask(task: AccessTask, call: EndpointCall): EndpointAnswer {
  const { id, status, expiresAt, approval } = task
  const url = statusUrl(task, call)
  const described = {
    id,
    status,
    status_endpoint: url,
    expires_at: new Date(expiresAt).toISOString(),
    ...(status === 'pending' ? { links: { cancel: `${url}/cancel` } } : {}),
  }
  if (status !== 'approved' || approval === undefined) return { status: 200, body: { task: described } }
  const result = {
    mode: 'reevaluate',
    approval: {
      id: approval.id,
      ...(approval.approvedAt === undefined ? {} : { approved_at: new Date(approval.approvedAt).toISOString() }),
      approved_until: new Date(approval.approvedUntil).toISOString(),
    },
  }
  return { status: 200, body: { task: described, result } }
}

function statusUrl({ id }: AccessTask, { point }: EndpointCall): string {
  return `${point.base}${requestsPath}/${encodeURIComponent(id)}`
}

function callerOf({ caller }: EndpointCall['point']): Caller {
  // createApp refuses the profile without `identify`, which lets nobody in unnamed.
  if (caller === undefined) throw failure('not_requestable', 'nobody can request access without a name')
  return caller
}

/** Another caller's task is as unknown as none. */
function unknownTask(): ProfileError {
  return failure('unknown_task', 'there is no such task for you')
}
