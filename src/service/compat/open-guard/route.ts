/** How a call of open-guard's HTTP API comes in, and how its errors go out. */
import type { Context, Hono } from 'hono'
import type { StatusCode } from 'hono/utils/http-status'
import type { Static, TSchema } from 'typebox'
import type { Caller } from '../../../authzen/decide.ts'
import type { Engine, Subject } from '../../../engine/types.ts'
import { SallyportError } from '../../../errors.ts'
import type { Pace } from '../../../pace.ts'
import type { AdminAction } from '../../../pap/actions.ts'
import type { AdminPermissions, AdminTarget } from '../../../pap/permissions.ts'
import { type Administered, requirePermission } from '../../admin/context.ts'
import { permitCaller } from '../../api/access.ts'
import { readBody } from '../../body.ts'
import type { ApiOptions } from '../../operation/api.ts'
import { checked } from '../../operation/check.ts'
import { statusOf } from '../../operation/status.ts'
import { pointOf } from '../../point.ts'
import { ProblemError } from '../../problem.ts'

export interface CompatOptions {
  readonly tenants: Pick<ReadonlyMap<string, Administered>, 'get'>
  /** Who may administer; also here. */
  readonly permissions: AdminPermissions
  /** Which callers may ask, and for whom: as of the decision API. */
  readonly access: () => Promise<Engine>
}

/** A call whose caller and tenant are known. */
export interface Call extends Administered {
  readonly name: string
  readonly caller: Caller
  readonly now: number
  /** To be asked between the pieces of work that a body makes many of. */
  readonly pace: Pace
  body<S extends TSchema>(schema: S): Promise<Static<S>>
  param(name: string): string
  query(name: string): string | undefined
  /** Throws 403 unless the caller may ask, or use, for the subject. */
  speakFor(permission: 'decide' | 'use' | 'explain' | 'list:own', subject: Subject): Promise<void>
  /** Throws 403 unless the caller may administer. */
  require(action: AdminAction, target?: Partial<AdminTarget>): void
  /** Throws 403 for a tenant in a body or a query that is not the one of the path. */
  ownTenant(named: string | undefined): void
}

export interface Reply {
  readonly status?: StatusCode
  readonly body?: object
}

export type Answer = (call: Call) => Promise<Reply>

/** An error in the words of open-guard: `details` as its clients read it. */
export class Refusal extends Error {
  override name = 'Refusal'
  readonly status: StatusCode
  readonly code: string

  constructor(status: StatusCode, code: string, message: string) {
    super(message)
    this.status = status
    this.code = code
  }
}

export type AddRoute = (method: 'GET' | 'POST' | 'DELETE', path: string, answer: Answer) => void

export function routesOn(hono: Hono, options: ApiOptions, compat: CompatOptions): AddRoute {
  return (method, path, answer) => {
    hono.on(method, `/compat/open-guard/v1${path}`, async (c) => {
      try {
        const { status = 200, body } = await answer(await callOf(c, options, compat))
        return body === undefined ? c.body(null, status) : c.json(body, status as 200)
      } catch (error) {
        return refused(c, error)
      }
    })
  }
}

async function callOf(c: Context, options: ApiOptions, compat: CompatOptions): Promise<Call> {
  acceptApiKey(c)
  const { tenant, point } = await pointOf(c, options)
  const { caller, now } = point
  const administered = compat.tenants.get(tenant.name)
  if (caller === undefined || administered === undefined) throw new Refusal(404, 'not_found', 'there is no such tenant')
  const ownTenant = (named: string | undefined): void => {
    if (named === undefined || named === tenant.name) return
    throw new Refusal(403, 'cross_tenant_forbidden', 'the tenant is that of the credentials and the path')
  }
  ownTenant(c.req.header('X-Tenant-ID'))
  const require = requirePermission(compat.permissions, caller, tenant.name, now)
  return {
    ...administered,
    name: tenant.name,
    caller,
    now,
    pace: options.pace(),
    ownTenant,
    body: async (schema) => checked(schema, await readBody(c, options.body), 'the body'),
    param: (name) => c.req.param(name) ?? '',
    query: (name) => c.req.query(name),
    speakFor: async (permission, subject) => {
      const access = await compat.access()
      permitCaller(access, { caller, self: undefined, permission, tenant: tenant.name, actingFor: subject, now })
    },
    require: (action, target = {}) => require(action, { type: action.split(':')[0] ?? '', ...target }),
  }
}

/** open-guard's clients send `Authorization: ApiKey KEY`; here it is the same as `Bearer KEY`. */
function acceptApiKey(c: Context): void {
  const key = /^ApiKey +(\S+)$/.exec(c.req.header('Authorization') ?? '')?.[1]
  if (key === undefined) return
  const headers = new Headers(c.req.raw.headers)
  headers.set('Authorization', `Bearer ${key}`)
  c.req.raw = new Request(c.req.raw, { headers })
}

function refused(c: Context, error: unknown): Response {
  if (error instanceof Refusal) return envelope(c, error.status, error.code, error.message)
  if (error instanceof ProblemError) {
    const { status, message, extras } = error
    for (const [name, value] of Object.entries(extras.headers ?? {})) c.header(name, value)
    const sent = c.req.header('Authorization') === undefined ? 'missing_api_key' : 'invalid_api_key'
    return envelope(c, status, status === 401 ? sent : (codes[status] ?? 'error'), message)
  }
  if (!(error instanceof SallyportError)) throw error
  if (invalid.has(error.code)) return envelope(c, 422, 'validation_error', error.message)
  const status = statusOf(error.code)
  if (status === undefined) throw error
  return envelope(c, status, codes[status] ?? error.code, error.message)
}

/** What FastAPI answers with 422. */
const invalid: ReadonlySet<string> = new Set([
  'E_REQUEST',
  'E_CHAIN_DEPTH',
  'E_POLICY',
  'E_SCOPE',
  'E_AMOUNT',
  'E_SESSION',
  'E_USAGE',
  'E_CURSOR',
  'E_TUPLE',
])

const codes: { readonly [status: number]: string } = {
  403: 'forbidden',
  404: 'not_found',
  429: 'rate_limited',
}

function envelope(c: Context, status: StatusCode, code: string, message: string): Response {
  return c.json({ error: { code, message, details: null } }, status as 400)
}

/** What the router of administration answers, as FastAPI writes it. */
export function notFound(what: string): Reply {
  return { status: 404, body: { detail: `${what} not found` } }
}
