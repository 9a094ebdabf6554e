/** Errors over HTTP: Problem Details (RFC 9457) with our stable `code`. */
import type { Context } from 'hono'
import type { ErrorCode } from '../errors.ts'

/** The codes of errors that exist only over HTTP, beside those of the library. */
export type ProblemCode = ErrorCode | 'E_TOO_LARGE' | 'E_NOT_FOUND' | 'E_METHOD' | 'E_NOT_READY' | 'E_INTERNAL'

export interface Problem {
  /** The phrase of the status; RFC 9457, section 4.2.1 asks for it where no `type` is given. */
  readonly title: string
  readonly status: ProblemStatus
  readonly code: ProblemCode
  /** One line: what is wrong and what to do. */
  readonly detail: string
}

const titles = {
  400: 'Bad Request',
  404: 'Not Found',
  405: 'Method Not Allowed',
  413: 'Content Too Large',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
} as const

export type ProblemStatus = keyof typeof titles

/** @example return problem(c, 404, 'E_NOT_FOUND', 'there is nothing at /foo') */
export function problem(
  c: Context,
  status: ProblemStatus,
  code: ProblemCode,
  detail: string,
  headers: Record<string, string> = {},
): Response {
  const body: Problem = { title: titles[status], status, code, detail }
  return c.body(JSON.stringify(body), status, { ...headers, 'Content-Type': 'application/problem+json' })
}
