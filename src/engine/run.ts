/** Runs: requests in a row that differ in their resource alone, as lists of candidates do. */
import type { AccessRequest } from './types.ts'

/** The index after the last request of the run that begins at `start`. */
export function runEnd(requests: readonly AccessRequest[], start: number): number {
  const first = requests[start]!
  let end = start + 1
  while (end < requests.length && isFurther(first, requests[end]!)) end++
  return end
}

/** Whether what the two share is the very same: comparing it would cost as much as reading it. */
function isFurther(first: AccessRequest, next: AccessRequest): boolean {
  return (
    next?.subject === first.subject &&
    next.context === first.context &&
    next.state === first.state &&
    next.tenant === first.tenant &&
    next.resource?.type === first.resource.type &&
    isSameAction(first.action, next.action)
  )
}

/** Actions are often written afresh for each request. */
function isSameAction(first: AccessRequest['action'], next: AccessRequest['action']): boolean {
  if (first === next) return true
  return next?.name === first.name && first.properties === undefined && next.properties === undefined
}
