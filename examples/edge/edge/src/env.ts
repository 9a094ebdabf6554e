/** What wrangler.jsonc gives the Worker. */
import type { KvLike, R2Like } from 'sallyport/bundle/edge'
import type { AccessRequest } from 'sallyport/edge'

export interface Env {
  /** Where bundles are: `kv` or `r2`. */
  readonly POLICIES_IN: string
  readonly POLICIES: KvLike
  readonly BUNDLES: R2Like
  /** The keys that sign bundles: a JWK Set. */
  readonly BUNDLE_KEYS: string
  /** Who issues tokens, for whom they are, and where the issuer's keys are. */
  readonly ISSUER: string
  readonly AUDIENCE: string
  readonly JWKS_URL: string
  /** What is protected. */
  readonly ORIGIN: string
  /** Milliseconds between questions for a new bundle. */
  readonly REFRESH_MS: string
  readonly BUDGETS: { getByName(name: string): Budget }
}

/** What an agent has left; a Durable Object of the Worker next to this one. */
export interface Budget {
  spend(request: AccessRequest): Promise<Spent>
}

export interface Spent {
  readonly decision: boolean
  readonly code: string
  readonly reason: string
}
