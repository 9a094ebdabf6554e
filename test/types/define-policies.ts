/** Compiled, not run: literal types of policies reach requests, so that a misspelt action is a compile error. */
import type { AccessRequest } from '../../src/engine/types.ts'
import { type ActionOf, definePolicies, type ResourceTypeOf, type RoleOf } from '../../src/policy/define.ts'
import type { PolicyDocument } from '../../src/policy/document.ts'

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false
function holds<T extends true>(): T | undefined {
  return undefined
}

const policies = definePolicies({
  version: 1,
  tenant: 'acme',
  roles: { admin: ['editor'] },
  rules: [
    { id: 'editors', allow: ['read', 'write'], on: 'record', to: { role: 'editor' } },
    { id: 'archived', deny: 'write', on: { type: ['record', 'folder'] }, when: { 'resource.status': 'archived' } },
    { id: 'travel', allow: 'travel:*', on: 'trip' },
  ],
  sets: { money: { rules: [{ id: 'pay', review: 'pay', on: 'invoice' }] } },
})

type Request = AccessRequest<ActionOf<typeof policies>, ResourceTypeOf<typeof policies>>
const subject = { type: 'user', id: 'alice' }

holds<Equal<ActionOf<typeof policies>, 'read' | 'write' | `travel:${string}` | 'pay'>>()
holds<Equal<ResourceTypeOf<typeof policies>, 'record' | 'folder' | 'trip' | 'invoice'>>()

export const good: Request[] = [
  { subject, action: { name: 'read' }, resource: { type: 'record', id: 'r1' } },
  { subject, action: { name: 'travel:book' }, resource: { type: 'trip', id: 't1' }, context: { amount: 5 } },
  { subject, action: { name: 'pay' }, resource: { type: 'invoice', id: 'i1' }, tenant: 'acme' },
]

export const bad: Request[] = [
  // @ts-expect-error: "raed" is no action.
  { subject, action: { name: 'raed' }, resource: { type: 'record', id: 'r1' } },
  // @ts-expect-error: "travels:book" does not start with "travel:".
  { subject, action: { name: 'travels:book' }, resource: { type: 'trip', id: 't1' } },
  // @ts-expect-error: "recrod" is no resource type.
  { subject, action: { name: 'read' }, resource: { type: 'recrod', id: 'r1' } },
]

// Declared actions are the actions, whatever the rules name.
const declared = definePolicies({
  version: 1,
  actions: ['read', 'write', 'purge'],
  rules: [{ id: 'all', allow: '*', on: 'record' }],
})
holds<Equal<ActionOf<typeof declared>, 'read' | 'write' | 'purge'>>()
// @ts-expect-error: "list" is not declared.
export const undeclared: ActionOf<typeof declared> = 'list'

// Any action, any type: every string.
const open = definePolicies({ version: 1, rules: [{ id: 'all', allow: '*' }] })
holds<Equal<ActionOf<typeof open>, string>>()
holds<Equal<ResourceTypeOf<typeof open>, string>>()

// A pattern that is more than a prefix: every string. One type that is left out is enough, too.
const fancy = definePolicies({
  version: 1,
  rules: [
    { id: 'a', allow: '{read,list}', on: 'record' },
    { id: 'b', deny: 'a*b', on: { id: 'x' } },
  ],
})
holds<Equal<ActionOf<typeof fancy>, string>>()
holds<Equal<ResourceTypeOf<typeof fancy>, string>>()

// No rules, or a document whose type is not known in detail: every string.
const empty = definePolicies({ version: 1 })
holds<Equal<ActionOf<typeof empty>, string>>()
holds<Equal<ActionOf<PolicyDocument>, string>>()
holds<Equal<ResourceTypeOf<PolicyDocument>, string>>()

// The roles that are defined, inherited ones included; a rule for another one is an error.
holds<Equal<RoleOf<typeof policies>, 'admin' | 'editor'>>()
holds<Equal<RoleOf<typeof open>, string>>()
holds<Equal<RoleOf<PolicyDocument>, string>>()
definePolicies({
  version: 1,
  // @ts-expect-error: "edtor" is not among the roles.
  roles: { admin: ['editor'], editor: [] },
  rules: [{ id: 'edit', allow: 'write', to: { role: ['admin', 'edtor'] } }],
})
definePolicies({
  version: 1,
  // @ts-expect-error: "admni" is not among the roles, be it in a set.
  roles: { admin: [] },
  sets: { more: { rules: [{ id: 'edit', allow: 'write', to: { role: 'admni', type: 'user' } }] } },
})
// Without roles, any role; of roles that are not known in detail, any, too.
definePolicies({ version: 1, rules: [{ id: 'edit', allow: 'write', to: { role: 'edtor' } }] })
definePolicies({
  version: 1,
  roles: { admin: [] } as Record<string, string[]>,
  rules: [{ id: 'edit', allow: 'write', to: { role: 'edtor' } }],
})
definePolicies({
  version: 1,
  roles: { admin: [] },
  rules: [{ id: 'edit', allow: 'write', to: { role: 'a' as string } }],
})
export const passedOn = (document: PolicyDocument) => definePolicies(document)
definePolicies({
  version: 1,
  roles: { requester: [], approver: [] },
  separation: { dynamic: [{ roles: ['requester', 'approver'], at_most: 1 }] },
  entities: {
    subjects: [{ type: 'user', id: 'u', roles: ['requester', { role: 'approver', on: { type: 'po', id: '7' } }] }],
  },
  rules: [{ id: 'approve', allow: 'approve', to: { role: 'approver' } }],
})

// It still is a policy document.
export const asDocument: PolicyDocument = policies

// @ts-expect-error: the version is 1.
definePolicies({ version: 2 })
// @ts-expect-error: there is no such algorithm.
definePolicies({ version: 1, algorithm: 'deny-override' })
// @ts-expect-error: a rule needs an id.
definePolicies({ version: 1, rules: [{ allow: 'read' }] })
