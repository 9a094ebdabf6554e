/** `page` in the requests of the Search APIs (AuthZEN Authorization API 1.0, section 8.2.1). */
import { bad, own, quote } from './json.ts'
import type { PageTokens, Position } from './page-token.ts'
import { kindOf, readObject, readString } from './request.ts'

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

/**
 * Where a request goes on, and the limit that it asks for; `most` when it asks for none. A limit beside a token has to be the first
 * request's; one may leave it out, as the specification's example does.
 *
 * @throws SallyportError `E_REQUEST` when the token belongs to another query, or the limit has changed.
 */
export async function startOf(
  page: PageRequest | undefined,
  query: string,
  tokens: PageTokens,
  most: number,
): Promise<Position> {
  const asked = page?.limit
  if (page?.token === undefined) return { after: undefined, limit: asked ?? most }
  const { after, limit } = await tokens.open(query, page.token)
  if (asked !== undefined && asked !== limit) throw bad(`page.limit was ${limit} when this search began; keep it`)
  return { after, limit }
}

function isLimit(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
}
