/** A line of log for every request, and for every fault: what happened, and nothing that a log should not hold. */
import { SallyportError } from '../../errors.ts'
import type { Observer, SeenRequest } from '../observe/observer.ts'
import type { Logger } from '../options.ts'
import { type LogFormat, type LogRecord, writeLine } from './line.ts'

export interface LogOptions {
  readonly format: LogFormat
  /** Takes a line without its end. */
  readonly write: (line: string) => void
  /** Milliseconds since the epoch. */
  readonly now: () => number
  /** Whether faults are told with the place in the program where they arose. */
  readonly stacks?: boolean
}

/** An id of a client's may be as long as a header; so much of it is enough to find it. */
const LONGEST = 128

/**
 * Logs requests: their method, route, status, code, caller and tenant. Never paths as they were sent, queries, credentials, bodies, or other
 * headers than `X-Request-ID`.
 *
 * @example createApp({ engine, observers: [requestLog({ format: 'json', write: console.log, now: Date.now })] })
 */
export function requestLog({ format, write, now }: LogOptions): Observer {
  return {
    async around(seen, next) {
      const start = performance.now()
      try {
        await next()
      } finally {
        write(writeLine(format, recordOf(seen, now(), performance.now() - start)))
      }
    },
  }
}

/** Faults of the service in the same form, for `createApp({ logger })`. */
export function faultLog({ format, write, now, stacks = false }: LogOptions): Logger {
  return {
    error(message, cause, about) {
      const code = cause instanceof SallyportError ? cause.code : 'E_INTERNAL'
      const detail = cause instanceof Error ? ((stacks ? cause.stack : undefined) ?? cause.message) : String(cause)
      const id = about && { request_id: about.requestId.slice(0, LONGEST) }
      write(writeLine(format, { time: timeOf(now()), level: 'error', message, ...id, code, detail }))
    },
  }
}

function recordOf(seen: SeenRequest, now: number, duration: number): LogRecord {
  const { method, route, status, code, tenant, caller, id } = seen
  return {
    time: timeOf(now),
    level: status >= 500 ? 'error' : status === 401 || status === 429 ? 'warn' : 'info',
    message: 'request',
    request_id: id.slice(0, LONGEST),
    method,
    route,
    status,
    code,
    duration_ms: Math.round(duration * 1000) / 1000,
    tenant,
    caller: caller?.id,
    caller_type: caller?.type,
    proof: caller?.proof,
  }
}

function timeOf(now: number): string {
  return new Date(now).toISOString()
}
