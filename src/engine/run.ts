/** Runs: requests in a row that differ in their resource alone, as lists of candidates do. */
import type { AccessRequest } from './types.ts'

/** Whether what the two share is the very same: comparing it would cost as much as reading it. */
export function isFurther(first: AccessRequest, next: AccessRequest | undefined): boolean {
  return (
    next?.subject === first.subject &&
    next.context === first.context &&
    next.state === first.state &&
    next.tenant === first.tenant &&
    isSameAction(first.action, next.action)
  )
}

/** Actions are often written afresh for each request. */
function isSameAction(first: AccessRequest['action'], next: AccessRequest['action']): boolean {
  if (first === next) return true
  return next?.name === first.name && first.properties === undefined && next.properties === undefined
}
