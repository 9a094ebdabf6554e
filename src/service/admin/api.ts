/** Administration over HTTP, at `/admin/v1` and `/tenants/NAME/admin/v1`. */
import { Hono } from 'hono'
import type { AdminAction } from '../../pap/actions.ts'
import type { AdminPermissions } from '../../pap/permissions.ts'
import { type Api, defineApi } from '../operation/api.ts'
import type { Asked, Operation } from '../operation/operation.ts'
import { unknownTenant } from '../tenants.ts'
import { approvalOperations } from './approvals.ts'
import { type AdminContext, type Administered, requirePermission } from './context.ts'
import { delegationOperations } from './delegations.ts'
import { entityOperations } from './entities.ts'
import { policyOperations } from './policies.ts'
import { relationOperations } from './relations.ts'
import { sessionOperations } from './sessions.ts'
import { taskOperations } from './tasks.ts'
import type { TenantHost } from './tenant-host.ts'
import { tenantOperations } from './tenants.ts'

export interface AdminOptions {
  /** By name; the map is read at every request. */
  readonly tenants: ReadonlyMap<string, Administered>
  /** Who may do what; `createPermissions()` has the built-in policies. */
  readonly permissions: AdminPermissions
  /** Lets administrators make and remove tenants; left out: they cannot. */
  readonly host?: TenantHost
}

export const adminOperations: readonly Operation<AdminContext>[] = [
  ...policyOperations,
  ...relationOperations,
  ...entityOperations,
  ...delegationOperations,
  ...approvalOperations,
  ...sessionOperations,
  ...taskOperations,
  ...tenantOperations,
]

/**
 * The API of administrators, for `createApp`. Where the app does not ask who calls, there is none of it: nobody administers
 * anonymously.
 *
 * @example createApp({ engines, identify, apis: [adminApi({ tenants, permissions: await createPermissions() })] })
 */
export function adminApi(options: AdminOptions): Api {
  const api = defineApi({ operations: adminOperations, admit: (operation, asked) => admit(operation, asked, options) })
  return {
    operations: api.operations,
    routes: (given) => (given.authenticate === undefined ? new Hono() : api.routes(given)),
  }
}

function admit(operation: Operation<AdminContext>, { tenant, point }: Asked, options: AdminOptions): AdminContext {
  const { caller, now } = point
  const administered = options.tenants.get(tenant.name)
  if (caller === undefined || administered === undefined) throw unknownTenant(tenant.name)
  const { id, type } = caller
  const require = requirePermission(options.permissions, caller, tenant.name, now)
  // Each states one: `test/service/admin/permissions.test.ts` goes through them.
  require(operation.permission as AdminAction, { type: operation.permission?.split(':')[0] ?? '' })
  return { ...administered, caller, author: { type, id }, now, require, host: options.host }
}
