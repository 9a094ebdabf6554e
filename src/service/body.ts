/** A request's body, from bytes to a JSON object. Every way in which it can be wrong ends here, in one clear line. */
import type { Context, MiddlewareHandler } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { type JsonObject, parseBytes } from '../authzen/json.ts'
import type { Limits } from '../authzen/limits.ts'
import { SallyportError } from '../errors.ts'
import { problem } from './problem.ts'

/**
 * Refuses bodies that are not `application/json` (400, as the AuthZEN certification asks; HTTP would have 415) and
 * bodies longer than `maxBytes` (413), whether their length is announced or not.
 */
export function checkBody(maxBytes: number): MiddlewareHandler {
  const tooLarge = (c: Context) => problem(c, 413, 'E_TOO_LARGE', `the body is larger than ${maxBytes} bytes`)
  const counted = bodyLimit({ maxSize: maxBytes, onError: tooLarge })
  return async (c, next) => {
    const wrong = contentTypeMistake(c.req.header('Content-Type'))
    if (wrong !== undefined) return problem(c, 400, 'E_REQUEST', wrong)
    const length = c.req.header('Content-Length')
    // The HTTP layer holds a client to the length it announced; bytes are counted only where none is.
    if (length === undefined || c.req.header('Transfer-Encoding') !== undefined) return received(counted(c, next))
    return Number(length) <= maxBytes ? next() : tooLarge(c)
  }
}

/** Reads the body as UTF-8 and as one JSON object. Throws SallyportError `E_REQUEST`. */
export async function readBody(c: Context, limits: Limits): Promise<JsonObject> {
  return parseBytes(await receiveBody(c), limits.depth)
}

/** A request's body as it comes. Throws SallyportError `E_REQUEST`. */
export async function receiveBody(c: Context): Promise<Uint8Array> {
  return new Uint8Array(await received(c.req.arrayBuffer()))
}

/** A client that breaks off in the middle of its body is no fault of ours. */
async function received<T>(reading: Promise<T>): Promise<T> {
  try {
    return await reading
  } catch (cause) {
    throw new SallyportError('E_REQUEST', 'the body ends before its announced end', { cause })
  }
}

/** What is wrong with a content type; undefined when it is JSON in UTF-8. */
export function contentTypeMistake(header: string | undefined): string | undefined {
  const [type, ...parameters] = (header ?? '').split(';').map((part) => part.trim().toLowerCase())
  if (type !== 'application/json') return 'send Content-Type: application/json'
  const charset = parameters.find((parameter) => parameter.startsWith('charset='))
  if (charset !== undefined && !/^charset="?utf-?8"?$/.test(charset)) return 'send the body in UTF-8'
  return undefined
}
