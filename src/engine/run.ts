/** Runs: requests in a row that differ in their resource alone, as lists of candidates do. */
import type { AccessRequest } from './types.ts'

/** Whether what the two share is the very same: comparing it would cost as much as reading it. */
export function isFurther(first: AccessRequest, next: AccessRequest | undefined): next is AccessRequest {
  if (next === undefined || next === null || next.subject !== first.subject) return false
  if (next.context !== first.context || next.state !== first.state || next.tenant !== first.tenant) return false
  return next.action === first.action || isSameAction(first.action, next.action)
}

/** Actions are often written afresh for each request. */
function isSameAction(first: AccessRequest['action'], next: AccessRequest['action']): boolean {
  return next?.name === first.name && first.properties === undefined && next.properties === undefined
}
