import { loadEngine } from '../engine/load.ts'
import { AgingEngine } from './aging-engine.ts'
import { type BundleLoader, type BundleLoaderOptions, followBundles } from './loader.ts'

/**
 * Follows a source of bundles with whole engines.
 *
 * @example
 * const loader = createBundleLoader({ source: httpSource(address), trust: { keys }, now: Date.now, maxAge: 3_600_000 })
 * await loader.refresh() // and again from time to time
 */
export function createBundleLoader(options: BundleLoaderOptions): BundleLoader {
  return followBundles(options, async (image, isStale) => new AgingEngine(await loadEngine(image), isStale))
}
