/** Lending: making, answering, finding and ending delegations. */
import Type from 'typebox'
import type { DelegationTerms } from '../../guard/delegation/terms.ts'
import { sameSubject } from '../../guard/subject-key.ts'
import { operationsWith } from '../operation/operation.ts'
import { Id, named, strict } from '../operation/shapes.ts'
import { ProblemError } from '../problem.ts'
import { type Acting, type ApiContext, actingAs, actingAsKey } from './acting.ts'
import { DelegationSchema, delegationBody, TermsSchema, type WireTerms } from './delegation.ts'
import { idempotencyHeader, keyOf } from './idempotency.ts'
import { BySchema, SubjectSchema } from './subject.ts'

const define = operationsWith<ApiContext>()
const tag = 'delegations'
const params = strict({ id: Id })
const one = { 200: { description: 'The delegation.', body: DelegationSchema } }
const location = { Location: 'Where the delegation is.' }

const making = {
  tag,
  permission: 'delegations:write',
  headers: idempotencyHeader,
  body: TermsSchema,
  answers: { 201: { description: 'The delegation.', body: DelegationSchema, headers: location } },
  problems: [409],
} as const

const create = define({
  ...making,
  method: 'POST',
  path: '/v1/delegations',
  operationId: 'createDelegation',
  summary: 'Lends: the grantor gives.',
  description: 'Without an Idempotency-Key, the same terms give the same delegation as long as it is not over.',
  answer: async ({ body, headers, point }, context) => {
    const made = await context.guard.delegations.create(termsOf(body, headers['idempotency-key'], context))
    return created(delegationBody(made), point.base)
  },
})

const propose = define({
  ...making,
  method: 'POST',
  path: '/v1/delegation-proposals',
  operationId: 'proposeDelegation',
  summary: 'Asks to be lent: the grantee asks, and the grantor accepts or declines.',
  answer: async ({ body, headers, point }, context) => {
    const made = await context.guard.delegations.propose(termsOf(body, headers['idempotency-key'], context))
    return created(delegationBody(made), point.base)
  },
})

const list = define({
  method: 'GET',
  path: '/v1/delegations',
  operationId: 'listDelegations',
  tag,
  summary: 'Those that somebody holds or has lent, or that rest on one.',
  permission: 'delegations:read',
  query: strict({
    by: Type.Optional(BySchema),
    role: Type.Optional(Type.Enum(['grantee', 'grantor'], { description: '`grantee` when left out.' })),
    parent: Type.Optional(Id),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000 })),
    cursor: Type.Optional(Type.String()),
  }),
  answers: {
    200: {
      description: 'A page.',
      body: named('Delegations', { delegations: Type.Array(DelegationSchema), cursor: Type.Optional(Type.String()) }),
    },
  },
  answer: async ({ query }, context) => {
    const { parent, role = 'grantee', limit = 100, cursor } = query
    const { subject } = actingAsKey(query.by, context)
    const { delegations } = context.guard
    // Who may see one may see what was passed on from it.
    if (parent !== undefined) await delegations.read(parent, { by: subject })
    const of = parent !== undefined ? { parent } : { [role]: { type: subject.type, id: subject.id } }
    const binding = JSON.stringify(['delegations', context.tenant, of])
    const after = cursor === undefined ? undefined : { id: await context.cursors.open(binding, cursor) }
    const page = await delegations.list({ ...of, limit, ...(after && { after }) })
    const last = page.more ? page.delegations.at(-1) : undefined
    return {
      status: 200,
      body: {
        delegations: page.delegations.map(delegationBody),
        ...(last && { cursor: await context.cursors.seal(binding, last.id) }),
      },
    }
  },
})

const get = define({
  method: 'GET',
  path: '/v1/delegations/{id}',
  operationId: 'getDelegation',
  tag,
  summary: 'Tells of a delegation those whom it concerns.',
  permission: 'delegations:read',
  params,
  query: strict({ by: Type.Optional(BySchema) }),
  answers: one,
  answer: async ({ params: { id }, query }, context) => {
    const { subject: by } = actingAsKey(query.by, context)
    return { status: 200, body: delegationBody(await context.guard.delegations.read(id, { by })) }
  },
})

const changes = {
  accept:
    'Makes a proposed one active, or, under review, lets it wait for an approver; a grantor brings its properties in `by`.',
  decline: 'Declines a proposed one.',
  renew: 'Begins its lease again.',
  suspend: 'Puts it out of use, with all that rests on it.',
  resume: 'Puts it into use again.',
} as const

const transitions = Object.entries(changes).map(([name, summary]) =>
  define({
    method: 'POST',
    path: `/v1/delegations/{id}/${name}`,
    operationId: `${name}Delegation`,
    tag,
    summary,
    permission: 'delegations:write',
    params,
    body: strict({ by: Type.Optional(SubjectSchema) }, { $id: 'ByBody' }),
    answers: one,
    problems: [409],
    answer: async ({ params: { id }, body }, context) => {
      const { subject: by } = actingAs(body.by, context)
      // The keys of `changes` are names of methods.
      return {
        status: 200,
        body: delegationBody(await context.guard.delegations[name as keyof typeof changes](id, { by })),
      }
    },
  }),
)

const revoke = define({
  method: 'POST',
  path: '/v1/delegations/{id}/revoke',
  operationId: 'revokeDelegation',
  tag,
  summary: 'Ends it, with all that rests on it. Doing so twice is no mistake.',
  permission: 'delegations:write',
  params,
  body: strict({ by: Type.Optional(SubjectSchema) }, { $id: 'ByBody' }),
  answers: {
    200: {
      description: 'The delegation, and how many below it were marked.',
      body: named('RevokedDelegation', { ...DelegationSchema.properties, below: Type.Integer() }),
    },
  },
  problems: [409],
  answer: async ({ params: { id }, body }, context) => {
    const { below, ...delegation } = await context.guard.delegations.revoke(id, {
      by: actingAs(body.by, context).subject,
    })
    return { status: 200, body: { ...delegationBody(delegation), below } }
  },
})

function termsOf(terms: WireTerms, key: string | undefined, context: ApiContext): DelegationTerms {
  const acting = actingAs(terms.by, context)
  const { grantee, scopes, parent, redelegate, max_uses, budget, expires_at, lease_ms, renewable_by } = terms
  return {
    by: acting.subject,
    grantor: grantorOf(terms.grantor, acting),
    grantee,
    scopes,
    ...(parent !== undefined && { parent }),
    ...(redelegate !== undefined && { redelegate }),
    ...(max_uses !== undefined && { maxUses: max_uses }),
    ...(budget && { budget }),
    ...(expires_at !== undefined && { expiresAt: Date.parse(expires_at) }),
    ...(lease_ms !== undefined && { lease: lease_ms }),
    ...(renewable_by && { renewableBy: renewable_by }),
    ...keyOf(key, context),
  }
}

/** Properties of a grantor are kept and judged by: nobody gives their own, and a subject that speaks for itself gives nobody's. */
function grantorOf(grantor: WireTerms['grantor'], { subject, isSelf }: Acting): DelegationTerms['grantor'] {
  if (!isSelf) return grantor
  if (grantor.properties !== undefined) {
    throw new ProblemError(403, 'E_FORBIDDEN', 'properties of a grantor come from credentials; leave them out')
  }
  if (!sameSubject(grantor, subject)) return grantor
  const { type, id, properties } = subject
  return { type, id, ...(properties !== undefined && { properties }) }
}

function created(body: ReturnType<typeof delegationBody>, base: string) {
  return { status: 201, body, headers: { Location: `${base}/v1/delegations/${encodeURIComponent(body.id)}` } }
}

export const delegationOperations = [create, propose, list, get, ...transitions, revoke]
