/** The service on Node: a listening port, and a clean end. */
import { createServer, type Server } from 'node:http'
import { Server as TcpServer } from 'node:net'
import { getRequestListener, RequestError } from '@hono/node-server'
import { SallyportError } from '../errors.ts'
import { answeringDirectly } from './arrived.ts'
import { directWayOf } from './direct.ts'
import type { PeerBindings } from './origin.ts'
import { problemResponse } from './problem.ts'
import { isRequestId } from './request-id.ts'
import { isAmbiguousTarget } from './target.ts'

export { type FileSink, fileSink } from './decision-log.ts'
export { type PublicFetchOptions, publicFetch, type Send } from './public-fetch.ts'

/** How long connections that are kept alive are left open for what is under way on them, in milliseconds. */
const GRACE = 250

export interface ServeOptions {
  /** What answers: a Hono app, or anything with its `fetch`. */
  readonly app: { readonly fetch: (request: Request, env?: PeerBindings) => Response | Promise<Response> }
  /** 0 lets the system choose. */
  readonly port: number
  /** The address to listen on; 127.0.0.1 when left out. */
  readonly host?: string
  /** How long a request may take to arrive, in milliseconds, its head included; 30,000 when left out. */
  readonly requestTimeout?: number
  /** How long `close` waits for requests in flight, in milliseconds; 10,000 when left out. */
  readonly closeTimeout?: number
  /** While it says so, each answer is the last one of its connection, so that clients go elsewhere; never when left out. */
  readonly draining?: () => boolean
}

export interface RunningService {
  /** For a client on this machine, without a slash at its end. */
  readonly url: string
  readonly port: number
  /** Stops accepting, lets requests in flight finish, then closes every connection. Safe to call twice. */
  close(): Promise<void>
}

/**
 * Serves an app over HTTP.
 *
 * @throws SallyportError `E_PORT` when the port is taken or may not be opened, `E_USAGE` when host or port are wrong.
 * @example const { url, close } = await serve({ app: createApp({ engine }), port: 8080 })
 */
export async function serve(options: ServeOptions): Promise<RunningService> {
  const { app, port, host = '127.0.0.1', requestTimeout = 30_000, closeTimeout, draining = () => false } = options
  if (!Number.isInteger(port) || port < 0 || port > 65535) {
    throw new SallyportError('E_USAGE', `port ${port} does not exist; choose one from 0 to 65535`)
  }
  const timeouts = {
    requestTimeout,
    headersTimeout: requestTimeout,
    // Node looks for late requests only so often.
    connectionsCheckingInterval: Math.max(50, Math.min(5_000, requestTimeout / 2)),
  }
  const listener = getRequestListener(
    (request, { incoming }) => {
      const fault = faultOf(incoming)
      return fault === undefined ? app.fetch(request, { peer: incoming.socket.remoteAddress }) : refusal(request, fault)
    },
    { errorHandler: noRequest },
  )
  const direct = directWayOf(app.fetch)
  const answer = direct === undefined ? listener : answeringDirectly(direct, listener)
  let closing: Promise<void> | undefined
  const server = createServer(timeouts, (incoming, outgoing) => {
    // RFC 9112, section 9.6: who is about to close says so in the last answer.
    if (closing !== undefined || draining()) outgoing.shouldKeepAlive = false
    return answer(incoming, outgoing)
  })
  await listen(server, port, host)
  const address = server.address()
  const actualPort = typeof address === 'object' && address !== null ? address.port : port
  return {
    url: `http://${urlHost(host)}:${actualPort}`,
    port: actualPort,
    close: () => {
      closing ??= close(server, closeTimeout ?? 10_000)
      return closing
    },
  }
}

/** Of a request as Node has it. */
interface Head {
  readonly url?: string | undefined
  readonly rawHeaders: readonly string[]
}

/** What in a head a proxy may have taken otherwise than Node does; undefined: nothing. */
function faultOf({ url = '', rawHeaders }: Head): string | undefined {
  if (isAmbiguousTarget(url)) return 'the path has . or .. or a backslash in it; send it resolved'
  // RFC 9112, section 3.2. Node takes the first one.
  const hosts = rawHeaders.filter((name, i) => i % 2 === 0 && name.toLowerCase() === 'host')
  return hosts.length > 1 ? 'the request has several Host fields; send one' : undefined
}

function refusal({ headers }: Request, detail: string): Response {
  const id = headers.get('X-Request-ID') ?? ''
  return problemResponse(400, 'E_REQUEST', detail, { headers: isRequestId(id) ? { 'X-Request-ID': id } : {} })
}

/** What Node takes for a request and the web does not: without a host, or with one or a target that no URL is made of. */
function noRequest(error: unknown): Response {
  if (error instanceof RequestError) {
    return problemResponse(400, 'E_REQUEST', 'the request has no Host, or one or a target that makes no URL')
  }
  return problemResponse(500, 'E_INTERNAL', 'the request could not be answered')
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const onError = (error: NodeJS.ErrnoException) => reject(listenError(error, port, host))
    server.once('error', onError)
    server.listen(port, host, () => {
      server.off('error', onError)
      resolve()
    })
  })
}

function listenError(error: NodeJS.ErrnoException, port: number, host: string): SallyportError {
  const cause = { cause: error }
  switch (error.code) {
    case 'EADDRINUSE':
      return new SallyportError('E_PORT', `port ${port} is taken; choose another with --port or PORT`, cause)
    case 'EACCES':
      return new SallyportError('E_PORT', `this user may not open port ${port}; choose one above 1023`, cause)
    default:
      return new SallyportError('E_USAGE', `cannot listen on host ${host}: ${error.message}`, cause)
  }
}

function close(server: Server, timeout: number): Promise<void> {
  return new Promise((resolve) => {
    let sweep: NodeJS.Timeout | undefined
    const deadline = setTimeout(() => server.closeAllConnections(), timeout)
    // On a connection kept alive the next request may be under way. It is answered, and told that it is the last.
    const grace = setTimeout(
      () => {
        // Closes those that are idle; one becomes so when its last answer is out, of which nothing tells us.
        server.close()
        sweep = setInterval(() => server.closeIdleConnections(), 25)
      },
      Math.min(GRACE, timeout),
    )
    // That of http would close idle connections at once; this one stops listening, and waits for those that there are.
    TcpServer.prototype.close.call(server, () => {
      clearTimeout(grace)
      clearInterval(sweep)
      clearTimeout(deadline)
      resolve()
    })
  })
}

/** A wildcard address is no place to connect to everywhere; IPv6 addresses stand in brackets. */
function urlHost(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1'
  if (host === '::') return '[::1]'
  return host.includes(':') ? `[${host}]` : host
}
