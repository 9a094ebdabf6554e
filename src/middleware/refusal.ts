/** Refusals as they are sent: Problem Details (RFC 9457), or 202 for what waits for a person. */
import type { Refusal } from './types.ts'

/** The codes of refusals. */
export type RefusalCode = 'E_UNAUTHENTICATED' | 'E_DENIED' | 'E_ACTOR' | 'E_OBLIGATION'

/** 403. */
export function denied(code: Exclude<RefusalCode, 'E_UNAUTHENTICATED'>, detail: string): Refusal {
  return problem(403, 'Forbidden', code, detail, {})
}

/** 401, with how to do it (RFC 9110, section 11.6.1). */
export function unidentified(challenge: string): Refusal {
  const headers = { 'WWW-Authenticate': challenge }
  return problem(401, 'Unauthorized', 'E_UNAUTHENTICATED', 'say who you are; WWW-Authenticate tells how', headers)
}

/** 202: nothing has been done; `location` tells what becomes of it. */
export function underReview(location: string): Refusal {
  const body = { status: 'review', detail: 'a person has to approve this first', location }
  return {
    status: 202,
    headers: { 'Content-Type': 'application/json', 'Cache-Control': 'no-store', Location: location },
    body: JSON.stringify(body),
  }
}

function problem(
  status: 401 | 403,
  title: string,
  code: RefusalCode,
  detail: string,
  headers: Readonly<Record<string, string>>,
): Refusal {
  return {
    status,
    headers: { ...headers, 'Content-Type': 'application/problem+json', 'Cache-Control': 'no-store' },
    body: JSON.stringify({ title, status, code, detail }),
  }
}
