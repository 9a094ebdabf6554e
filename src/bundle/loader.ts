/** Policies that follow a source of bundles: the last good one is in force, until it is too old. */
import type { DecisionEngine, Engine } from '../engine/types.ts'
import { SallyportError } from '../errors.ts'
import { type Bundle, openBundle, type Trust } from './open.ts'
import { Silence } from './silence.ts'
import type { BundleSource, Found } from './source.ts'

export interface BundleLoaderOptions {
  readonly source: BundleSource
  readonly trust: Trust
  /** The clock, in milliseconds since 1970. */
  readonly now: () => number
  /**
   * So many milliseconds after the source was last heard, every request is denied (`stale_policies`): what was revoked since then is not
   * known. So it is from when the clock goes back until the source is heard again. Left out: never.
   */
  readonly maxAge?: number
  /** What is known of the line of bundles from before: a revision that was seen. Lower ones are refused. */
  readonly atLeast?: number
}

export interface BundleLoader<E extends DecisionEngine = Engine> {
  /** The engines in force, by tenant; empty until the first bundle came. The map stays the same one. */
  readonly engines: ReadonlyMap<string, E>
  readonly bundle: Bundle | undefined
  /** When the source last said what it has, in milliseconds since 1970. */
  readonly heard: number | undefined
  isStale(): boolean
  /**
   * Asks the source, and puts what is new in force: all tenants, or none.
   *
   * @returns whether something changed
   * @throws SallyportError `E_BUNDLE`, `E_BUNDLE_ROLLBACK`, `E_BUNDLE_SOURCE`, `E_IMAGE`; what was in force stays.
   */
  refresh(): Promise<boolean>
}

/**
 * The loader, whatever engines it makes.
 *
 * @param open Makes the engine of an image, which denies when `isStale` says so.
 */
export function followBundles<E extends DecisionEngine>(
  options: BundleLoaderOptions,
  open: (image: Uint8Array, isStale: () => boolean) => Promise<E>,
): BundleLoader<E> {
  const { source, trust, now, maxAge = Number.POSITIVE_INFINITY, atLeast = 0 } = options
  const engines = new Map<string, E>()
  let bundle: Bundle | undefined
  let tag: string | undefined
  /** What was found last, when it was refused. */
  let refused: { readonly tag: string; readonly error: SallyportError } | undefined
  let asking: Promise<boolean> | undefined
  const silence = new Silence(now)

  const isStale = (): boolean => silence.since === undefined || !(silence.length <= maxAge)

  function checkRevision(next: Bundle): void {
    const { name, revision } = next.manifest
    const refuse = (why: string): never => {
      throw new SallyportError('E_BUNDLE_ROLLBACK', `the bundle is refused: ${why}`)
    }
    if (revision < atLeast) refuse(`revision ${revision} is below ${atLeast}`)
    if (bundle === undefined) return
    const { manifest } = bundle
    if (name !== manifest.name) refuse(`it is one of ${JSON.stringify(name)}, not of ${JSON.stringify(manifest.name)}`)
    if (revision <= manifest.revision) refuse(`revision ${revision} does not follow ${manifest.revision}`)
  }

  async function ask(): Promise<boolean> {
    const asked = silence.moment()
    const found = await source.read(refused?.tag ?? tag)
    // It has what was refused, still: the same bytes are not looked at again.
    if (refused !== undefined && (found === undefined || found.tag === refused.tag)) throw refused.error
    refused = undefined
    try {
      const changed = found !== undefined && (await take(found))
      silence.heard(asked)
      return changed
    } catch (error) {
      if (found?.tag !== undefined && isRefusal(error)) refused = { tag: found.tag, error }
      throw error
    }
  }

  /** Puts what was found in force; false when it is there already. */
  async function take(found: Found): Promise<boolean> {
    const next = await openBundle(found.bytes, trust)
    if (next.id === bundle?.id) {
      tag = found.tag
      return false
    }
    checkRevision(next)
    const loaded = new Map<string, E>()
    for (const [tenant, image] of next.images) {
      const engine = await open(image, isStale)
      if (engine.tenant !== tenant) {
        throw new SallyportError(
          'E_BUNDLE',
          `the bundle is refused: the image of ${JSON.stringify(tenant)} is of another tenant`,
        )
      }
      loaded.set(tenant, engine)
    }
    // Nothing can fail any more.
    for (const tenant of engines.keys()) if (!loaded.has(tenant)) engines.delete(tenant)
    for (const [tenant, engine] of loaded) engines.set(tenant, engine)
    bundle = next
    tag = found.tag
    return true
  }

  return {
    engines,
    get bundle() {
      return bundle
    },
    get heard() {
      return silence.since
    },
    isStale,
    refresh() {
      asking ??= ask().finally(() => {
        asking = undefined
      })
      return asking
    },
  }
}

/** Whether the bytes are what is wrong. Whatever else fails may go well the next time. */
function isRefusal(error: unknown): error is SallyportError {
  return error instanceof SallyportError && ['E_BUNDLE', 'E_BUNDLE_ROLLBACK', 'E_IMAGE'].includes(error.code)
}
