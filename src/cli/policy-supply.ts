/** Engines from policy files, which may be followed. */
import { listPolicies } from '../service/load.ts'
import { reportFailure } from './failure.ts'
import { locate } from './files.ts'
import { type Io, print } from './io.ts'
import { readSources } from './policies.ts'
import { reportPolicies, reportTry } from './serve-report.ts'
import { loadServed, replaceServed, type Served } from './served-policies.ts'
import type { Supply } from './supply.ts'
import { watchPath } from './watch.ts'

/**
 * @param tenant Only this one; undefined for all.
 * @throws PolicyError, SallyportError `E_FILE`, `E_TENANT`
 */
export async function supplyPolicies(
  path: string,
  tenant: string | undefined,
  watch: boolean,
  io: Io,
): Promise<Supply> {
  const served = await loadServed(await readSources([path], io), tenant, io)
  return {
    engines: served.engines,
    followed: watch ? 'the policies' : undefined,
    report(url, authenticated) {
      reportPolicies(served, io)
      reportTry(served, { url, authenticated, now: io.now() }, io)
    },
    follow: (changed) => (watch ? follow(path, tenant, served, changed, io) : () => {}),
  }
}

/** Requests see either the old policies or the new ones. */
function follow(
  path: string,
  tenant: string | undefined,
  served: Served,
  changed: () => Promise<void>,
  io: Io,
): () => void {
  const { engines } = served
  let texts = JSON.stringify(served.sources)
  const reload = async () => {
    try {
      const sources = await readSources([path], io)
      if (JSON.stringify(sources) === texts) return
      texts = JSON.stringify(sources)
      const next = await loadServed(sources, tenant, io)
      replaceServed(engines, next)
      await changed()
      print(io.stdout, 'policies loaded again')
      reportPolicies(next, io)
    } catch (error) {
      reportFailure(error, io)
      print(io.stderr, 'the old policies stay in force')
    }
  }
  const place = locate(path, io)
  return watchPath({
    path: place,
    files: () => listPolicies(place),
    changed: reload,
    failed: (error) => reportFailure(error, io),
  })
}
