/** Delegations in requests and answers. */
import Type, { type Static } from 'typebox'
import type { Scope } from '../../delegation/scope.ts'
import type { Delegation } from '../../guard/delegation/record.ts'
import { Id, named, strict, Time, timeText } from '../operation/shapes.ts'
import { AmountSchema } from './decision.ts'
import { RefSchema, refOf, StrictRefSchema, SubjectSchema } from './subject.ts'

/** What is inside is checked by what reads policies, whose words it is in. */
export const ScopeSchema = Type.Unsafe<Scope>({
  $id: 'Scope',
  type: 'object',
  required: ['actions'],
  properties: {
    actions: { description: 'Names or patterns.' },
    on: { description: 'Types, or types and ids; any resource when left out.' },
    when: {},
    unless: {},
    during: {},
  },
  additionalProperties: false,
  description: 'Actions on resources under conditions, in the words of policies.',
})

export const TermsSchema = strict(
  {
    by: Type.Optional(SubjectSchema),
    grantor: strict({ type: Id, id: Id, properties: SubjectSchema.properties.properties }, { $id: 'Grantor' }),
    grantee: StrictRefSchema,
    scopes: Type.Array(ScopeSchema, { minItems: 1, maxItems: 16 }),
    parent: Type.Optional(Id),
    redelegate: Type.Optional(Type.Integer({ minimum: 0, maximum: 7 })),
    max_uses: Type.Optional(Type.Integer({ minimum: 1 })),
    budget: Type.Optional(AmountSchema),
    expires_at: Type.Optional(Time),
    lease_ms: Type.Optional(Type.Integer({ minimum: 1 })),
    renewable_by: Type.Optional(Type.Array(StrictRefSchema, { maxItems: 64 })),
  },
  { $id: 'DelegationTerms' },
)
export type WireTerms = Static<typeof TermsSchema>

export const DelegationSchema = named('Delegation', {
  id: Type.String(),
  state: Type.String({ description: 'Its own; it is of use only while those above it are active, too.' }),
  grantor: RefSchema,
  grantee: RefSchema,
  scopes: Type.Array(ScopeSchema),
  parent: Type.Optional(Type.String()),
  root: Type.String(),
  depth: Type.Integer(),
  redelegate: Type.Integer(),
  max_uses: Type.Optional(Type.Integer()),
  uses_left: Type.Optional(Type.Integer()),
  budget: Type.Optional(AmountSchema),
  budget_left: Type.Optional(AmountSchema),
  expires_at: Type.Optional(Time),
  lease_ms: Type.Optional(Type.Integer()),
  leased_until: Type.Optional(Time),
  renewable_by: Type.Array(RefSchema),
  created_at: Time,
  created_by: RefSchema,
  awaits: Type.Optional(Type.Enum(['grantor', 'approver'])),
  ended: Type.Optional(named('DelegationEnd', { by: RefSchema, at: Time })),
})

export function delegationBody(delegation: Delegation): Static<typeof DelegationSchema> {
  const { id, state, grantor, grantee, scopes, parent, root, depth, redelegate } = delegation
  const { maxUses, usesLeft, budget, budgetLeft, expiresAt, lease, leasedUntil, awaits, ended } = delegation
  return {
    id,
    state,
    grantor: refOf(grantor),
    grantee: refOf(grantee),
    scopes: [...scopes],
    ...(parent !== undefined && { parent }),
    root,
    depth,
    redelegate,
    ...(maxUses !== undefined && { max_uses: maxUses }),
    ...(usesLeft !== undefined && { uses_left: usesLeft }),
    ...(budget && { budget: { unit: budget.unit, amount: String(budget.amount) } }),
    ...(budgetLeft && { budget_left: { unit: budgetLeft.unit, amount: String(budgetLeft.amount) } }),
    ...(expiresAt !== undefined && { expires_at: timeText(expiresAt) }),
    ...(lease !== undefined && { lease_ms: lease }),
    ...(leasedUntil !== undefined && { leased_until: timeText(leasedUntil) }),
    renewable_by: delegation.renewableBy.map(refOf),
    created_at: timeText(delegation.createdAt),
    created_by: refOf(delegation.createdBy),
    ...(awaits !== undefined && { awaits }),
    ...(ended && { ended: { by: refOf(ended.by), at: timeText(ended.at) } }),
  }
}
