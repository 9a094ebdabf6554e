/**
 * Page tokens of the Search APIs (AuthZEN Authorization API 1.0, section 8.2): opaque, and stateless, so that any
 * instance over the same policies can continue what another began.
 *
 * A token holds a position and the page limit, and a digest over them, the query and the image. It is bound to
 * these and detects changes; it needs no key, because a forged one could only point into results that its holder
 * may list from the start anyway.
 */
import { bad, own, quote } from './json.ts'
import { kindOf, readObject, readString } from './request.ts'

/** Where a search goes on: after this candidate (undefined: before the first), with so many results to a page. */
export interface Position {
  readonly after: string | undefined
  readonly limit: number
}

/** `page` of a request, checked as far as it can be without the query. */
export interface PageRequest {
  readonly token: string | undefined
  readonly limit: number | undefined
}

/** Reads `page`; undefined when the request has none. Its `properties` and unknown keys mean nothing here. */
export function readPage(value: unknown): PageRequest | undefined {
  if (value === undefined) return undefined
  const page = readObject(value, 'page')
  const token = own(page, 'token')
  const limit = own(page, 'limit')
  if (limit !== undefined && !isLimit(limit)) {
    const found = typeof limit === 'number' ? quote(String(limit)) : kindOf(limit)
    throw bad(`page.limit is ${found}; give an integer, 0 or more`)
  }
  return { token: token === undefined ? undefined : readString(token, 'page.token'), limit }
}

/** The token for a position in the results of a query. */
export async function issueToken(query: string, position: Position): Promise<string> {
  const payload = JSON.stringify([position.limit, position.after ?? null])
  return encode(payload) + (await digest(query, payload))
}

/**
 * The position in a token. `asked` is the limit beside it, if any, which must be the one the token was issued with.
 *
 * @throws SallyportError `E_REQUEST` when the token is damaged, or was issued for another query, limit or other policies.
 */
export async function readToken(query: string, token: string, asked: number | undefined): Promise<Position> {
  const payload = decode(token.slice(0, -digestLength))
  if (payload === undefined || token !== encode(payload) + (await digest(query, payload))) {
    throw bad('page.token does not belong to this query and these policies; start again without a token')
  }
  const position = readPosition(payload)
  if (position === undefined) throw bad('page.token is not a page token; start again without a token')
  if (asked !== undefined && asked !== position.limit) {
    throw bad(`page.limit was ${position.limit} when this search began; keep it`)
  }
  return position
}

/** Someone who computes the digest can make a token of any payload, so it is checked like any input. */
function readPosition(payload: string): Position | undefined {
  try {
    const value: unknown = JSON.parse(payload)
    if (!Array.isArray(value)) return undefined
    const [limit, after]: unknown[] = value
    if (!isLimit(limit) || !(after === null || typeof after === 'string')) return undefined
    return { limit, after: after ?? undefined }
  } catch {
    return undefined
  }
}

/**
 * One text for one query: the same whatever the order of the names in the request.
 *
 * @example canonicalText({ b: 1, a: [2] }) // '{"a":[2],"b":1}'
 */
export function canonicalText(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  )
}

function isLimit(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
}

/** 16 bytes in base64url. */
const digestLength = 22

async function digest(query: string, payload: string): Promise<string> {
  // The payload has no line break, so the border between the two is clear.
  const bytes = new TextEncoder().encode(`${payload}\n${query}`)
  return toBase64Url(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)).subarray(0, 16))
}

function encode(text: string): string {
  return toBase64Url(new TextEncoder().encode(text))
}

function decode(text: string): string | undefined {
  if (!/^[\w-]*$/.test(text)) return undefined
  try {
    const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'))
    const bytes = Uint8Array.from(binary, (char) => char.charCodeAt(0))
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return undefined
  }
}

function toBase64Url(bytes: Uint8Array): string {
  let binary = ''
  for (const byte of bytes) binary += String.fromCharCode(byte)
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}
