/** Why, and why not: what the policies say of a request. */
import Type, { type Static } from 'typebox'
import type { NearRule, RuleExplanation, TestExplanation } from '../../engine/types.ts'
import { formatDecision } from '../../engine/wire.ts'
import { operationsWith } from '../operation/operation.ts'
import { AnyObject, named, strict } from '../operation/shapes.ts'
import type { ApiContext } from './acting.ts'
import { askingOf, requestParts } from './request.ts'

const define = operationsWith<ApiContext>()
const tag = 'explanations'
const Outcome = Type.Enum(['true', 'false', 'not_evaluable'])

const TestSchema = named('TestExplanation', {
  path: Type.String(),
  operator: Type.String(),
  expected: Type.Unknown(),
  actual: Type.Optional(Type.Unknown()),
  why: Type.Optional(Type.String()),
  outcome: Outcome,
  note: Type.Optional(Type.String()),
  otherwise: Type.Optional(Type.Boolean()),
})

const RuleSchema = named('RuleExplanation', {
  id: Type.String(),
  set: Type.String(),
  effect: Type.Enum(['allow', 'deny', 'review']),
  outcome: Outcome,
  deciding: Type.Boolean(),
  tests: Type.Array(TestSchema),
  place: Type.Optional(Type.String()),
})

const NearSchema = named('NearRule', {
  id: Type.String(),
  set: Type.String(),
  missing: Type.Array(TestSchema),
  blocked_by: Type.Array(Type.String()),
  place: Type.Optional(Type.String()),
})

const WireDecisionSchema = named('PolicyDecision', {
  decision: Type.Boolean(),
  context: Type.Optional(AnyObject),
})

const explain = define({
  method: 'POST',
  path: '/v1/explain',
  operationId: 'explain',
  tag,
  summary: 'Tells which rules the policies looked at, and which tests held with which values.',
  description:
    'Of the policies alone: what is lent, counted or approved is not in it. Values of secret attributes are not told.',
  permission: 'explain',
  body: strict(requestParts, { $id: 'ExplainBody' }),
  answers: {
    200: {
      description: 'The explanation.',
      body: named('Explanation', {
        decision: WireDecisionSchema,
        sets: Type.Array(
          named('SetExplanation', {
            name: Type.String(),
            algorithm: Type.String(),
            vote: Type.Enum(['allow', 'deny', 'review', 'abstain']),
            deciding: Type.Array(Type.String()),
          }),
        ),
        rules: Type.Array(RuleSchema),
      }),
    },
  },
  answer: ({ body }, context) => {
    const { request, call } = askingOf(body, context)
    const { decision, sets, rules } = context.guard.engine.explain(request, { ...call, now: context.now })
    return { status: 200, body: { decision: formatDecision(decision), sets, rules: rules.map(ruleBody) } }
  },
})

const whyNot = define({
  method: 'POST',
  path: '/v1/why-not',
  operationId: 'whyNot',
  tag,
  summary: 'Tells what would have allowed a request: the nearest rules, what they lack, and what stands in their way.',
  permission: 'explain',
  body: strict(
    { ...requestParts, limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100 })) },
    { $id: 'WhyNotBody' },
  ),
  answers: {
    200: {
      description: 'The nearest rules.',
      body: named('WhyNot', {
        decision: WireDecisionSchema,
        nearest: Type.Array(NearSchema),
        blockers: Type.Array(RuleSchema),
        abstaining: Type.Array(Type.String()),
      }),
    },
  },
  answer: ({ body }, context) => {
    const { request, call } = askingOf(body, context)
    const options = { ...call, now: context.now, ...(body.limit !== undefined && { limit: body.limit }) }
    const { decision, nearest, blockers, abstaining } = context.guard.engine.whyNot(request, options)
    return {
      status: 200,
      body: {
        decision: formatDecision(decision),
        nearest: nearest.map(nearBody),
        blockers: blockers.map(ruleBody),
        abstaining,
      },
    }
  },
})

function ruleBody({ tests, ...rule }: RuleExplanation): Static<typeof RuleSchema> {
  return { ...rule, tests: tests.map(testBody) }
}

function nearBody({ missing, blockedBy, ...rule }: NearRule): Static<typeof NearSchema> {
  return { ...rule, missing: missing.map(testBody), blocked_by: [...blockedBy] }
}

function testBody(test: TestExplanation): Static<typeof TestSchema> {
  return { ...test }
}

export const explainOperations = [explain, whyNot]
