/** What administrators may do: the actions of the policies on administration. */
export const adminActions = [
  'policies:read',
  'policies:validate',
  'policies:replace',
  'policies:rollback',
  'relations:read',
  'relations:write',
  'entities:read',
  'entities:write',
  'delegations:read',
  'delegations:create',
  'delegations:suspend',
  'delegations:resume',
  'delegations:revoke',
  'approvals:read',
  'approvals:withdraw',
  'sessions:read',
  'sessions:start',
  'sessions:end',
  'tasks:read',
  'tasks:cancel',
  'tenants:read',
  'tenants:create',
  'tenants:remove',
] as const

export type AdminAction = (typeof adminActions)[number]
