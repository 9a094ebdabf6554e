/** open-guard's administration of policies, roles and relationships. */
import Type, { type Static } from 'typebox'
import { namesInPolicies } from '../../../pap/own.ts'
import type { AddRoute, Call } from './route.ts'
import { notFound, Refusal } from './route.ts'
import { editSource, readSource, type StoredPolicy, type StoredTuple } from './source.ts'

const AnyObject = Type.Record(Type.String(), Type.Unknown())
const nothing = Type.Null()

const PolicySchema = Type.Object({
  tenant_id: Type.String(),
  evaluator_type: Type.String(),
  subject_match: Type.Optional(AnyObject),
  action_match: Type.Optional(Type.Union([Type.String(), Type.Array(Type.String())])),
  resource_match: Type.Optional(AnyObject),
  conditions: Type.Optional(AnyObject),
  effect: Type.Optional(Type.String()),
  priority: Type.Optional(Type.Integer()),
})

const RoleSchema = Type.Object({
  tenant_id: Type.String(),
  subject_id: Type.String(),
  role: Type.String(),
  resource_type: Type.Optional(Type.Union([Type.String(), nothing])),
  resource_match: Type.Optional(Type.Union([AnyObject, nothing])),
  actions: Type.Optional(Type.Union([Type.Array(Type.String()), nothing])),
})

const CheckSchema = Type.Object({
  tenant_id: Type.String(),
  subject_id: Type.String(),
  subject_type: Type.Optional(Type.String()),
  relation: Type.String(),
  object_type: Type.String(),
  object_id: Type.String(),
})

const TupleSchema = Type.Object({
  ...CheckSchema.properties,
  subject_relation: Type.Optional(Type.Union([Type.String(), nothing])),
})

export function addPolicies(add: AddRoute): void {
  add('POST', '/admin/policies', async (call) => {
    const body = await call.body(PolicySchema)
    call.ownTenant(body.tenant_id)
    return { status: 201, body: await create(call, body) }
  })

  add('GET', '/admin/policies', async (call) => {
    const type = call.query('evaluator_type')
    const { policies } = await read(call)
    const some = policies.filter(({ evaluator_type }) => type === undefined || evaluator_type === type)
    return { body: some.map((policy) => shown(call, policy)) }
  })

  add('GET', '/admin/policies/:id', async (call) => {
    const policy = (await read(call)).policies.find(({ id }) => id === call.param('id'))
    return policy === undefined ? notFound('Policy') : { body: shown(call, policy) }
  })

  add('DELETE', '/admin/policies/:id', (call) => remove(call, 'policies', 'Policy'))

  add('POST', '/admin/roles', async (call) => {
    const { tenant_id, subject_id, role, resource_type, resource_match, actions } = await call.body(RoleSchema)
    call.ownTenant(tenant_id)
    const [only, ...others] = actions ?? []
    const policy = await create(call, {
      tenant_id,
      evaluator_type: 'rbac',
      subject_match: { roles: [role], id: subject_id },
      // As there: of several actions, any.
      action_match: only !== undefined && others.length === 0 ? only : '*',
      resource_match: { ...resource_match, ...(resource_type ? { type: resource_type } : {}) },
    })
    return { status: 201, body: policy }
  })

  add('POST', '/admin/relationships', async (call) => {
    const { tenant_id, ...given } = await call.body(TupleSchema)
    call.ownTenant(tenant_id)
    const tuple: StoredTuple = { ...given, ...defaults(given), id: crypto.randomUUID() }
    call.require('relations:write', { self: names(call, tuple.subject_type, tuple.subject_id) })
    await edit(call, 'relations:write', 'a relationship', (source) => {
      return { ...source, tuples: [...source.tuples, tuple] }
    })
    return { status: 201, body: { ...tuple, tenant_id: call.name } }
  })

  add('GET', '/admin/relationships', async (call) => {
    const [type, subject] = [call.query('object_type'), call.query('subject_id')]
    const { tuples } = await read(call, 'relations:read')
    const some = tuples.filter((tuple) => {
      return (
        (type === undefined || tuple.object_type === type) && (subject === undefined || tuple.subject_id === subject)
      )
    })
    return { body: some.map((tuple) => ({ ...tuple, tenant_id: call.name })) }
  })

  add('POST', '/admin/relationships/check', async (call) => {
    const { tenant_id, ...given } = await call.body(CheckSchema)
    call.ownTenant(tenant_id)
    const wanted = keyOf({ ...given, ...defaults(given) })
    const { tuples } = await read(call, 'relations:read')
    return { body: { exists: tuples.some((tuple) => keyOf(tuple) === wanted) } }
  })

  add('DELETE', '/admin/relationships/:id', (call) => remove(call, 'tuples', 'Relationship'))
}

function read(call: Call, action: 'policies:read' | 'relations:read' = 'policies:read') {
  call.ownTenant(call.query('tenant_id'))
  call.require(action)
  return readSource(call.tenant)
}

async function create(call: Call, given: Static<typeof PolicySchema>): Promise<object> {
  const policy: StoredPolicy = {
    id: crypto.randomUUID(),
    evaluator_type: given.evaluator_type,
    subject_match: given.subject_match ?? {},
    action_match: given.action_match ?? '*',
    resource_match: given.resource_match ?? {},
    conditions: given.conditions ?? {},
    effect: given.effect ?? 'allow',
    priority: given.priority ?? 0,
  }
  // The dialect does not look at this id; whoever writes it means themselves all the same.
  call.require('policies:replace', { self: policy.subject_match.id === call.caller.id })
  // There it is kept, and never asked.
  if (!['rbac', 'abac', 'tbac', 'rebac', 'trust'].includes(policy.evaluator_type)) {
    throw new Refusal(422, 'validation_error', 'evaluator_type is one of rbac, abac, tbac, rebac and trust')
  }
  await edit(call, 'policies:replace', 'a policy', (source) => {
    return { ...source, policies: [...source.policies, policy] }
  })
  return shown(call, policy)
}

async function remove(call: Call, what: 'policies' | 'tuples', name: string) {
  call.ownTenant(call.query('tenant_id'))
  const action = what === 'policies' ? 'policies:replace' : 'relations:write'
  call.require(action)
  const wanted = call.param('id')
  const removed = await edit(call, action, `without a ${name.toLowerCase()}`, (source) => {
    const { policies, tuples } = source
    if (!(what === 'policies' ? policies : tuples).some(({ id }) => id === wanted)) return undefined
    // Also where nothing asks for its relation yet, so that the policies in our words are without it.
    const own = ({ id, subject_type, subject_id }: StoredTuple) =>
      id === wanted && names(call, subject_type, subject_id)
    if (what === 'tuples') call.require(action, { self: tuples.some(own) })
    return what === 'policies'
      ? { ...source, policies: policies.filter(({ id }) => id !== wanted) }
      : { ...source, tuples: tuples.filter(({ id }) => id !== wanted) }
  })
  return removed ? ({ status: 204 } as const) : notFound(name)
}

/** What is kept names its author by what the source says in our words: open-guard has many ways to say who. */
function edit(
  call: Call,
  action: 'policies:replace' | 'relations:write',
  note: string,
  change: Parameters<typeof editSource>[2],
): Promise<boolean> {
  const { type, id } = call.caller
  const by = { type, id }
  return editSource(
    call.tenant,
    { by, note, permit: (before, after) => call.require(action, { self: namesInPolicies(by, before, after) }) },
    change,
  )
}

function shown({ name }: Call, policy: StoredPolicy): object {
  const { id, evaluator_type, subject_match, action_match, resource_match, conditions, effect, priority } = policy
  return {
    id,
    tenant_id: name,
    evaluator_type,
    subject_match,
    action_match,
    resource_match,
    conditions,
    effect,
    priority,
  }
}

function defaults({ subject_type = 'user', subject_relation = null }: Partial<StoredTuple>) {
  return { subject_type, subject_relation }
}

function keyOf(tuple: Omit<StoredTuple, 'id'>): string {
  const { object_type, object_id, relation, subject_type, subject_id, subject_relation } = tuple
  return JSON.stringify([object_type, object_id, relation, subject_type, subject_id, subject_relation])
}

function names({ caller }: Call, type: string, id: string): boolean {
  return caller.type === type && caller.id === id
}
