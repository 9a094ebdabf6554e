/** A request's body, from bytes to a JSON object. Every way in which it can be wrong ends here, in one clear line. */
import type { Context } from 'hono'
import { type JsonObject, parseBytes } from '../authzen/json.ts'
import { SallyportError } from '../errors.ts'
import { readAtMost } from '../http/read-at-most.ts'
import { ProblemError } from './problem.ts'

export interface BodyLimits {
  /** The longest body, in bytes. */
  readonly maxBytes: number
  /** How long a body may take to arrive, in milliseconds. */
  readonly timeout: number
  /** Objects and lists inside each other. */
  readonly depth: number
}

/**
 * Reads the body as UTF-8 and as one JSON object.
 *
 * @throws SallyportError `E_REQUEST`; ProblemError when the body is too long (413) or too slow (408).
 */
export async function readBody(c: Context, limits: BodyLimits): Promise<JsonObject> {
  return parseBytes(await readBytes(c, limits), limits.depth)
}

/**
 * The bytes of a body that says it is JSON. Another content type is refused with 400, as the AuthZEN certification asks
 * (HTTP would have 415), and so is a body that is compressed: a little of it could become a lot.
 */
export async function readBytes(c: Context, { maxBytes, timeout }: BodyLimits): Promise<ArrayBuffer> {
  const wrong = contentTypeMistake(c.req.header('Content-Type')) ?? codingMistake(c.req.header('Content-Encoding'))
  if (wrong !== undefined) throw new SallyportError('E_REQUEST', wrong)
  const length = c.req.header('Content-Length')
  // The HTTP layer holds a client to the length it announced; bytes are counted only where none is.
  const announced = length !== undefined && c.req.header('Transfer-Encoding') === undefined
  if (announced && !(Number(length) <= maxBytes)) throw tooLarge(maxBytes)
  return within(timeout, announced ? c.req.arrayBuffer() : count(c.req.raw.body, maxBytes))
}

/** A body of unknown length; reading stops at the first byte too many. */
async function count(body: ReadableStream<Uint8Array> | null, maxBytes: number): Promise<ArrayBuffer> {
  const bytes = await readAtMost(body, maxBytes)
  if (bytes === undefined) throw tooLarge(maxBytes)
  return bytes.buffer
}

/** A client that breaks off in the middle of its body, or lets us wait for it, is no fault of ours. */
async function within(timeout: number, reading: Promise<ArrayBuffer>): Promise<ArrayBuffer> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<never>((_resolve, reject) => {
    const headers = { Connection: 'close' }
    timer = setTimeout(() => {
      reject(new ProblemError(408, 'E_TOO_SLOW', `the body did not arrive within ${timeout} ms`, { headers }))
    }, timeout)
  })
  try {
    return await Promise.race([reading, late])
  } catch (cause) {
    if (cause instanceof ProblemError) throw cause
    throw new SallyportError('E_REQUEST', 'the body ends before its announced end', { cause })
  } finally {
    clearTimeout(timer)
    // When it is late it may still fail, with nobody to hear it.
    reading.catch(() => {})
  }
}

function tooLarge(maxBytes: number): ProblemError {
  return new ProblemError(413, 'E_TOO_LARGE', `the body is larger than ${maxBytes} bytes`)
}

/** What is wrong with a content type; undefined when it is JSON in UTF-8. */
export function contentTypeMistake(header: string | undefined): string | undefined {
  // Nearly always.
  if (header === 'application/json') return undefined
  const [type, ...parameters] = (header ?? '').split(';').map((part) => part.trim().toLowerCase())
  if (type !== 'application/json') return 'send Content-Type: application/json'
  const charsets = parameters.filter((parameter) => /^charset\s*=/.test(parameter))
  if (!charsets.every((parameter) => /^charset="?utf-?8"?$/.test(parameter))) return 'send the body in UTF-8'
  return undefined
}

function codingMistake(header: string | undefined): string | undefined {
  return header === undefined || header.trim().toLowerCase() === 'identity' ? undefined : 'send the body uncompressed'
}
