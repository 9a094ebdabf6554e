/** The engine of an isolate: loaded from a signed bundle in KV or R2, and kept up to date beside the requests. */
import { type BundleLoader, type BundleSource, createBundleLoader, kvSource, r2Source } from 'sallyport/bundle/edge'
import type { DecisionEngine } from 'sallyport/edge'
import type { Env } from './env.ts'

/** How often a busy isolate asks for a new bundle, and how long it may decide without an answer, in milliseconds. */
const REFRESH = 30_000
const MAX_AGE = 3_600_000
const KEY = 'cdn.bundle'
const TENANT = 'cdn'

let loader: BundleLoader<DecisionEngine> | undefined
let asked = 0

/**
 * The engine in force; undefined when there is no good bundle. The first request of an isolate waits for it, later ones decide by what is
 * there while a new one is fetched.
 */
export async function engineOf(env: Env, wait: (work: Promise<unknown>) => void): Promise<DecisionEngine | undefined> {
  loader ??= createBundleLoader({
    source: sourceOf(env),
    trust: { keys: JSON.parse(env.BUNDLE_KEYS).keys },
    now: Date.now,
    maxAge: MAX_AGE,
  })
  const refresh = () => loader?.refresh().catch((error) => console.error(`policies: ${error.message} ${error.code}`))
  const every = Number(env.REFRESH_MS || REFRESH)
  if (loader.bundle === undefined) await refresh()
  else if (Date.now() - asked >= every) wait(Promise.resolve(refresh()))
  else return loader.engines.get(TENANT)
  asked = Date.now()
  return loader.engines.get(TENANT)
}

function sourceOf(env: Env): BundleSource {
  return env.POLICIES_IN === 'r2' ? r2Source(env.BUNDLES, KEY) : kvSource(env.POLICIES, KEY)
}
