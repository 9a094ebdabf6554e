/** Tenants: which there are for the caller; making and removing them, where the host lets administrators do so. */
import Type from 'typebox'
import { operationsWith } from '../operation/operation.ts'
import { ProblemError } from '../problem.ts'
import { type AdminContext, recorded } from './context.ts'
import type { TenantHost } from './tenant-host.ts'

const define = operationsWith<AdminContext>()
const tag = 'admin: tenants'
const path = '/admin/v1/tenants'

/** It becomes a part of paths, of logs, and maybe of file names. */
const name = Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9_-]{0,62}$', description: 'Letters, digits, - and _.' })

const listTenants = define({
  method: 'GET',
  path,
  operationId: 'listTenants',
  tag,
  summary: 'Lists the tenants that the caller may use.',
  permission: 'tenants:read',
  answers: { 200: { description: 'Their names.', body: Type.Object({ tenants: Type.Array(Type.String()) }) } },
  answer: (_call, { caller, host, tenant }) => {
    const all = host?.names() ?? [tenant.tenant]
    const { tenants } = caller
    return { status: 200, body: { tenants: all.filter((one) => tenants === 'all' || tenants.includes(one)).sort() } }
  },
})

const createTenant = define({
  method: 'POST',
  path,
  operationId: 'createTenant',
  tag,
  summary: 'Makes a tenant without policies: every request to it is denied until it has some.',
  permission: 'tenants:create',
  body: Type.Object({ name }, { additionalProperties: false }),
  answers: { 201: { description: 'It is there.', body: Type.Object({ name: Type.String() }) } },
  problems: [409],
  answer: async ({ body }, context) => {
    const host = hostFor(context, body.name, 'tenants:create')
    if (host.names().includes(body.name)) throw new ProblemError(409, 'E_TENANT', 'there is such a tenant already')
    const data = { action: 'tenants:create', resource: { type: 'tenant', id: body.name } }
    await recorded(context, data, () => host.create(body.name))
    return { status: 201, body: { name: body.name } }
  },
})

const removeTenant = define({
  method: 'DELETE',
  path: `${path}/{name}`,
  operationId: 'removeTenant',
  tag,
  summary: 'Lets a tenant answer no longer. What was kept for it stays in the store.',
  permission: 'tenants:remove',
  params: Type.Object({ name }),
  answers: { 204: { description: 'It is gone.' } },
  problems: [409],
  answer: async ({ params }, context) => {
    const host = hostFor(context, params.name, 'tenants:remove')
    if (!host.names().includes(params.name)) throw new ProblemError(404, 'E_TENANT', 'there is no such tenant')
    const data = { action: 'tenants:remove', resource: { type: 'tenant', id: params.name } }
    await recorded(context, data, () => host.remove(params.name))
    return { status: 204 }
  },
})

export const tenantOperations = [listTenants, createTenant, removeTenant]

/** Who is bound to some tenants neither makes nor removes any. */
function hostFor(
  { caller, host, require }: AdminContext,
  id: string,
  action: 'tenants:create' | 'tenants:remove',
): TenantHost {
  require(action, { type: 'tenant', id })
  if (caller.tenants !== 'all') {
    throw new ProblemError(403, 'E_FORBIDDEN', `${action} is not permitted to callers that are bound to tenants`)
  }
  if (host === undefined) {
    throw new ProblemError(
      409,
      'E_POLICY_READ_ONLY',
      'the tenants of this service are set up by its host; change them there',
    )
  }
  return host
}
