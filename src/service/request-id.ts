/** X-Request-ID (AuthZEN Authorization API 1.0, section 10.1.3): echoed on every answer, errors included. */
import type { MiddlewareHandler } from 'hono'

/**
 * Whether a value can stand in a header (RFC 9110, section 5.5). The specification allows any string, so every such value is
 * echoed as it is; what could end the header and begin another cannot come in by one either. Its length is bounded by the
 * server's limit on headers.
 */
export function isRequestId(value: string): boolean {
  return /^[\t\x20-\x7e\x80-\xff]+$/.test(value)
}

export const requestId: MiddlewareHandler = async (c, next) => {
  await next()
  const id = c.req.header('X-Request-ID')
  if (id !== undefined && isRequestId(id)) c.header('X-Request-ID', id)
}
