/** The tenants that this process administers: opened and closed as the list of them in the store says. */
import type { Engine } from '../engine/types.ts'
import { makeIds } from '../guard/ids.ts'
import { AdministeredTenant } from '../pap/administered-tenant.ts'
import { TenantDirectory } from '../pap/directory.ts'
import type { PapEnvironment } from '../pap/environment.ts'
import type { PolicyText } from '../pap/policy-text.ts'
import type { Store, TenantStore } from '../store/port.ts'

export interface OpenTenant {
  readonly tenant: AdministeredTenant
  readonly environment: PapEnvironment
}

export interface TenantsOptions {
  readonly store: Store
  readonly now: () => number
  /** What tenants begin with, by name; where policies are not `kept`, what decides. */
  readonly begin: ReadonlyMap<string, readonly PolicyText[]>
  /** Policies, and the list of tenants, are kept in the store. */
  readonly kept: boolean
}

const operator = { type: 'service', id: 'sallyport serve' }

export class AdministeredTenants {
  readonly #options: TenantsOptions
  readonly #directory: TenantDirectory
  readonly #newId = makeIds((length) => crypto.getRandomValues(new Uint8Array(length)))
  readonly #open = new Map<string, OpenTenant>()
  readonly #engines = new Map<string, Engine>()
  /** What ends the following of each. */
  readonly #followed = new Map<string, () => void>()
  #follow: ((one: OpenTenant) => () => void) | undefined
  #last: Promise<void> = Promise.resolve()

  private constructor(options: TenantsOptions) {
    this.#options = options
    this.#directory = new TenantDirectory(options.store, options.now)
  }

  /** @throws PolicyError, SallyportError `E_STORE…` */
  static async open(options: TenantsOptions): Promise<AdministeredTenants> {
    const tenants = new AdministeredTenants(options)
    const names = [...options.begin.keys()]
    if (options.kept) {
      for (const name of names) await tenants.#directory.add(name, operator)
      await tenants.bring()
    } else for (const name of names) await tenants.#start(name)
    return tenants
  }

  /** Those that are open now, by name: always the same map. */
  get all(): ReadonlyMap<string, OpenTenant> {
    return this.#open
  }

  /** Their engines, by name: always the same map. */
  get engines(): ReadonlyMap<string, Engine> {
    return this.#engines
  }

  /** Where the list of tenants is kept, for following it. */
  get list(): TenantStore {
    return this.#directory.store
  }

  async create(name: string): Promise<void> {
    await this.#directory.add(name, operator)
    await this.bring()
  }

  async remove(name: string): Promise<void> {
    await this.#directory.remove(name)
    await this.bring()
  }

  /** Opens and closes what the list says; one call after the other, as a tenant must not be opened twice at once. */
  bring(): Promise<void> {
    const next = this.#last.then(() => this.#compare())
    this.#last = next.catch(() => undefined)
    return next
  }

  /** Follows each of them while it is open, also those that come. What is returned ends that for all. */
  follow(begin: (one: OpenTenant) => () => void): () => void {
    this.#follow = begin
    for (const [name, one] of this.#open) this.#followed.set(name, begin(one))
    return () => {
      this.#follow = undefined
      for (const name of [...this.#followed.keys()]) this.#unfollow(name)
    }
  }

  async #compare(): Promise<void> {
    const names = new Set(await this.#directory.names())
    for (const name of names) await this.#start(name)
    for (const name of [...this.#open.keys()]) if (!names.has(name)) this.#end(name)
  }

  async #start(name: string): Promise<void> {
    if (this.#open.has(name)) return
    const { store, now, begin, kept } = this.#options
    const environment = { store: store.tenant(name), now, newId: this.#newId }
    const sources = begin.get(name)
    const fixed = !kept && sources !== undefined && { fixed: async () => sources }
    const tenant = await AdministeredTenant.open({ ...environment, ...fixed })
    if (kept && sources !== undefined && (await tenant.revisions.head()) === undefined) {
      await tenant.replace({ sources, onto: 0, by: operator, note: 'what it began with' })
    }
    const one = { tenant, environment }
    this.#open.set(name, one)
    this.#engines.set(name, tenant.engine)
    if (this.#follow !== undefined) this.#followed.set(name, this.#follow(one))
  }

  #end(name: string): void {
    this.#unfollow(name)
    this.#open.delete(name)
    this.#engines.delete(name)
  }

  #unfollow(name: string): void {
    this.#followed.get(name)?.()
    this.#followed.delete(name)
  }
}
