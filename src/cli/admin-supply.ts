/** Engines whose tenants are administered over HTTP: what administrators change is kept in the store, and followed. */
import { follow } from '../pap/following.ts'
import type { PolicyText } from '../pap/policy-text.ts'
import { parsePolicies } from '../policy/index.ts'
import type { TenantHost } from '../service/admin/tenant-host.ts'
import { systemTimer } from '../service/timer.ts'
import { Freshness } from '../store/freshness.ts'
import type { Store } from '../store/port.ts'
import { AdministeredTenants, type OpenTenant } from './administered-tenants.ts'
import { usage } from './arguments.ts'
import { reportFailure } from './failure.ts'
import { type Io, print } from './io.ts'
import { readModels, readSources } from './policies.ts'
import type { Supply } from './supply.ts'

/** How old what others have changed may be, in milliseconds. */
const BOUND = 5000

export interface AdministeredSupply extends Supply {
  readonly tenants: ReadonlyMap<string, OpenTenant>
  /** Undefined where the policies are the files', and so are the tenants. */
  readonly host: TenantHost | undefined
}

export interface AdminSettings {
  readonly store: Store
  /** Policies are kept in the store, and `path` is what tenants begin with that have none; else `path` is what decides. */
  readonly kept: boolean
  readonly path: string | undefined
}

/** @throws PolicyError, SallyportError `E_FILE`, `E_USAGE`, `E_STORE…` */
export async function supplyAdministered({ store, kept, path }: AdminSettings, io: Io): Promise<AdministeredSupply> {
  const begin = path === undefined ? new Map<string, readonly PolicyText[]>() : await readTenants(path, io)
  const tenants = await AdministeredTenants.open({ store, now: io.now, begin, kept })
  if (tenants.all.size === 0) {
    throw usage('the store has no tenants yet; name the policies that it begins with: serve PATH')
  }
  const host: TenantHost = {
    names: () => [...tenants.all.keys()],
    create: (name) => tenants.create(name),
    remove: (name) => tenants.remove(name),
  }
  return {
    engines: tenants.engines,
    tenants: tenants.all,
    host: kept ? host : undefined,
    followed: 'the store',
    report: () => {
      for (const [name, { tenant }] of tenants.all) {
        const what = tenant.isFixed ? 'policies from files, read-only' : `revision ${tenant.revision ?? 0}`
        print(io.stdout, `tenant ${name}: ${what}, image ${tenant.engine.image.id.slice(0, 12)}`)
      }
    },
    follow: (changed) => followTenants(tenants, kept, changed, (error) => reportFailure(error, io)),
  }
}

/** Follows what is kept for each tenant, and which tenants there are. */
function followTenants(
  tenants: AdministeredTenants,
  kept: boolean,
  changed: () => Promise<void>,
  onFault: (error: unknown) => void,
): () => void {
  const end = tenants.follow(({ tenant, environment: { store } }) => {
    const onChange = () => void changed().catch(onFault)
    return follow(tenant, { store, timer: systemTimer, bound: BOUND, onChange, onFault })
  })
  const list = new Freshness({
    store: tenants.list,
    timer: systemTimer,
    bound: BOUND,
    forget: () => void (kept ? tenants.bring().then(changed) : Promise.resolve()).catch(onFault),
    onFault,
  })
  void list.run()
  return () => {
    list.stop()
    end()
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
