/** Deciding and using: authorize, many at once, consume, reserve, settle. */
import Type, { type Static } from 'typebox'
import { tooLateText } from '../../authzen/decision.ts'
import type { Limits } from '../../authzen/limits.ts'
import { isRequestError, SallyportError } from '../../errors.ts'
import { denialOf } from '../../guard/decision.ts'
import { MOST_USES } from '../../guard/delegation/charge.ts'
import { sameSubject } from '../../guard/subject-key.ts'
import { operationsWith } from '../operation/operation.ts'
import { Id, named, strict } from '../operation/shapes.ts'
import { type ApiContext, actingAs } from './acting.ts'
import { AmountSchema, ConsumedSchema, consumedBody, DecisionSchema, decisionBody } from './decision.ts'
import { idempotencyHeader, keyOf } from './idempotency.ts'
import { type Asking, askingOf, RequestSchema, requestParts, situationParts } from './request.ts'
import { SubjectSchema } from './subject.ts'

const define = operationsWith<ApiContext>()
const tag = 'decisions'
const dryRun = Type.Optional(
  Type.Boolean({ description: 'Only ask: nobody is asked to approve, nothing is used or counted.' }),
)
const consumption = {
  ...requestParts,
  ...situationParts,
  amount: Type.Optional(
    Type.Integer({ minimum: 1, maximum: MOST_USES, description: 'How many uses; 1 when left out.' }),
  ),
  cost: Type.Optional(AmountSchema),
}

const authorize = define({
  method: 'POST',
  path: '/v1/authorize',
  operationId: 'authorize',
  tag,
  summary: 'Decides by policies, and by what is lent, counted and approved.',
  description:
    'An allow is counted by limits and takes a use of the approvals on which it rests; what is under review is asked for.',
  permission: 'decide',
  body: strict({ ...requestParts, ...situationParts, dry_run: dryRun }, { $id: 'AuthorizeBody' }),
  answers: { 200: { description: 'The decision; a denial, too.', body: DecisionSchema } },
  answer: async ({ body }, context) => {
    const { request, call } = askingOf(body, context)
    const decision = await context.guard.authorize(request, { ...call, dryRun: body.dry_run ?? false })
    return { status: 200, body: decisionBody(decision) }
  },
})

const authorizeMany = define({
  method: 'POST',
  path: '/v1/authorize-many',
  operationId: 'authorizeMany',
  tag,
  summary: 'Decides several requests, one after the other.',
  description:
    'Each as by `authorize`. A request that cannot be decided is a denial with the code of its error, and with `limit` where no time was left for it.',
  permission: 'decide',
  body: strict(
    { requests: Type.Array(RequestSchema, { minItems: 1, maxItems: 1000 }), dry_run: dryRun },
    { $id: 'AuthorizeManyBody' },
  ),
  answers: {
    200: {
      description: 'The decisions, in the order of the requests.',
      body: named('Decisions', { decisions: Type.Array(DecisionSchema) }),
    },
  },
  answer: async ({ body, signal, pace, limits }, context) => {
    // Before any is decided: the caller must be permitted to ask all of them.
    const asked = body.requests.map((request) => askingOf(request, context))
    const decisions: Static<typeof DecisionSchema>[] = []
    for (const one of asked) {
      signal.throwIfAborted()
      const inTime = (await pace.take(1)) > 0
      decisions.push(inTime ? await decideOne(one, context, body.dry_run ?? false) : tooLate(context, limits))
    }
    return { status: 200, body: { decisions } }
  },
})

function tooLate({ guard }: ApiContext, limits: Pick<Limits, 'time'>) {
  return decisionBody(denialOf(guard.engine.image.id, 'limit', tooLateText(limits)))
}

async function decideOne({ request, call }: Asking, { guard }: ApiContext, dry: boolean) {
  try {
    return decisionBody(await guard.authorize(request, { ...call, dryRun: dry }))
  } catch (error) {
    if (!(error instanceof SallyportError) || !isRequestError(error)) throw error
    return { ...decisionBody(denialOf(guard.engine.image.id, 'no_match', error.message)), code: error.code }
  }
}

const consume = define({
  method: 'POST',
  path: '/v1/authorize-and-consume',
  operationId: 'authorizeAndConsume',
  tag,
  summary: 'Decides, and takes a use and its cost from what is lent for it.',
  permission: 'use',
  headers: idempotencyHeader,
  body: strict(consumption, { $id: 'ConsumeBody' }),
  answers: { 200: { description: 'The decision, and what paid.', body: ConsumedSchema } },
  problems: [409],
  answer: async ({ body, headers }, context) => {
    const { request, call } = askingOf(body, context)
    const used = { ...usedOf(body), ...keyOf(headers['idempotency-key'], context) }
    return { status: 200, body: consumedBody(await context.guard.authorizeAndConsume(request, used, call)) }
  },
})

const reserve = define({
  method: 'POST',
  path: '/v1/reservations',
  operationId: 'reserve',
  tag,
  summary: 'Decides, and puts aside what it may cost at most.',
  permission: 'use',
  body: strict(
    { ...consumption, hold_ms: Type.Integer({ minimum: 1, maximum: 86_400_000, description: 'For how long.' }) },
    { $id: 'ReserveBody' },
  ),
  answers: {
    200: { description: 'The decision; `reservation` where something was put aside.', body: ConsumedSchema },
  },
  answer: async ({ body }, context) => {
    const { request, call } = askingOf(body, context)
    const held = { ...usedOf(body), holdFor: body.hold_ms }
    return { status: 200, body: consumedBody(await context.guard.authorizeAndReserve(request, held, call)) }
  },
})

const settled = named('Settled', { id: Type.String(), state: Type.Enum(['committed', 'cancelled']) })
const reservationId = strict({ id: Id })

const commit = define({
  method: 'POST',
  path: '/v1/reservations/{id}/commit',
  operationId: 'commitReservation',
  tag,
  summary: 'Says what a reservation did cost. Doing so twice is no mistake.',
  permission: 'use',
  params: reservationId,
  body: strict(
    {
      by: Type.Optional(SubjectSchema),
      amount: Type.Optional(Type.Integer({ minimum: 0, maximum: MOST_USES })),
      cost: consumption.cost,
    },
    { $id: 'CommitBody' },
  ),
  answers: { 200: { description: 'Settled.', body: settled } },
  problems: [409],
  answer: async ({ params: { id }, body }, context) => {
    await checkReservation(id, actingAs(body.by, context).subject, context)
    const { amount, cost } = body
    await context.guard.delegations.commit(id, { ...(amount !== undefined && { amount }), ...(cost && { cost }) })
    return { status: 200, body: { id, state: 'committed' } }
  },
})

const cancel = define({
  method: 'POST',
  path: '/v1/reservations/{id}/cancel',
  operationId: 'cancelReservation',
  tag,
  summary: 'Gives all of a reservation back.',
  permission: 'use',
  params: reservationId,
  body: strict({ by: Type.Optional(SubjectSchema) }, { $id: 'CancelReservationBody' }),
  answers: { 200: { description: 'Settled.', body: settled } },
  problems: [409],
  answer: async ({ params: { id }, body }, context) => {
    await checkReservation(id, actingAs(body.by, context).subject, context)
    await context.guard.delegations.cancel(id)
    return { status: 200, body: { id, state: 'cancelled' } }
  },
})

/** The reservation of another subject is none. */
async function checkReservation(id: string, by: { type: string; id: string }, { guard }: ApiContext): Promise<void> {
  const holder = await guard.delegations.holderOf(id)
  if (sameSubject(holder, by)) return
  throw new SallyportError('E_RESERVATION', `there is no reservation ${JSON.stringify(id)}`)
}

function usedOf({ amount, cost }: { readonly amount?: number; readonly cost?: { amount: string; unit: string } }) {
  return { ...(amount !== undefined && { amount }), ...(cost !== undefined && { cost }) }
}

export const decideOperations = [authorize, authorizeMany, consume, reserve, commit, cancel]
