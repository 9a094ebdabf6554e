/** Telling people of approvals. The guard sends nothing by itself: whoever makes it may pass a notifier. */
import type { ApprovalRequest } from './record.ts'

export interface ApprovalEvent {
  readonly type: /** Somebody has asked; approvers may vote. */
    | 'approval.requested'
    /** The next stage is to be decided. */
    | 'approval.advanced'
    /** It has waited long enough for others to approve as well. */
    | 'approval.escalated'
    /** It is approved, rejected, withdrawn or expired. */
    | 'approval.resolved'
  readonly tenant: string
  /** Milliseconds since 1970. */
  readonly at: number
  readonly approval: ApprovalRequest
}

/**
 * Takes events. What it throws goes to `onError` and changes no answer; an event may be lost, so the list of pending requests is what
 * counts.
 */
export interface ApprovalNotifier {
  notify(event: ApprovalEvent): Promise<void>
}

/**
 * A notifier that calls a function.
 *
 * @example createGuard({ …, approvals: { notifier: callNotifier(async ({ approval }) => post(`please look at ${approval.id}`)) } })
 */
export function callNotifier(call: (event: ApprovalEvent) => Promise<void> | void): ApprovalNotifier {
  return { notify: async (event) => call(event) }
}
