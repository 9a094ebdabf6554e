/** open-guard's administration of delegations and sessions. */
import Type, { type Static } from 'typebox'
import type { Scope } from '../../../delegation/scope.ts'
import { SallyportError } from '../../../errors.ts'
import type { Delegation, GuardSession, SubjectRef } from '../../../guard/index.ts'
import { recorded } from '../../admin/context.ts'
import type { AddRoute, Call, Reply } from './route.ts'
import { notFound, Refusal } from './route.ts'
import { UNIT } from './unit.ts'
import { ActorType, allActorTypes } from './wire.ts'

const AnyObject = Type.Record(Type.String(), Type.Unknown())

const ScopeSchema = Type.Object({
  action_match: Type.Union([Type.String(), Type.Array(Type.String(), { minItems: 1 })]),
  resource_type: Type.String(),
  resource_match: Type.Optional(AnyObject),
  conditions: Type.Optional(AnyObject),
})

const DelegationSchema = Type.Object({
  tenant_id: Type.String(),
  from_subject_id: Type.String(),
  to_subject_id: Type.String(),
  scopes: Type.Array(ScopeSchema, { minItems: 1 }),
  from_subject_type: Type.Optional(ActorType),
  to_subject_type: Type.Optional(ActorType),
  max_uses: Type.Optional(Type.Union([Type.Integer(), Type.Null()])),
  budget: Type.Optional(Type.Union([Type.String(), Type.Number(), Type.Null()])),
  expires_at: Type.Optional(Type.Union([Type.String({ format: 'date-time' }), Type.Null()])),
})

const SessionSchema = Type.Object({
  tenant_id: Type.String(),
  subject_id: Type.String(),
  activated_roles: Type.Array(Type.String(), { minItems: 1 }),
  expires_at: Type.Optional(Type.Union([Type.String({ format: 'date-time' }), Type.Null()])),
})

/** There a session without an end has none; here it has to have one. */
const SESSION = 8 * 60 * 60 * 1000

export function addLending(add: AddRoute): void {
  add('POST', '/admin/delegations', async (call) => {
    const body = await call.body(DelegationSchema)
    call.ownTenant(body.tenant_id)
    const grantor = { type: body.from_subject_type ?? 'user', id: body.from_subject_id }
    const grantee = { type: body.to_subject_type ?? 'user', id: body.to_subject_id }
    const { caller } = call
    call.require('delegations:create', { self: grantee.type === caller.type && grantee.id === caller.id })
    const { max_uses, budget, expires_at } = body
    const terms = {
      by: grantor,
      grantor,
      grantee,
      scopes: body.scopes.map(scopeOf),
      ...(max_uses !== undefined && max_uses !== null && { maxUses: max_uses }),
      ...(budget !== undefined && budget !== null && { budget: { amount: String(budget), unit: UNIT } }),
      ...(expires_at !== undefined && expires_at !== null && { expiresAt: Date.parse(expires_at) }),
    }
    const delegation = await record(call, 'delegations:create', grantor, () => call.guard.delegations.create(terms))
    return { status: 201, body: delegationBody(call, delegation) }
  })

  add('GET', '/admin/delegations', async (call) => {
    const id = subjectAsked(call)
    if (typeof id !== 'string') return id
    call.require('delegations:read')
    // There a subject is its id, of whatever type.
    const held = await Promise.all(allActorTypes.map((type) => heldBy(call, { type, id })))
    const active = held.flat().filter(({ state }) => state === 'active')
    return { body: active.map((one) => delegationBody(call, one)) }
  })

  add('DELETE', '/admin/delegations/:id', (call) => {
    return ending(call, 'delegations:revoke', 'delegation', 'Delegation', (id) =>
      call.guard.delegations.administer('revoke', id, { by: { type: call.caller.type, id: call.caller.id } }),
    )
  })

  add('POST', '/admin/sessions', async (call) => {
    const { tenant_id, subject_id, activated_roles: roles, expires_at } = await call.body(SessionSchema)
    call.ownTenant(tenant_id)
    const ref = { type: 'user', id: subject_id }
    call.require('sessions:start', { self: call.caller.type === 'user' && call.caller.id === subject_id })
    const expiresAt = expires_at === undefined || expires_at === null ? call.now + SESSION : Date.parse(expires_at)
    // As there: the administrator's word is taken for the roles.
    const terms = { subject: { ...ref, properties: { roles } }, roles, expiresAt }
    const session = await record(call, 'sessions:start', ref, () => call.guard.sessions.start(terms))
    return { status: 201, body: sessionBody(call, session) }
  })

  add('GET', '/admin/sessions', async (call) => {
    const id = subjectAsked(call)
    if (typeof id !== 'string') return id
    call.require('sessions:read')
    const sessions = await call.guard.sessions.list({ type: 'user', id })
    return { body: sessions.map((one) => sessionBody(call, one)) }
  })

  add('DELETE', '/admin/sessions/:id', (call) => {
    return ending(call, 'sessions:end', 'session', 'Session', (id) => call.guard.sessions.end(id))
  })
}

/** All of them: there, a list has no pages. */
async function heldBy({ guard }: Call, grantee: SubjectRef): Promise<readonly Delegation[]> {
  const all: Delegation[] = []
  while (true) {
    const after = all.at(-1)
    const page = await guard.delegations.list({ grantee, limit: 1000, ...(after && { after }) })
    all.push(...page.delegations)
    if (!page.more) return all
  }
}

function subjectAsked(call: Call): string | Reply {
  call.ownTenant(call.query('tenant_id'))
  return call.query('subject_id') || { status: 400, body: { detail: 'subject_id query parameter is required' } }
}

async function ending(
  call: Call,
  action: 'delegations:revoke' | 'sessions:end',
  type: string,
  name: string,
  end: (id: string) => Promise<unknown>,
): Promise<Reply> {
  call.ownTenant(call.query('tenant_id'))
  call.require(action)
  const id = call.param('id')
  try {
    await record(call, action, { type, id }, () => end(id))
    return { status: 204 }
  } catch (error) {
    const gone = error instanceof SallyportError && ['E_DELEGATION', 'E_SESSION'].includes(error.code)
    if (gone) return notFound(name)
    throw error
  }
}

function record<T>(
  call: Call,
  action: string,
  resource: { type: string; id: string },
  change: () => Promise<T>,
): Promise<T> {
  const { type, id } = call.caller
  return recorded({ author: { type, id }, environment: call.environment }, { action, resource }, change)
}

/** @throws Refusal for conditions, which scopes there have, and nothing here says the same */
function scopeOf({
  action_match,
  resource_type,
  resource_match = {},
  conditions = {},
}: Static<typeof ScopeSchema>): Scope {
  if (Object.keys(conditions).length > 0) {
    throw new Refusal(422, 'validation_error', 'conditions of a scope are not known here; write resource_match')
  }
  const { id, ...others } = resource_match
  const ids = id === undefined ? undefined : idsOf(id)
  const when = Object.fromEntries(Object.entries(others).map(([key, value]) => [`resource.${key}`, testOf(value)]))
  return {
    actions: action_match,
    on: ids === undefined ? resource_type : { type: resource_type, id: ids },
    ...(Object.keys(others).length > 0 && { when: when as NonNullable<Scope['when']> }),
  }
}

function idsOf(match: unknown): readonly string[] {
  const value = testOf(match)
  const list = typeof value === 'object' && value !== null ? Object.values(value).flat() : [value]
  if (list.every((one) => typeof one === 'string')) return list
  throw new Refusal(422, 'validation_error', 'resource_match.id is a text, or { op: "in", value: [ … ] }')
}

/** `{ op: 'in', value }` and `{ op: 'eq', value }`, or a bare value. */
function testOf(match: unknown): unknown {
  if (typeof match !== 'object' || match === null) return match
  const { op, value } = match as { readonly op?: unknown; readonly value?: unknown }
  if (op === 'eq') return value
  if (op === 'in' && Array.isArray(value)) return { in: value }
  throw new Refusal(422, 'validation_error', 'resource_match compares with eq and in')
}

const states: Readonly<Record<string, string>> = {
  proposed: 'pending_approval',
  lapsed: 'expired',
  declined: 'revoked',
}

function delegationBody({ name }: Call, { id, grantor, grantee, state, createdAt }: Delegation): object {
  return {
    id,
    tenant_id: name,
    from_subject_id: grantor.id,
    to_subject_id: grantee.id,
    status: states[state] ?? state,
    created_at: new Date(createdAt).toISOString(),
  }
}

function sessionBody({ name }: Call, { id, subject, roles, state, createdAt, expiresAt }: GuardSession): object {
  return {
    id,
    tenant_id: name,
    subject_id: subject.id,
    activated_roles: roles,
    status: state,
    created_at: new Date(createdAt).toISOString(),
    expires_at: new Date(expiresAt).toISOString(),
    deactivated_at: null,
  }
}
