/**
 * `sallyport/client`: the service's API from code, typed by its OpenAPI document. A thin layer over openapi-fetch; runs wherever there is `fetch`.
 */
import createFetchClient, { defaultPathSerializer, type Client as FetchClient } from 'openapi-fetch'
import { SallyportError } from '../errors.ts'
import { checkAddress } from '../http/address.ts'
import { checkWhole, LONGEST_TIME } from '../http/numbers.ts'
import { untilAborted } from '../http/until-aborted.ts'
import { problemIn, ServiceError } from './error.ts'
import type { components, paths } from './schema.ts'

export { ServiceError, type ServiceProblem } from './error.ts'
export type { components, operations, paths } from './schema.ts'

/** The types of bodies, by their names in the document: `Schemas['Delegation']`. */
export type Schemas = components['schemas']

export interface ClientOptions {
  /** Of the service, as `https://authz.example.com`; plain http is for `localhost` and `127.0.0.1` only. */
  readonly url: string
  /** Left out: the tenant at the root. */
  readonly tenant?: string
  /** Sent as a bearer token; a function is asked at every call. */
  readonly token?: string | (() => string | Promise<string>)
  /** Sent with every call. */
  readonly headers?: Readonly<Record<string, string>>
  /** How long an answer may take, in milliseconds; 35,000 when left out, which is longer than the service waits for people. */
  readonly timeout?: number
  /** In place of the platform's. */
  readonly fetch?: (request: Request) => Promise<Response>
}

export type Client = FetchClient<paths, 'application/json'>

/**
 * A client with a method for each HTTP method, whose paths, parameters and bodies are checked by the compiler.
 *
 * @throws SallyportError `E_ADDRESS` for an address to which no credentials should go; `E_USAGE` for a tenant that is no part of a path
 * (a call throws it for such a parameter), and for a timeout that no timer takes
 * @example
 * const client = createClient({ url: 'https://authz.example.com', token })
 * const { decision } = await answerOf(client.POST('/v1/authorize', { body: { subject, action, resource } }))
 */
export function createClient(options: ClientOptions): Client {
  const { tenant, token, headers = {}, timeout = 35_000 } = options
  checkWhole('timeout', timeout, 1, LONGEST_TIME)
  const url = checkAddress(options.url, 'the address of the service')
  const send = options.fetch ?? ((request: Request) => fetch(request))
  const client: Client = createFetchClient<paths, 'application/json'>({
    baseUrl: tenant === undefined ? url : `${url}/tenants/${encodeURIComponent(checkSegment('tenant', tenant))}`,
    pathSerializer: (path, parameters) => {
      for (const [name, value] of Object.entries(parameters)) checkSegment(name, `${value}`)
      return defaultPathSerializer(path, parameters)
    },
    // A redirect would take credentials elsewhere.
    redirect: 'manual',
    headers,
    fetch: (request) =>
      within(timeout, 'the service', request.signal, async (signal) => {
        const response = await send(new Request(request, { signal }))
        // An answer is there when its body is. The stream of events never is.
        if (!isStream(response)) await response.clone().arrayBuffer()
        return response
      }),
  })
  client.use({
    onResponse: async ({ response, options: { parseAs } }) => {
      // What something in between answers with success is a page, maybe, to say so.
      if (response.ok && parseAs === 'json' && !isJson(await response.clone().text())) {
        throw new ServiceError(response.status, undefined)
      }
    },
  })
  if (token !== undefined) {
    client.use({
      onRequest: async ({ request }) => {
        const given =
          typeof token === 'string'
            ? token
            : await within(timeout, 'whoever gives the token', request.signal, () => token())
        request.headers.set('Authorization', `Bearer ${given}`)
        return request
      },
    })
  }
  return client
}

/** Encoding leaves dots as they are, and a URL parser takes such a segment, and maybe the one before it, out of the path. */
function checkSegment(name: string, value: string): string {
  if (['', '.', '..'].includes(value)) {
    throw new SallyportError('E_USAGE', `${name} must not be ${JSON.stringify(value)}, as it is a part of a path`)
  }
  return value
}

async function within<T>(
  timeout: number,
  whom: string,
  given: AbortSignal,
  ask: (signal: AbortSignal) => T | Promise<T>,
): Promise<T> {
  const signal = AbortSignal.any([given, AbortSignal.timeout(timeout)])
  try {
    return await untilAborted((async () => ask(signal))(), signal)
  } catch (cause) {
    if (given.aborted) throw cause
    const why = signal.aborted ? `did not answer within ${timeout} ms` : 'could not be reached'
    throw new SallyportError('E_SERVICE_CONNECTION', `${whom} ${why}`, { cause })
  }
}

function isStream({ headers }: Response): boolean {
  return headers.get('Content-Type')?.startsWith('text/event-stream') ?? false
}

/** Or nothing, which is no fault of form. */
function isJson(text: string): boolean {
  try {
    return text === '' || JSON.parse(text) !== undefined
  } catch {
    return false
  }
}

/**
 * The body of a successful answer.
 *
 * @throws ServiceError `E_SERVICE` for any other answer; SallyportError `E_SERVICE_CONNECTION` for none, or half of one
 */
export async function answerOf<
  A extends { readonly data?: unknown; readonly error?: unknown; readonly response: Response },
>(call: Promise<A>): Promise<Exclude<A['data'], undefined>> {
  const { data, error, response } = await call
  if (!response.ok || data === undefined) throw new ServiceError(response.status, problemIn(error))
  return data as Exclude<A['data'], undefined>
}
