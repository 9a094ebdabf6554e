/** Decisions of the guard in answers. */
import Type, { type Static } from 'typebox'
import type { GuardDecision } from '../../guard/decision.ts'
import type { Left } from '../../guard/delegation/charge.ts'
import type { ReserveDecision } from '../../guard/delegation/reserve.ts'
import type { Payment } from '../../guard/delegation/spend.ts'
import { AnyObject, named, strict, Time, timeText } from '../operation/shapes.ts'
import { RefSchema, refOf } from './subject.ts'

/** In requests and answers alike. */
export const AmountSchema = strict(
  { amount: Type.String({ description: 'A decimal, such as "12.50".' }), unit: Type.String({ minLength: 1 }) },
  { $id: 'Amount' },
)

const GrantSchema = named('Grant', {
  id: Type.String(),
  grantor: RefSchema,
  root: RefSchema,
  line: Type.Array(Type.String()),
})

const ApprovalRefSchema = named('ApprovalRef', {
  id: Type.String(),
  rule: Type.String(),
  state: Type.String(),
  expires_at: Time,
})

const decided = {
  decision: Type.Boolean({ description: 'True only where it is allowed. Everything else is a denial.' }),
  status: Type.Enum(['allow', 'deny', 'review']),
  code: Type.String({ description: 'Why, for programs: a reason code.' }),
  reason: Type.String({ description: 'Why, for people.' }),
  rules: Type.Array(Type.String(), { description: 'The ids of the deciding rules.' }),
  obligations: Type.Array(AnyObject),
  advice: Type.Array(AnyObject),
  image_id: Type.String({ description: 'The revision of the policies.' }),
  delegations: Type.Array(GrantSchema),
  approvals: Type.Array(ApprovalRefSchema, { description: 'What it rests on, or waits for.' }),
}

export const DecisionSchema = named('Decision', decided)

const LeftSchema = named('Payment', {
  id: Type.String(),
  uses: Type.Optional(Type.Integer()),
  budget: Type.Optional(AmountSchema),
})

export const ConsumedSchema = named('ConsumeDecision', {
  ...decided,
  paid: Type.Array(LeftSchema, { description: 'What paid, and what is left to it.' }),
  repeated: Type.Optional(Type.Boolean({ description: 'It was used before, with the same Idempotency-Key.' })),
  reservation: Type.Optional(named('Reservation', { id: Type.String(), expires_at: Time })),
})

export function decisionBody(decision: GuardDecision): Static<typeof DecisionSchema> {
  const { status, code, reason, rules, obligations, advice, imageId, delegations, approvals } = decision
  return {
    decision: decision.decision,
    status,
    code,
    reason,
    rules: [...rules],
    obligations: obligations.map((one) => ({ ...one })),
    advice: advice.map((one) => ({ ...one })),
    image_id: imageId,
    delegations: delegations.map(({ id, grantor, root, line }) => ({
      id,
      grantor: refOf(grantor),
      root: refOf(root),
      line: [...line],
    })),
    approvals: approvals.map(({ id, rule, state, expiresAt }) => ({
      id,
      rule,
      state,
      expires_at: timeText(expiresAt),
    })),
  }
}

export function consumedBody(decision: ReserveDecision): Static<typeof ConsumedSchema> {
  const { paid, repeated, reservation } = decision
  return {
    ...decisionBody(decision),
    paid: paid.map(paymentBody),
    ...(repeated && { repeated }),
    ...(reservation && { reservation: { id: reservation.id, expires_at: timeText(reservation.expiresAt) } }),
  }
}

function paymentBody({ id, ...left }: Payment): Static<typeof LeftSchema> {
  return { id, ...leftBody(left) }
}

function leftBody({ uses, budget }: Left) {
  return {
    ...(uses !== undefined && { uses }),
    ...(budget !== undefined && { budget: { ...budget, amount: String(budget.amount) } }),
  }
}
