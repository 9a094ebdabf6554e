/** The words with which Redis begins its errors, and the errors of connections. */
import { SallyportError } from '../../errors.ts'
import { type FaultCode, fault, memberOf } from '../fault.ts'

const byText: readonly (readonly [RegExp, FaultCode])[] = [
  [/^(?:READONLY|MISCONF|NOREPLICAS)\b/, 'E_STORE_READ_ONLY'],
  [/^OOM\b/, 'E_STORE_FULL'],
  [/^(?:BUSY|TRYAGAIN)\b/, 'E_STORE_BUSY'],
  [/time(?:d )?out/i, 'E_STORE_TIMEOUT'],
  [
    /^(?:LOADING|CLUSTERDOWN|MASTERDOWN|NOAUTH|WRONGPASS)\b|E(?:CONN\w+|PIPE|NOTFOUND|AI_AGAIN)\b/,
    'E_STORE_UNAVAILABLE',
  ],
  [/closed|offline|disconnect|abort/i, 'E_STORE_UNAVAILABLE'],
]

/** The classes of errors that the server sent, in `redis` and `ioredis`. */
const ANSWER = /^(?:ErrorReply|SimpleError|BlobError|ReplyError)$/

export function redisFault(error: unknown): SallyportError {
  if (error instanceof SallyportError) return error
  const inner: unknown = error instanceof AggregateError ? error.errors[0] : undefined
  const text = `${error instanceof Error ? error.message : error} ${memberOf(error, 'code') ?? memberOf(inner, 'code') ?? ''}`
  const name = error instanceof Error ? error.constructor.name : ''
  const found = byText.find(([pattern]) => pattern.test(text) || pattern.test(name))
  // With any other error than an answer it may have been applied.
  return fault(found?.[1] ?? (ANSWER.test(name) ? 'E_STORE' : 'E_STORE_UNAVAILABLE'), 'redis', error)
}
