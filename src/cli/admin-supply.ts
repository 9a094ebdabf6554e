/** Engines whose tenants are administered over HTTP: what administrators change is kept in the store, and followed. */

import type { Engine } from '../engine/types.ts'
import { makeIds } from '../guard/environment.ts'
import { AdministeredTenant } from '../pap/administered-tenant.ts'
import { TenantDirectory } from '../pap/directory.ts'
import type { PapEnvironment } from '../pap/environment.ts'
import { follow } from '../pap/following.ts'
import type { PolicyText } from '../pap/policy-text.ts'
import { parsePolicies } from '../policy/index.ts'
import type { TenantHost } from '../service/admin/tenant-host.ts'
import { systemTimer } from '../service/timer.ts'
import { Freshness } from '../store/freshness.ts'
import type { Store } from '../store/port.ts'
import { usage } from './arguments.ts'
import { reportFailure } from './failure.ts'
import { type Io, print } from './io.ts'
import { readModels, readSources } from './policies.ts'
import type { Supply } from './supply.ts'

/** How old what others have changed may be, in milliseconds. */
const BOUND = 5000

export interface AdministeredSupply extends Supply {
  readonly tenants: ReadonlyMap<string, { readonly tenant: AdministeredTenant; readonly environment: PapEnvironment }>
  /** Undefined where the policies are the files', and so are the tenants. */
  readonly host: TenantHost | undefined
}

export interface AdminSettings {
  readonly store: Store
  /** Policies are kept in the store, and `path` is what tenants begin with that have none; else `path` is what decides. */
  readonly kept: boolean
  readonly path: string | undefined
}

const operator = { type: 'service', id: 'sallyport serve' }

/** @throws PolicyError, SallyportError `E_FILE`, `E_USAGE`, `E_STORE…` */
export async function supplyAdministered({ store, kept, path }: AdminSettings, io: Io): Promise<AdministeredSupply> {
  const files = path === undefined ? new Map<string, readonly PolicyText[]>() : await readTenants(path, io)
  const directory = new TenantDirectory(store, io.now)
  const tenants = new Map<string, { tenant: AdministeredTenant; environment: PapEnvironment }>()
  const engines = new Map<string, Engine>()
  const newId = makeIds((length) => crypto.getRandomValues(new Uint8Array(length)))
  let started: ((name: string) => void) | undefined
  const endings = new Map<string, () => void>()

  const open = async (name: string): Promise<void> => {
    if (tenants.has(name)) return
    const environment = { store: store.tenant(name), now: io.now, newId }
    const sources = files.get(name)
    const fixed = !kept && sources !== undefined && { fixed: async () => sources }
    const tenant = await AdministeredTenant.open({ ...environment, ...fixed })
    if (kept && sources !== undefined && (await tenant.revisions.head()) === undefined) {
      await tenant.replace({ sources, onto: 0, by: operator, note: 'what it began with' })
    }
    tenants.set(name, { tenant, environment })
    engines.set(name, tenant.engine)
    started?.(name)
  }
  const close = (name: string): void => {
    endings.get(name)?.()
    endings.delete(name)
    tenants.delete(name)
    engines.delete(name)
  }
  const compare = async (): Promise<void> => {
    const names = new Set(await directory.names())
    for (const name of names) await open(name)
    for (const name of [...tenants.keys()]) if (!names.has(name)) close(name)
  }
  // One after the other: a tenant must not be opened twice at once.
  let last: Promise<void> = Promise.resolve()
  const bring = (): Promise<void> => {
    const next = last.then(compare)
    last = next.catch(() => undefined)
    return next
  }

  if (kept) {
    for (const name of files.keys()) await directory.add(name, operator)
    await bring()
    if (tenants.size === 0)
      throw usage('the store has no tenants yet; name the policies that it begins with: serve PATH')
  } else for (const name of files.keys()) await open(name)

  const host: TenantHost = {
    names: () => [...tenants.keys()],
    create: async (name) => {
      await directory.add(name, operator)
      await bring()
    },
    remove: async (name) => {
      await directory.remove(name)
      await bring()
    },
  }
  return {
    engines,
    tenants,
    host: kept ? host : undefined,
    followed: 'the store',
    report: () => {
      for (const [name, { tenant }] of tenants) {
        const what = tenant.isFixed ? 'policies from files, read-only' : `revision ${tenant.revision ?? 0}`
        print(io.stdout, `tenant ${name}: ${what}, image ${tenant.engine.image.id.slice(0, 12)}`)
      }
    },
    follow: (changed) => {
      const onFault = (error: unknown) => reportFailure(error, io)
      started = (name) => {
        const one = tenants.get(name)
        if (one === undefined) return
        endings.set(
          name,
          follow(one.tenant, {
            store: one.environment.store,
            timer: systemTimer,
            bound: BOUND,
            onChange: () => void changed().catch(onFault),
            onFault,
          }),
        )
      }
      for (const name of tenants.keys()) started(name)
      const list = new Freshness({
        store: directory.store,
        timer: systemTimer,
        bound: BOUND,
        forget: () => void (kept ? bring().then(changed) : Promise.resolve()).catch(onFault),
        onFault,
      })
      void list.run()
      return () => {
        list.stop()
        for (const end of endings.values()) end()
      }
    },
  }
}

/** The texts of each tenant. What a file says of several tenants could not be changed for one of them. */
async function readTenants(path: string, io: Io): Promise<Map<string, readonly PolicyText[]>> {
  const sources = await readSources([path], io)
  // Tells mistakes, and warnings.
  readModels(sources, io)
  const tenants = new Map<string, PolicyText[]>()
  for (const file of sources.portable) {
    const names = [...parsePolicies(file, { analyse: false }).tenants.keys()]
    const [name] = names
    if (names.length > 1) throw usage(`--admin needs files of one tenant each; ${file.name} is of ${names.join(', ')}`)
    // One that is no document by itself is a mistake that was told above.
    if (name !== undefined) tenants.set(name, [...(tenants.get(name) ?? []), file])
  }
  return tenants
}
