/** A service with two administered tenants over one store in memory, and callers known by a header. */
import type { Hono } from 'hono'
import type { JsonObject } from '../../../src/authzen/json.ts'
import type { Engine } from '../../../src/engine/types.ts'
import { makeIds } from '../../../src/guard/ids.ts'
import { createGuard, type Guard } from '../../../src/guard/index.ts'
import { AdministeredTenant } from '../../../src/pap/administered-tenant.ts'
import { createPermissions } from '../../../src/pap/permissions.ts'
import { type AdminOptions, adminApi } from '../../../src/service/admin/api.ts'
import type { Administered } from '../../../src/service/admin/context.ts'
import type { TenantHost } from '../../../src/service/admin/tenant-host.ts'
import { createApp } from '../../../src/service/app.ts'
import type { IdentifyCaller } from '../../../src/service/auth/identify.ts'
import { openGuardApi } from '../../../src/service/compat/open-guard/index.ts'
import { memoryStore } from '../../../src/store/memory/index.ts'
import type { Store } from '../../../src/store/port.ts'

export const now = Date.UTC(2026, 5, 1)
const random = (length: number) => crypto.getRandomValues(new Uint8Array(length))

export interface Service {
  readonly app: Hono
  readonly store: Store
  readonly tenants: ReadonlyMap<string, Administered>
  readonly guard: (tenant: string) => Guard
  /** Sends a call as somebody: `acme:admin` is an admin of acme, `*:owner` an owner of all, `acme:` has no role. */
  readonly call: (
    as: string | undefined,
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ) => Promise<Reply>
}

export interface Reply {
  readonly status: number
  readonly headers: Headers
  readonly body: JsonObject
}

const identify: IdentifyCaller = (request) => {
  const header = request.headers.get('x-caller')
  if (header === null) return undefined
  const [tenants = '', role = '', id = role || 'nobody'] = header.split(':')
  return {
    id,
    type: 'user',
    tenants: tenants === '*' ? 'all' : tenants.split(','),
    // What another application means by roles must not count.
    attributes: {
      roles: ['owner', `sallyport:${role}`],
      ...(id === 'pep' && { permissions: ['act_for:any'] }),
    },
  }
}

export async function startService(
  options: Partial<AdminOptions> & { readonly anonymous?: true } = {},
): Promise<Service> {
  const store = memoryStore()
  const tenants = new Map<string, Administered>()
  const engines = new Map<string, Engine>()
  const open = async (name: string): Promise<void> => {
    const environment = { store: store.tenant(name), now: () => now, newId: makeIds(random) }
    const tenant = await AdministeredTenant.open(environment)
    const guard = createGuard({ engine: tenant.engine, store, clock: () => now, random })
    tenants.set(name, { tenant, guard, environment })
    engines.set(name, tenant.engine)
  }
  await open('acme')
  await open('other')
  const host: TenantHost = {
    names: () => [...tenants.keys()],
    create: open,
    remove: async (name) => {
      tenants.delete(name)
      engines.delete(name)
    },
  }
  const permissions = options.permissions ?? (await createPermissions())
  const { anonymous, ...given } = options
  const app = createApp({
    engines,
    now: () => now,
    ...(anonymous === undefined && { identify }),
    apis: [adminApi({ tenants, permissions, host, ...given }), openGuardApi({ tenants, permissions })],
    logger: { error: (message, cause) => console.error(message, cause) },
  })
  return {
    app,
    store,
    tenants,
    guard: (name) => tenants.get(name)!.guard,
    call: async (as, method, path, body, headers = {}) => {
      const response = await app.request(path, {
        method,
        headers: {
          ...(as !== undefined && { 'X-Caller': as }),
          ...(body !== undefined && { 'Content-Type': 'application/json' }),
          ...headers,
        },
        ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      })
      const text = await response.text()
      return { status: response.status, headers: response.headers, body: text === '' ? {} : JSON.parse(text) }
    },
  }
}

export function policies(rules: string, tenant = 'acme'): { name: string; text: string } {
  return { name: 'policies.yaml', text: `version: 1\ntenant: ${tenant}\n${rules}` }
}

/** People may lend and do travel, a manager approves payments, editors edit. */
export const rich = policies(`roles: { editor: [] }
relations: { user: {}, document: { viewer: [user] } }
rules:
  - { id: travel, allow: 'travel:*', on: trip, to: { type: user } }
  - { id: pay, review: pay, on: invoice, approval: { by: [user:mia] } }
  - { id: edit, allow: edit, on: page, to: { role: editor } }
  - { id: view, allow: view, on: document, to: { relation: viewer } }
`)

export interface Filled {
  readonly delegation: string
  readonly approval: string
  readonly session: string
  readonly task: string
}

/** A tenant with one of everything. */
export async function fill(service: Service, name: string): Promise<Filled> {
  const { tenant, guard } = service.tenants.get(name)!
  const sources = [{ ...rich, text: rich.text.replace('tenant: acme', `tenant: ${name}`) }]
  await tenant.replace({ sources, onto: 0, by: { type: 'service', id: 'setup' } })
  const ann = { type: 'user', id: 'ann' }
  const bot = { type: 'agent', id: 'bot' }
  const scopes = [{ actions: 'travel:*', on: 'trip' }]
  const delegation = await guard.delegations.create({ by: ann, grantor: ann, grantee: bot, scopes, redelegate: 1 })
  const pay = { subject: ann, action: { name: 'pay' }, resource: { type: 'invoice', id: '1' } }
  const { approvals } = await guard.authorize(pay)
  const editor = { ...ann, properties: { roles: ['editor'] } }
  const session = await guard.sessions.start({ subject: editor, roles: ['editor'], expiresAt: now + 1000 })
  const task = await guard.tasks.create({ owner: bot, scopes, expiresAt: now + 1000 })
  return { delegation: delegation.id, approval: approvals[0]!.id, session: session.id, task: task.id }
}
