/** The flags of `serve` that are about administration, and what comes of them. */
import { createGuard } from '../guard/index.ts'
import type { PolicyInput } from '../policy/index.ts'
import { type Administered, adminApi, createPermissions } from '../service/admin/index.ts'
import type { AppOptions } from '../service/app.ts'
import { openGuardApi } from '../service/compat/open-guard/index.ts'
import type { Store } from '../store/port.ts'
import { type AdministeredSupply, supplyAdministered } from './admin-supply.ts'
import { usage } from './arguments.ts'
import type { Options } from './command.ts'
import type { Io } from './io.ts'
import { readSources } from './policies.ts'
import { openStore } from './serve-store.ts'

export const adminOptions = {
  admin: {
    type: 'boolean',
    description: 'Let administrators change things at /admin/v1. Needs --store, and --keys or --auth.',
  },
  'keep-policies': {
    type: 'boolean',
    description: 'With --admin: policies are kept in the store, where PATH is only what they begin with.',
  },
  'admin-policies': {
    type: 'string',
    hint: 'PATH',
    description: 'Who may administer, in place of the built-in policies (docs/admin.md).',
  },
  'open-guard': {
    type: 'boolean',
    description: "With --admin: answer open-guard's HTTP API at /compat/open-guard/v1, too.",
  },
} as const satisfies Options

export interface AdminFlags {
  readonly admin: boolean
  readonly 'keep-policies': boolean
  readonly 'admin-policies': string | undefined
  readonly 'open-guard': boolean
  readonly store: string | undefined
  readonly keys: string | undefined
  readonly auth: string | undefined
  readonly watch: boolean
  readonly tenant: string | undefined
  readonly bundle: string | undefined
}

export interface ServedAdmin {
  readonly supply: AdministeredSupply
  readonly store: Store
  readonly apis: NonNullable<AppOptions['apis']>
  readonly end: () => Promise<void>
}

/**
 * What `--admin` serves; undefined without it.
 *
 * @throws PolicyError, SallyportError `E_USAGE`, `E_FILE`, `E_PLATFORM`, `E_STORE…`
 */
export async function startAdmin(
  path: string | undefined,
  flags: AdminFlags,
  io: Io,
): Promise<ServedAdmin | undefined> {
  const { store: url } = flags
  if (!flags.admin) {
    const lonely = (['keep-policies', 'admin-policies', 'open-guard'] as const).find((name) => flags[name])
    if (lonely !== undefined) throw usage(`--${lonely} needs --admin`)
    return undefined
  }
  if (flags.keys === undefined && flags.auth === undefined) {
    throw usage('--admin needs --keys or --auth: nobody administers without proving who they are')
  }
  if (url === undefined || url === 'memory') {
    throw usage('--admin needs --store sqlite:FILE or postgres://…: what is changed has to be kept')
  }
  if (flags.watch || flags.tenant !== undefined || flags.bundle !== undefined) {
    throw usage('--admin goes without --watch, --tenant and --bundle: policies come from PATH, or from the store')
  }
  const kept = flags['keep-policies']
  if (path === undefined && !kept) throw usage('serve needs a policy file or folder, or --keep-policies')
  const policies = await readPermissions(flags['admin-policies'], io)
  const { store, close } = await openStore(url, io)
  try {
    const supply = await supplyAdministered({ store, kept, path }, io)
    return { supply, store, apis: await apisOf(supply, store, policies, flags['open-guard'], io), end: close }
  } catch (error) {
    await close()
    throw error
  }
}

async function readPermissions(path: string | undefined, io: Io): Promise<PolicyInput | undefined> {
  return path === undefined ? undefined : (await readSources([path], io)).files
}

async function apisOf(
  supply: AdministeredSupply,
  store: Store,
  policies: PolicyInput | undefined,
  openGuard: boolean,
  io: Io,
): Promise<ServedAdmin['apis']> {
  const permissions = await createPermissions(policies)
  const { host } = supply
  const tenants = withGuards(supply.tenants, store, io)
  const admin = adminApi({ tenants, permissions, ...(host && { host }) })
  return openGuard ? [admin, openGuardApi({ tenants, permissions })] : [admin]
}

/** A guard is made when a tenant is first asked for: tenants come and go. */
function withGuards(
  tenants: AdministeredSupply['tenants'],
  store: Store,
  io: Io,
): { get(name: string): Administered | undefined } {
  const known = new WeakMap<object, Administered>()
  return {
    get(name) {
      const one = tenants.get(name)
      if (one === undefined) return undefined
      const found = known.get(one)
      if (found !== undefined) return found
      const random = (length: number) => crypto.getRandomValues(new Uint8Array(length))
      const guard = createGuard({ engine: one.tenant.engine, store, clock: io.now, random, payers: 'each' })
      const administered = { ...one, guard }
      known.set(one, administered)
      return administered
    },
  }
}
