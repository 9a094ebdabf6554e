/** Where bundles come from. */
import { SallyportError } from '../errors.ts'
import { checkAddress } from '../http/address.ts'
import { readAtMost } from '../http/read-at-most.ts'

/** What a source has now. `tag` names it: when the next question carries the same one, the bytes need not be sent again. */
export interface Found {
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly tag: string | undefined
}

export interface BundleSource {
  /**
   * @param tag Of what was found last.
   * @returns undefined when that is still what it has
   * @throws SallyportError `E_BUNDLE_SOURCE`
   */
  read(tag: string | undefined): Promise<Found | undefined>
}

export interface HttpSourceOptions {
  /** Such as `Authorization`. */
  readonly headers?: Readonly<Record<string, string>>
  /** Milliseconds; 10,000 when left out. */
  readonly timeout?: number
  /** The most bytes to take; 64 MiB when left out. */
  readonly maxBytes?: number
  readonly fetch?: (url: string, init: RequestInit) => Promise<Response>
}

/**
 * A bundle at an address, asked for with If-None-Match (RFC 9110, section 13.1.2).
 *
 * @throws SallyportError `E_ADDRESS` for an address without TLS that is not on this machine.
 */
export function httpSource(address: string, options: HttpSourceOptions = {}): BundleSource {
  const { headers = {}, timeout = 10_000, maxBytes = 64 << 20 } = options
  const url = checkAddress(address, 'the address of the bundle')
  const fetch = options.fetch ?? ((to: string, init: RequestInit) => globalThis.fetch(to, init))
  return {
    async read(tag) {
      const asked = { ...headers, ...(tag !== undefined && { 'If-None-Match': tag }) }
      try {
        const response = await fetch(url, { headers: asked, redirect: 'manual', signal: AbortSignal.timeout(timeout) })
        if (response.status === 304 && tag !== undefined) return undefined
        if (!response.ok) {
          // Until it is read, or not wanted, it holds the connection.
          await response.body?.cancel()
          throw failed(`the server answered with HTTP ${response.status}`)
        }
        if (Number(response.headers.get('Content-Length') ?? 0) > maxBytes)
          throw failed(`it is longer than ${maxBytes} bytes`)
        const bytes = await readAtMost(response.body, maxBytes)
        if (bytes === undefined) throw failed(`it is longer than ${maxBytes} bytes`)
        return { bytes, tag: response.headers.get('ETag') ?? undefined }
      } catch (error) {
        if (error instanceof SallyportError) throw error
        throw failed('the server could not be reached in time')
      }
    },
  }
}

/** As much of Cloudflare's R2 bucket as is needed. */
export interface R2Like {
  get(key: string, options: { onlyIf: { etagDoesNotMatch?: string } }): Promise<R2Found | null>
}

export type R2Found = { readonly etag: string; arrayBuffer?(): Promise<ArrayBuffer> }

/** An object of an R2 bucket. */
export function r2Source(bucket: R2Like, key: string): BundleSource {
  return {
    async read(tag) {
      const found = await attempt(() => bucket.get(key, { onlyIf: tag === undefined ? {} : { etagDoesNotMatch: tag } }))
      if (found === null) throw failed('the bucket has no such object')
      // R2 answers without a body when the condition does not hold.
      if (found.arrayBuffer === undefined) return undefined
      const bytes = await attempt(async () => found.arrayBuffer?.())
      return { bytes: new Uint8Array(bytes ?? new ArrayBuffer(0)), tag: found.etag }
    },
  }
}

/** As much of a Workers KV namespace as is needed. */
export interface KvLike {
  get(key: string, type: 'arrayBuffer'): Promise<ArrayBuffer | null>
}

/** An entry of a Workers KV namespace. It is read whole each time: KV compares nothing, but the edge keeps it near. */
export function kvSource(namespace: KvLike, key: string): BundleSource {
  return {
    async read() {
      const found = await attempt(() => namespace.get(key, 'arrayBuffer'))
      if (found === null) throw failed('the namespace has no such entry')
      return { bytes: new Uint8Array(found), tag: undefined }
    },
  }
}

async function attempt<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (cause) {
    throw new SallyportError('E_BUNDLE_SOURCE', 'no bundle: the store could not be read', { cause })
  }
}

function failed(why: string): SallyportError {
  return new SallyportError('E_BUNDLE_SOURCE', `no bundle: ${why}`)
}
