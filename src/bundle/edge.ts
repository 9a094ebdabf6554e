/** Bundles at the edge (`sallyport/bundle/edge`): followed with engines of `sallyport/edge`, which only decide. */
import { loadEngine } from '../engine/edge.ts'
import type { DecisionEngine } from '../engine/types.ts'
import { AgingDecisions } from './aging-decisions.ts'
import { type BundleLoader, type BundleLoaderOptions, followBundles } from './loader.ts'

export type { BundleLoader, BundleLoaderOptions } from './loader.ts'
export type { Bundle, Trust } from './open.ts'
export type { TrustedKeys } from './signature.ts'
export { type BundleSource, httpSource, type KvLike, kvSource, type R2Like, r2Source } from './source.ts'

/**
 * Follows a source of bundles, as `createBundleLoader` of `sallyport/bundle` does, with engines that only decide.
 *
 * @example
 * const loader = createBundleLoader({ source: kvSource(env.POLICIES, 'prod.bundle'), trust: { keys }, now: Date.now, maxAge: 3_600_000 })
 * await loader.refresh() // and again from time to time, with ctx.waitUntil
 */
export function createBundleLoader(options: BundleLoaderOptions): BundleLoader<DecisionEngine> {
  return followBundles(options, async (image, isStale) => new AgingDecisions(await loadEngine(image), isStale))
}
