/** `sallyport/service/admin`: administration over HTTP. docs/admin.md describes it. */
export { type AdminAction, adminActions } from '../../pap/actions.ts'
export { AdministeredTenant, type PolicyChange, type Replaced } from '../../pap/administered-tenant.ts'
export { administrators } from '../../pap/administrators.ts'
export type { ChangeData, ChangeEvent } from '../../pap/change-event.ts'
export type { Check } from '../../pap/check.ts'
export { type FollowOptions, follow } from '../../pap/following.ts'
export {
  type Administrator,
  type AdminPermissions,
  type AdminTarget,
  createPermissions,
  type Permission,
} from '../../pap/permissions.ts'
export type { Dialect, PolicyText } from '../../pap/policy-text.ts'
export type { Revision } from '../../pap/revisions.ts'
export { type AdministerOptions, administer } from './administer.ts'
export { type AdminOptions, adminApi } from './api.ts'
export type { Administered } from './context.ts'
export type { TenantHost } from './tenant-host.ts'
