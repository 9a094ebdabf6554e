/** The states of a task, and what leads from one to another. */

/** What is kept. */
export type KeptTaskState = 'created' | 'active' | 'completed' | 'failed' | 'cancelled'
export type TaskState = KeptTaskState | 'expired'

export type TaskTransition = 'start' | 'complete' | 'fail' | 'cancel'

export const taskTransitions: Readonly<
  Record<TaskTransition, { readonly from: readonly KeptTaskState[]; readonly to: KeptTaskState }>
> = {
  start: { from: ['created'], to: 'active' },
  complete: { from: ['active'], to: 'completed' },
  fail: { from: ['active'], to: 'failed' },
  cancel: { from: ['created', 'active'], to: 'cancelled' },
}

/** The state at a time: a task that nobody has finished in time is expired, at the instant itself, too. */
export function taskStateAt(kept: KeptTaskState, expiresAt: number, now: number): TaskState {
  return (kept === 'created' || kept === 'active') && now >= expiresAt ? 'expired' : kept
}
