/** X-Request-ID (AuthZEN Authorization API 1.0, section 10.1.3): echoed on every answer, errors included. */
import type { MiddlewareHandler } from 'hono'

/** Printable ASCII of at most 128 characters. Anything else is not reflected: it could carry markup or fill logs. */
export function isRequestId(value: string): boolean {
  return /^[\x21-\x7e](?:[\x20-\x7e]{0,126}[\x21-\x7e])?$/.test(value)
}

export const requestId: MiddlewareHandler = async (c, next) => {
  await next()
  const id = c.req.header('X-Request-ID')
  if (id !== undefined && isRequestId(id)) c.header('X-Request-ID', id)
}
