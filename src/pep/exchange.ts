/** One HTTP exchange with a PDP: JSON out, JSON in, in bounded time and size. */
import { type JsonObject, parseBody } from '../authzen/json.ts'
import { readAtMost } from '../http/read-at-most.ts'
import { isMap } from '../text/is-map.ts'
import { PdpError } from './error.ts'

export type Fetch = (url: string, init: RequestInit) => Promise<Response>

export interface Exchange {
  readonly method: 'GET' | 'POST'
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
  /** Milliseconds until it is given up. */
  readonly timeout: number
  readonly signal?: AbortSignal | undefined
}

export interface Answer {
  readonly body: JsonObject
  readonly headers: Headers
}

/** Of an answer; a page of 1,000 search results is a tenth of it. */
const MAX_BYTES = 4 << 20
const MAX_DEPTH = 64

/**
 * @throws PdpError for whatever goes wrong, without saying where or what was sent. When the caller's signal aborts, its reason is
 * thrown as it is.
 */
export async function exchange(fetch: Fetch, { timeout, signal, url, ...init }: Exchange): Promise<Answer> {
  const late = AbortSignal.timeout(timeout)
  const either = signal === undefined ? late : AbortSignal.any([signal, late])
  try {
    // A redirect would take the credentials elsewhere; `error` is not known in Workers.
    const response = await fetch(url, { ...init, redirect: 'manual', signal: either })
    if (!response.ok) {
      await response.body?.cancel()
      const status = response.status === 0 ? 302 : response.status
      throw new PdpError('E_PDP_STATUS', `the PDP answered with HTTP ${status}`, { status, ...retryAfterOf(response) })
    }
    return { body: parse(await readText(response)), headers: response.headers }
  } catch (error) {
    if (error instanceof PdpError) throw error
    if (signal?.aborted) throw signal.reason
    if (late.aborted) throw new PdpError('E_PDP_TIMEOUT', `the PDP did not answer within ${timeout} ms`)
    throw new PdpError('E_PDP_CONNECTION', 'the PDP could not be reached')
  }
}

async function readText(response: Response): Promise<string> {
  const bytes = await readAtMost(response.body, MAX_BYTES)
  if (bytes === undefined) throw new PdpError('E_PDP_ANSWER', `the PDP's answer is longer than ${MAX_BYTES} bytes`)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new PdpError('E_PDP_ANSWER', "the PDP's answer is not UTF-8")
  }
}

function parse(text: string): JsonObject {
  try {
    const body = parseBody(text, MAX_DEPTH)
    if (isMap(body)) return body
  } catch {
    // What is wrong with it could quote it.
  }
  throw new PdpError('E_PDP_ANSWER', "the PDP's answer is no JSON object")
}

/** Seconds or a date. */
function retryAfterOf({ headers }: Response): { retryAfter?: number } {
  const value = headers.get('Retry-After')
  if (value === null) return {}
  if (/^\d{1,6}$/.test(value)) return { retryAfter: Number(value) * 1000 }
  const date = Date.parse(value)
  return Number.isNaN(date) ? {} : { retryAfter: Math.max(0, date - Date.now()) }
}
