/** The built-in policies on administration. A host may put others in their place. */
import { definePolicies } from '../policy/define.ts'
import { adminActions } from './actions.ts'

/**
 * Four roles, each with what the one before it may do: viewers read and validate, operators take back what was lent or begun, admins
 * change what a tenant's decisions rest on, owners make and remove tenants. Nobody but owners changes what names themselves.
 */
export const administrators = definePolicies({
  version: 1,
  actions: adminActions,
  roles: {
    'sallyport:viewer': [],
    'sallyport:operator': ['sallyport:viewer'],
    'sallyport:admin': ['sallyport:operator'],
    'sallyport:owner': ['sallyport:admin'],
  },
  rules: [
    { id: 'viewers', allow: ['*:read', 'policies:validate'], to: { role: 'sallyport:viewer' } },
    {
      id: 'operators',
      allow: [
        'delegations:suspend',
        'delegations:resume',
        'delegations:revoke',
        'approvals:withdraw',
        'sessions:end',
        'tasks:cancel',
      ],
      to: { role: 'sallyport:operator' },
    },
    {
      id: 'admins',
      allow: [
        'policies:replace',
        'policies:rollback',
        'relations:write',
        'entities:write',
        'delegations:create',
        'sessions:start',
      ],
      to: { role: 'sallyport:admin' },
    },
    { id: 'owners', allow: ['tenants:create', 'tenants:remove'], to: { role: 'sallyport:owner' } },
    {
      id: 'not-for-oneself',
      deny: [
        'policies:replace',
        'policies:rollback',
        'relations:write',
        'entities:write',
        'delegations:create',
        'sessions:start',
      ],
      when: { 'resource.self': true },
      unless: { 'subject.roles': { contains: 'sallyport:owner' } },
      because: 'nobody gives rights to themselves; an owner may',
    },
  ],
})
