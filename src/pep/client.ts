/** A client for any AuthZEN PDP: the PEP's side of the Authorization API 1.0. */

import type { JsonObject } from '../authzen/json.ts'
import { SallyportError } from '../errors.ts'
import { checkAddress, checkEndpoint } from '../http/address.ts'
import { checkWhole, LONGEST_TIME } from '../http/numbers.ts'
import type { BreakerOptions } from '../http/tries.ts'
import { untilAborted } from '../http/until-aborted.ts'
import { canonicalText } from '../text/canonical.ts'
import {
  type PdpActionResult,
  type PdpDecision,
  type PdpEntityResult,
  type PdpPage,
  readActions,
  readDecision,
  readDecisions,
  readEntities,
} from './answers.ts'
import type { Credentials } from './credentials.ts'
import { type CacheOptions, createDecisionCache } from './decision-cache.ts'
import {
  type Discovered,
  defaultEndpoints,
  type EndpointName,
  type Endpoints,
  metadataAddress,
  readMetadata,
} from './discovery.ts'
import { PdpError } from './error.ts'
import { type Answer, exchange, type Fetch } from './exchange.ts'
import { checkHeader } from './headers.ts'
import { hasObligations } from './obligations.ts'
import type { EvaluationRequest, EvaluationsRequest, SearchRequest } from './requests.ts'
import { createResilience } from './resilience.ts'

export interface PdpClientOptions {
  /** The PDP's base URL, `https://HOST/PATH`; http only for localhost and 127.0.0.1. */
  readonly pdp: string
  /** Where its endpoints are; left out: from its metadata, or at the default paths where it has none (404). */
  readonly endpoints?: Endpoints
  readonly credentials?: Credentials
  /** Milliseconds for one attempt; 2,000 when left out. */
  readonly timeout?: number
  /** How often a request is sent again after a failure that may pass; 2 when left out. */
  readonly retries?: number
  /** Milliseconds before the first of these, doubled each time; 50 when left out. */
  readonly backoff?: number
  /** When to leave a failing PDP alone; 5 failures and 10,000 ms when left out. */
  readonly breaker?: BreakerOptions | false
  /** Keep decisions whose answers allow it with Cache-Control; none when left out. */
  readonly cache?: CacheOptions
  /** Replaces the platform's. */
  readonly fetch?: Fetch
}

export interface CallOptions {
  readonly signal?: AbortSignal
  /** Sent as X-Request-ID (section 10.1.3), so that both sides' logs can be brought together; of Latin-1 and without line breaks. */
  readonly requestId?: string
}

/** Calls throw PdpError, and SallyportError `E_USAGE` for what cannot be asked; treat that as a denial, or use `isAllowed`. */
export interface PdpClient {
  evaluate(request: EvaluationRequest, options?: CallOptions): Promise<PdpDecision>
  /**
   * Whether the decision is true and asks for nothing more; false whenever there is none, whatever the reason. With obligations an
   * allow is a denial, since whoever has only this answer cannot meet them: use `evaluate` for these.
   */
  isAllowed(request: EvaluationRequest, options?: CallOptions): Promise<boolean>
  /** Without evaluations: `E_USAGE`. */
  evaluateMany(request: EvaluationsRequest, options?: CallOptions): Promise<PdpDecision[]>
  /** Results may have obligations: leave out those whose obligations you cannot meet. */
  searchSubjects(request: SearchRequest, options?: CallOptions): Promise<PdpPage<PdpEntityResult>>
  searchResources(request: SearchRequest, options?: CallOptions): Promise<PdpPage<PdpEntityResult>>
  searchActions(request: SearchRequest, options?: CallOptions): Promise<PdpPage<PdpActionResult>>
  /** Where its requests go. */
  endpoints(options?: CallOptions): Promise<Endpoints>
  /** Forgets decisions and metadata; answers that are under way are given, and not kept. */
  clear(): void
}

/**
 * @throws SallyportError `E_ADDRESS` for an address that is refused; `E_USAGE` for a number that an option cannot have.
 * @example
 * const pdp = createPdpClient({ pdp: 'https://pdp.example.com', credentials: bearer(token) })
 * if (await pdp.isAllowed({ subject, action: { name: 'read' }, resource })) …
 */
export function createPdpClient(options: PdpClientOptions): PdpClient {
  const { credentials, timeout = 2_000, retries = 2, backoff = 50, cache } = options
  checkWhole('timeout', timeout, 1, LONGEST_TIME)
  const base = checkAddress(options.pdp)
  const given = options.endpoints && { endpoints: checkEndpoints(options.endpoints), refused: {} }
  const fetch: Fetch = options.fetch ?? ((url, init) => globalThis.fetch(url, init))
  const breaker = options.breaker ?? { failures: 5, pause: 10_000 }
  const resilient = createResilience({ retries, backoff, breaker })
  const decisions = cache && createDecisionCache(cache)
  let discovered: Promise<Discovered> | undefined

  async function attempt(
    method: 'GET' | 'POST',
    url: string,
    body: string | undefined,
    call: CallOptions,
  ): Promise<Answer> {
    const { signal, requestId } = call
    const shown = (await credentials?.headers(fetch, signal)) ?? {}
    for (const [name, value] of Object.entries(shown)) checkHeader(name, value, 'what the credentials show')
    const headers = {
      Accept: 'application/json',
      ...(body !== undefined && { 'Content-Type': 'application/json' }),
      ...(requestId !== undefined && { 'X-Request-ID': requestId }),
      ...shown,
    }
    return exchange(fetch, { method, url, headers, timeout, signal, ...(body !== undefined && { body }) })
  }

  /** Once more with other credentials, should these have been revoked. */
  async function authorized(
    method: 'GET' | 'POST',
    url: string,
    body: string | undefined,
    call: CallOptions,
  ): Promise<Answer> {
    try {
      return await attempt(method, url, body, call)
    } catch (error) {
      const refused = error instanceof PdpError && error.status === 401
      if (!refused || credentials?.renew?.() !== true) throw error
      return attempt(method, url, body, call)
    }
  }

  const ask = (method: 'GET' | 'POST', url: string, body: string | undefined, call: CallOptions): Promise<Answer> =>
    resilient(() => authorized(method, url, body, call), call.signal)

  async function discover(): Promise<Discovered> {
    try {
      const { body } = await ask('GET', metadataAddress(base), undefined, {})
      return readMetadata(body, options.pdp)
    } catch (error) {
      if (error instanceof PdpError && error.status === 404) {
        return { endpoints: defaultEndpoints(base), refused: {} }
      }
      throw error
    }
  }

  async function find(call: CallOptions): Promise<Discovered> {
    if (given !== undefined) return given
    call.signal?.throwIfAborted()
    // Without the signal of one caller, since others may wait for the same.
    discovered ??= remember(discover())
    return untilAborted(discovered, call.signal)
  }

  /** Until it fails; then it takes with it no other that was asked for since. */
  function remember(found: Promise<Discovered>): Promise<Discovered> {
    const remembered: Promise<Discovered> = found.catch((error: unknown) => {
      if (discovered === remembered) discovered = undefined
      throw error
    })
    return remembered
  }

  async function send(name: EndpointName, body: string, call: CallOptions): Promise<Answer> {
    // Before any attempt: a caller's mistake is no failure of the PDP, and opens no circuit for others.
    if (call.requestId !== undefined) checkHeader('X-Request-ID', call.requestId, 'the requestId')
    const { endpoints, refused } = await find(call)
    const url = endpoints[name]
    if (url === undefined) throw refused[name] ?? new SallyportError('E_USAGE', `the PDP has no ${name}`)
    return ask('POST', url, body, call)
  }

  async function evaluate(request: EvaluationRequest, call: CallOptions = {}): Promise<PdpDecision> {
    const key = decisions && canonicalText(request)
    const kept = key === undefined ? undefined : decisions?.get(key)
    if (kept !== undefined) return kept
    const keep = key === undefined ? undefined : decisions?.asking(key)
    const { body, headers } = await send('access_evaluation_endpoint', JSON.stringify(request), call)
    const decision = readDecision(body)
    keep?.(decision, headers)
    return decision
  }

  return {
    evaluate,
    async isAllowed(request, call) {
      try {
        const { decision, context } = await evaluate(request, call)
        return decision && !hasObligations(context)
      } catch {
        return false
      }
    },
    async evaluateMany(request, call = {}) {
      // For section 7.1 it would be a single evaluation; and of no decisions at all, every one is an allow.
      if (request.evaluations.length === 0)
        throw new SallyportError('E_USAGE', 'there are no evaluations; use evaluate for one')
      const { body } = await send('access_evaluations_endpoint', JSON.stringify(request), call)
      const semantic = request.options?.evaluations_semantic ?? 'execute_all'
      return readDecisions(body, request.evaluations.length, semantic)
    },
    async searchSubjects(request, call = {}) {
      return readEntities((await send('search_subject_endpoint', JSON.stringify(request), call)).body)
    },
    async searchResources(request, call = {}) {
      return readEntities((await send('search_resource_endpoint', JSON.stringify(request), call)).body)
    },
    async searchActions(request, call = {}) {
      return readActions((await send('search_action_endpoint', JSON.stringify(request), call)).body)
    },
    endpoints: async (call = {}) => (await find(call)).endpoints,
    clear() {
      decisions?.clear()
      discovered = undefined
    },
  }
}

function checkEndpoints(endpoints: Endpoints): Endpoints {
  const checked = Object.entries(endpoints).map(([name, url]: [string, string]) => [
    name,
    checkEndpoint(url, `"${name}"`),
  ])
  return Object.fromEntries(checked)
}

/**
 * The results of all pages.
 *
 * @example for await (const { id } of allPages((page) => pdp.searchResources({ subject, action, resource, page }))) …
 */
export async function* allPages<Result>(
  search: (page: JsonObject | undefined) => Promise<PdpPage<Result>>,
): AsyncGenerator<Result, void, undefined> {
  let page: JsonObject | undefined
  do {
    const { results, next } = await search(page)
    yield* results
    page = next === undefined ? undefined : { token: next }
  } while (page !== undefined)
}
