/** The discovery document over HTTP (AuthZEN Authorization API 1.0, section 9.2), and the keys of what the PDP signs. */
import type { Context, Handler } from 'hono'
import type { Profile } from '../authzen/decide.ts'
import { describePdp, type Metadata, signMetadata } from '../authzen/metadata.ts'
import type { Signer } from '../authzen/signer.ts'
import type { Authenticate } from './authenticate.ts'
import { type Tenants, unknownTenant } from './tenants.ts'

export interface Discovery {
  readonly tenants: Tenants
  readonly authenticate: Authenticate | undefined
  readonly profiles: readonly Profile[]
  readonly capabilities: readonly string[]
  readonly signer: Signer | undefined
  /** The URL that clients use for the PDP that a request names, without a slash at its end. */
  readonly baseOf: (c: Context) => string
  /** Milliseconds since the epoch. */
  readonly now: () => number
}

const cached = { 'Cache-Control': 'max-age=300' }

/**
 * The discovery document of the PDP that the path names; nobody has to prove who they are. Where callers do elsewhere, every name is
 * described, since it says where things would be and no more: a 404 would tell strangers which tenants there are.
 */
export function discoveryRoute(options: Discovery): Handler {
  const { signer, now } = options
  return async (c) => {
    const name = c.req.param('tenant')
    if (options.authenticate === undefined && options.tenants.find(name) === undefined) throw unknownTenant(name)
    const metadata: Metadata = describePdp(options.baseOf(c), options)
    return c.json(signer === undefined ? metadata : await signMetadata(metadata, signer, now()), 200, cached)
  }
}

export function keysRoute(signer: Signer): Handler {
  return async (c) => c.json(await signer.publicKeys(), 200, cached)
}

/** The base URL of the PDP of a request. */
export function basesBelow(publicUrl: string | undefined): (c: Context) => string {
  return (c) => {
    const root = publicUrl ?? new URL(c.req.url).origin
    const tenant = c.req.param('tenant')
    return tenant === undefined ? root : `${root}/tenants/${encodeURIComponent(tenant)}`
  }
}
