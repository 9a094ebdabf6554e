/** Where a request came from. `Request` does not tell: whoever calls `fetch` of the app passes it beside. */
import type { Context } from 'hono'
import type { Origin } from './auth/identify.ts'

/**
 * The second argument of the app's `fetch`. `serve` of `sallyport/service/node` passes it; elsewhere the host does.
 *
 * @example Deno.serve((request, { remoteAddr }) => app.fetch(request, { peer: remoteAddr.hostname }))
 */
export interface PeerBindings {
  readonly peer?: string | undefined
}

export function originOf(c: Context): Origin {
  const { peer } = (c.env ?? {}) as PeerBindings
  return { peer: typeof peer === 'string' ? peer : undefined }
}
