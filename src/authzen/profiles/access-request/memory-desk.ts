/** A desk in memory: for one process, and for tests. What it knows ends with the process. */
import { SallyportError } from '../../../errors.ts'
import {
  type AccessRequestDesk,
  type AccessTask,
  type Approval,
  type Bound,
  type Inapplicable,
  isSameCaller,
  type Submission,
} from './desk.ts'

export interface MemoryDeskOptions {
  /** Makes identifiers that cannot be guessed: `() => crypto.randomUUID()`. */
  readonly newId: () => string
  /** How long a task waits for an answer, and is kept after it, in milliseconds; a day when left out. */
  readonly taskLifetime?: number
  /** The most tasks that are kept at a time; 10,000 when left out. */
  readonly mostTasks?: number
}

export interface MemoryDesk extends AccessRequestDesk {
  /** Tasks that wait for an answer, with what is asked for. */
  pending(now: number): readonly (Submission & { readonly taskId: string })[]
  /**
   * Approves a task until a time.
   *
   * @throws SallyportError `E_ACCESS_REQUEST` when the task is not pending, or the one who approves asked for it.
   */
  approve(taskId: string, by: { readonly approver: string; readonly until: number }, now: number): Approval
  deny(taskId: string, now: number): void
  /** From now on the approval is good for nothing. */
  revoke(approvalId: string): void
}

interface Entry {
  readonly submission: Submission
  task: AccessTask
  revoked: boolean
}

/** @example const desk = memoryDesk({ newId: () => crypto.randomUUID() }) */
export function memoryDesk({ newId, taskLifetime = 86_400_000, mostTasks = 10_000 }: MemoryDeskOptions): MemoryDesk {
  const entries = new Map<string, Entry>()
  const approvals = new Map<string, Entry>()
  const current = (id: string, now: number): Entry | undefined => {
    const entry = entries.get(id)
    if (entry?.task.status === 'pending' && now >= entry.task.expiresAt)
      entry.task = { ...entry.task, status: 'expired' }
    return entry
  }
  const own = (id: string, of: Pick<Bound, 'tenant' | 'caller'>, now: number): Entry | undefined => {
    const entry = current(id, now)
    return entry !== undefined && isOf(entry, of) ? entry : undefined
  }
  const waiting = (id: string, now: number): Entry => {
    const entry = current(id, now)
    if (entry?.task.status === 'pending') return entry
    throw new SallyportError('E_ACCESS_REQUEST', `the task is ${entry?.task.status ?? 'unknown'}, not pending`)
  }
  return {
    open: async (submission, now) => {
      const before = repeated(entries, submission)
      if (before !== undefined) {
        const same = before.submission.idempotency?.bodyDigest === submission.idempotency?.bodyDigest
        return same ? (current(before.task.id, now)?.task ?? 'duplicate') : 'duplicate'
      }
      forget(entries, approvals, now, taskLifetime)
      if (entries.size >= mostTasks) return 'full'
      const task: AccessTask = { id: newId(), status: 'pending', expiresAt: now + taskLifetime }
      entries.set(task.id, { submission, task, revoked: false })
      return task
    },
    find: async (id, of, now) => own(id, of, now)?.task,
    cancel: async (id, of, now) => {
      const entry = own(id, of, now)
      if (entry?.task.status === 'pending') entry.task = { ...entry.task, status: 'cancelled' }
      return entry?.task
    },
    redeem: async (approvalId, by, now): Promise<Approval | Inapplicable> => {
      const entry = approvals.get(approvalId)
      const approval = entry?.task.approval
      if (entry === undefined || approval === undefined || !isOf(entry, by)) return 'approval_unverifiable'
      if (entry.submission.digest !== by.digest) return 'out_of_scope'
      return entry.revoked || now >= approval.approvedUntil ? 'approval_expired' : approval
    },
    pending: (now) =>
      [...entries.keys()].flatMap((taskId) => {
        const entry = current(taskId, now)
        return entry?.task.status === 'pending' ? [{ ...entry.submission, taskId }] : []
      }),
    approve: (taskId, { approver, until }, now) => {
      const entry = waiting(taskId, now)
      const { caller, request } = entry.submission
      if (approver === caller.id || isActor(request.subject, approver)) {
        throw new SallyportError('E_ACCESS_REQUEST', `${approver} asks for this and cannot approve it`)
      }
      const approval: Approval = { id: newId(), approvedAt: now, approvedUntil: until }
      entry.task = { ...entry.task, status: 'approved', approval }
      approvals.set(approval.id, entry)
      return approval
    },
    deny: (taskId, now) => {
      const entry = waiting(taskId, now)
      entry.task = { ...entry.task, status: 'denied' }
    },
    revoke: (approvalId) => {
      const entry = approvals.get(approvalId)
      if (entry !== undefined) entry.revoked = true
    },
  }
}

function isOf({ submission }: Entry, { tenant, caller }: Pick<Bound, 'tenant' | 'caller'>): boolean {
  return submission.tenant === tenant && isSameCaller(submission.caller, caller)
}

/** The task that was opened with the same key by the same caller. */
function repeated(entries: ReadonlyMap<string, Entry>, submission: Submission): Entry | undefined {
  const key = submission.idempotency?.key
  if (key === undefined) return undefined
  return [...entries.values()].find((entry) => isOf(entry, submission) && entry.submission.idempotency?.key === key)
}

/** Tasks are kept for their lifetime after their end, and as long as their approval is good. */
function forget(entries: Map<string, Entry>, approvals: Map<string, Entry>, now: number, lifetime: number): void {
  for (const [id, { task }] of entries) {
    if (now < Math.max(task.expiresAt + lifetime, task.approval?.approvedUntil ?? 0)) continue
    entries.delete(id)
    if (task.approval !== undefined) approvals.delete(task.approval.id)
  }
}

function isActor(subject: Submission['request']['subject'], id: string): boolean {
  for (let actor: typeof subject | undefined = subject; actor !== undefined; actor = actor.on_behalf_of) {
    if (actor.id === id) return true
  }
  return subject.delegation_chain?.some((actor) => actor.id === id) ?? false
}
