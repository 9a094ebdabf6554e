/** Engines from a signed bundle, which is followed: the last good one stays in force until it is too old. */
import { type BundleLoader, createBundleLoader } from '../bundle/index.ts'
import { plural } from './diagnostics.ts'
import { reportFailure } from './failure.ts'
import { type Io, print } from './io.ts'
import type { BundleSettings } from './serve-bundle.ts'
import { style } from './style.ts'
import type { Supply } from './supply.ts'

/** Asks for the bundle once. Without a good one the service starts all the same: it is not ready, and goes on asking. */
export async function supplyBundle({ source, trust, maxAge, poll, from }: BundleSettings, io: Io): Promise<Supply> {
  const loader = createBundleLoader({ source, trust, now: io.now, ...(maxAge !== undefined && { maxAge }) })
  const report = { failure: '', stale: false }
  await refresh(loader, report, io)
  return {
    engines: loader.engines,
    followed: 'the bundle',
    report() {
      if (loader.bundle !== undefined) reportBundle(loader, io)
      else print(io.stderr, loud(io, `NOT READY: there is no bundle yet. ${from} is asked every ${poll / 1000} s.`))
    },
    follow(changed) {
      let timer: NodeJS.Timeout | undefined
      let ended = false
      const later = () => {
        if (!ended) timer = setTimeout(ask, poll)
      }
      const ask = async () => {
        if (await refresh(loader, report, io)) {
          reportBundle(loader, io)
          await changed().catch((error: unknown) => reportFailure(error, io))
        }
        reportAge(loader, report, io)
        later()
      }
      later()
      return () => {
        ended = true
        clearTimeout(timer)
      }
    },
  }
}

/** What was said last, so that the same is not said at every question. */
interface Said {
  failure: string
  stale: boolean
}

/** Whether there is something new. */
async function refresh(loader: BundleLoader, said: Said, io: Io): Promise<boolean> {
  try {
    const changed = await loader.refresh()
    if (said.failure !== '') print(io.stdout, 'the bundle could be read again')
    said.failure = ''
    return changed
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    if (message !== said.failure) {
      reportFailure(error, io)
      if (loader.bundle !== undefined) print(io.stderr, 'the old bundle stays in force')
    }
    said.failure = message
    return false
  }
}

/** That everything is denied now, once; and that it no longer is. */
function reportAge(loader: BundleLoader, said: Said, io: Io): void {
  const stale = loader.bundle !== undefined && loader.isStale()
  if (stale && !said.stale)
    print(io.stderr, loud(io, 'THE BUNDLE IS TOO OLD: every request is denied (stale_policies) until it can be read.'))
  if (!stale && said.stale) print(io.stdout, 'the bundle is no longer too old: requests are decided again')
  said.stale = stale
}

function reportBundle({ bundle, engines }: BundleLoader, io: Io): void {
  if (bundle === undefined) return
  const { name, revision } = bundle.manifest
  print(
    io.stdout,
    `bundle ${name} revision ${revision}, ${plural(engines.size, 'tenant')}, id ${bundle.id.slice(0, 12)}`,
  )
  for (const [tenant, { image }] of engines) print(io.stdout, `tenant ${tenant}: image ${image.id.slice(0, 12)}`)
}

function loud(io: Io, text: string): string {
  const { bold, red } = style(io, io.stderr)
  return red(bold(text))
}
