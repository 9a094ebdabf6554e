/**
 * Sending to addresses that a configuration names, and to nobody inside: which address a name stands for is looked at when the
 * connection is made, so that a name cannot mean another one by then (DNS rebinding).
 */
import { lookup as lookUp } from 'node:dns'
import type { IncomingHttpHeaders } from 'node:http'
import { request as httpsRequest, type RequestOptions } from 'node:https'
import { isIP, type LookupFunction } from 'node:net'
import { Readable } from 'node:stream'
import { SallyportError } from '../errors.ts'
import { isLoopback } from '../http/address.ts'
import { reachable } from '../http/public-address.ts'

export type Send = (url: string, init: RequestInit) => Promise<Response>

export interface PublicFetchOptions {
  /** Ranges that are not public and may be reached all the same: `10.0.0.0/8`. */
  readonly allow?: readonly string[]
  /** Finds the addresses of a name; `lookup` of `node:dns` when left out. */
  readonly lookup?: typeof lookUp
  readonly request?: typeof httpsRequest
}

/**
 * A `fetch` for text bodies that does not follow redirects, and connects only to public addresses and those in the ranges given; and, without
 * TLS, to this machine, where the address says `localhost` or `127.0.0.1`. On Node.
 *
 * @throws SallyportError `E_ADDRESS`, for an address that may not be reached
 * @example remoteKeys({ url, fetch: publicFetch({ allow: ['10.0.0.0/8'] }) })
 */
export function publicFetch({ allow = [], lookup = lookUp, request = httpsRequest }: PublicFetchOptions = {}): Send {
  const permitted = reachable(allow)
  const checked: LookupFunction = (host, options, done) => {
    lookup(host, { ...options, all: true }, (error, found) => {
      const refused = error ?? (found.every(({ address }) => permitted(address)) ? undefined : inside())
      const [first] = found ?? []
      if (refused || first === undefined) done(refused ?? inside(), [])
      else if (options.all) done(null, found)
      else done(null, first.address, first.family)
    })
  }
  return async (url, init) => {
    // Said in so many words, and checked by `checkAddress`.
    if (isLoopback(url)) return fetch(url, { ...init, redirect: 'manual' })
    const to = new URL(url)
    const host = to.hostname.replace(/^\[|\]$/g, '')
    // For an address nobody is asked.
    if (isIP(host) !== 0 && !permitted(host)) throw inside()
    const { method, body, signal } = init
    if (body !== undefined && body !== null && typeof body !== 'string') throw new TypeError('only text is sent')
    const options: RequestOptions = {
      ...(method !== undefined && { method }),
      headers: Object.fromEntries(new Headers(init.headers)),
      ...(signal && { signal }),
      lookup: checked,
    }
    return new Promise((resolve, reject) => {
      const sent = request(to, options, (incoming) => {
        const { statusCode: status = 502, headers } = incoming
        if (init.redirect === 'error' && status >= 300 && status < 400 && status !== 304) {
          incoming.destroy()
          reject(new TypeError('the answer leads elsewhere, and is not followed'))
          return
        }
        const bodyless = status === 204 || status === 304
        if (bodyless) incoming.resume()
        const stream = bodyless ? null : (Readable.toWeb(incoming) as ReadableStream<Uint8Array<ArrayBuffer>>)
        resolve(new Response(stream, { status, headers: fieldsOf(headers) }))
      })
      sent.on('error', reject)
      sent.end(body ?? undefined)
    })
  }
}

function fieldsOf(headers: IncomingHttpHeaders): [string, string][] {
  return Object.entries(headers).flatMap(([name, value = []]) =>
    [value].flat().map((one): [string, string] => [name, one]),
  )
}

function inside(): SallyportError {
  return new SallyportError(
    'E_ADDRESS',
    'the name stands for an address that is not public; allow its range with --allow-network if that is meant',
  )
}
