/** Errors over HTTP: Problem Details (RFC 9457) with our stable `code`. */
import type { Context } from 'hono'
import type { ErrorCode } from '../errors.ts'
import { note } from './observe/seen.ts'

/** The codes of errors that exist only over HTTP, beside those of the library. */
export type ProblemCode =
  | ErrorCode
  | 'E_UNAUTHENTICATED'
  | 'E_FORBIDDEN'
  | 'E_PRECONDITION'
  | 'E_TOO_LARGE'
  | 'E_TOO_SLOW'
  | 'E_RATE'
  | 'E_NOT_FOUND'
  | 'E_METHOD'
  | 'E_NOT_READY'
  | 'E_INTERNAL'

export interface Problem {
  /** A URI where a specification defines one for this problem; left out, the status says it all (section 4.2.1). */
  readonly type?: string
  /** The phrase of the status; RFC 9457, section 4.2.1 asks for it where no `type` is given. */
  readonly title: string
  readonly status: ProblemStatus
  readonly code: ProblemCode
  /** One line: what is wrong and what to do. */
  readonly detail: string
}

const titles = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  408: 'Request Timeout',
  409: 'Conflict',
  410: 'Gone',
  412: 'Precondition Failed',
  413: 'Content Too Large',
  428: 'Precondition Required',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
} as const

export type ProblemStatus = keyof typeof titles

export interface ProblemExtras {
  readonly type?: string
  readonly headers?: Readonly<Record<string, string>>
}

/** Thrown while a request is read: it is answered with this problem. */
export class ProblemError extends Error {
  override name = 'ProblemError'
  readonly status: ProblemStatus
  readonly code: ProblemCode
  readonly extras: ProblemExtras

  constructor(status: ProblemStatus, code: ProblemCode, detail: string, extras: ProblemExtras = {}) {
    super(detail)
    this.status = status
    this.code = code
    this.extras = extras
  }
}

/** The same for what is nowhere, and for what is there for others. */
export const nothingHere = 'there is nothing at this path; /openapi.json says what there is'

export function unknownPath(): ProblemError {
  return new ProblemError(404, 'E_NOT_FOUND', nothingHere)
}

/** @example return problem(c, 404, 'E_NOT_FOUND', 'there is nothing at /foo') */
export function problem(
  c: Context,
  status: ProblemStatus,
  code: ProblemCode,
  detail: string,
  extras: ProblemExtras = {},
): Response {
  note(c, { code })
  return c.body(problemText(status, code, detail, extras), status, problemHeaders(extras))
}

/** The same where there is no app yet. */
export function problemResponse(
  status: ProblemStatus,
  code: ProblemCode,
  detail: string,
  extras: ProblemExtras = {},
): Response {
  return new Response(problemText(status, code, detail, extras), { status, headers: problemHeaders(extras) })
}

function problemText(status: ProblemStatus, code: ProblemCode, detail: string, { type }: ProblemExtras): string {
  const body: Problem = { ...(type === undefined ? {} : { type }), title: titles[status], status, code, detail }
  return JSON.stringify(body)
}

function problemHeaders({ headers = {} }: ProblemExtras): Record<string, string> {
  return { ...headers, 'Content-Type': 'application/problem+json' }
}
