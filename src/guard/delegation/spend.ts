/**
 * Using what is lent. One list of guarded statements takes the use from a delegation and from all above it, or from none: so
 * limits hold exactly, however many use them at the same time.
 */
import type { AccessRequest, Decision, EvaluateOptions } from '../../engine/types.ts'
import { SallyportError } from '../../errors.ts'
import type { Row, Write } from '../../store/port.ts'
import { digestOf } from '../canonical.ts'
import { decidedByDelegation, decidedByPolicies, deniedBy, type GuardDecision } from '../decision.ts'
import type { GuardEnvironment } from '../environment.ts'
import { REMEMBERED } from '../insert-once.ts'
import { subjectKey } from '../subject-key.ts'
import {
  addUp,
  type Charge,
  type Consumption,
  chargesFor,
  checkConsumption,
  entering,
  type Left,
  leftOf,
  paying,
  type Unpaid,
} from './charge.ts'
import { type Found, findGrants } from './grant.ts'
import { findRecord, lineOf } from './line.ts'
import type { DelegationTools } from './tools.ts'

/** What a delegation paid with, and what it has left. */
export interface Payment extends Left {
  readonly id: string
}

export interface ConsumeDecision extends GuardDecision {
  /** The delegations that paid; the same as in `delegations`. */
  readonly paid: readonly Payment[]
  /** The use was made before, by a call with the same idempotency key: this is its answer. */
  readonly repeated?: true
}

/** Whether the first delegation that grants pays, or each of them, as open-guard has it. */
export type Payers = 'first' | 'each'

export interface Use {
  readonly consumption: Consumption
  readonly payers: Payers
  /**
   * What else an allow uses up: written together with it, or nothing is. Undefined where no allow was expected: then nothing is paid, and it
   * is only said why, or that it is to be judged anew.
   */
  readonly together: readonly Write[] | undefined
  /** Further statements of the same write, such as a reservation; `held` says that the cost is put aside and not spent. */
  readonly also?: (charges: readonly Charge[], found: readonly Found[]) => readonly Write[]
  readonly held: boolean
}

/** How often others may be faster before it is given up. */
const TRIES = 8
const KIND = 'consume'

/** What was judged no longer holds: it is to be judged anew. */
export type Changed = 'changed'

/** @throws SallyportError `E_AMOUNT`, `E_IDEMPOTENCY` */
export async function spend(
  tools: DelegationTools,
  request: AccessRequest,
  options: EvaluateOptions,
  use: Use,
  makeRoom: () => Promise<number>,
): Promise<ConsumeDecision | Changed> {
  const { environment } = tools
  checkConsumption(use.consumption)
  const note = await noteOf(request, use.consumption)
  const known = note && (await environment.store.get('idempotency', { kind: KIND, id: note.id }))
  if (known !== undefined) return repeated(environment, known, note!)
  const decision = await environment.decide(request, options)
  if (decision.status !== 'deny') return 'changed'
  for (let tries = 0; tries < TRIES; tries++) {
    const { payers, why } = await choosePayers(tools, request, options, use)
    if (payers.length === 0) {
      // What others held and never settled may be enough.
      if (why === 'delegation_spent' && (await makeRoom()) > 0) return 'changed'
      return { ...unpaid(decision, why), paid: [] }
    }
    if (use.together === undefined) return 'changed'
    const answer = await pay(tools, request, { ...use, together: use.together }, note, payers)
    if (answer !== undefined) return answer
    if (note === undefined) continue
    const other = await environment.store.get('idempotency', { kind: KIND, id: note.id })
    if (other !== undefined) return repeated(environment, other, note)
  }
  return { ...deniedBy(decision, 'delegation_spent', 'others use up what is lent at the same time'), paid: [] }
}

interface Payer {
  readonly found: Found
  readonly charges: readonly Charge[]
}

async function choosePayers(
  tools: DelegationTools,
  request: AccessRequest,
  options: EvaluateOptions,
  { consumption, payers: mode }: Use,
): Promise<{ readonly payers: readonly Payer[]; readonly why: Unpaid | undefined }> {
  const payers: Payer[] = []
  let why: Unpaid | undefined
  for await (const found of findGrants(tools, request, options)) {
    const charges = found.exhausted ? 'delegation_spent' : chargesFor(found.line, consumption)
    if (typeof charges === 'string') why ??= charges
    else payers.push({ found, charges })
    if (mode === 'first' && payers.length > 0) break
  }
  return { payers, why }
}

/** Undefined when others were faster with what is lent. */
async function pay(
  { environment }: DelegationTools,
  request: AccessRequest,
  { also, held, together }: Use & { readonly together: readonly Write[] },
  note: Note | undefined,
  payers: readonly Payer[],
): Promise<ConsumeDecision | Changed | undefined> {
  const { store, newId } = environment
  const now = environment.now()
  const found = payers.map((payer) => payer.found)
  const charges = addUp(payers.map((payer) => payer.charges))
  const decision = decidedByDelegation(
    found[0]!.held,
    found.map(({ grant }) => grant),
  )
  const use = newId('use')
  const ledger = held ? [] : entering(charges, use, now, JSON.stringify(summaryOf(request)))
  const noted: Write[] =
    note === undefined
      ? []
      : [
          {
            insert: 'idempotency',
            row: { kind: KIND, ...note, document: JSON.stringify(decision), at: now, expires_at: now + REMEMBERED },
          },
        ]
  const writes = [...together, ...noted, ...paying(charges, now, held), ...ledger, ...(also?.(charges, found) ?? [])]
  const result = await store.write(writes)
  if (!result.applied) return result.failed < together.length ? 'changed' : undefined
  return { ...decision, paid: await Promise.all(found.map(({ grant }) => leftTo(environment, grant.id))) }
}

async function leftTo(environment: GuardEnvironment, id: string): Promise<Payment> {
  return { id, ...leftOf(await lineOf(environment, await findRecord(environment, id))) }
}

function unpaid(decision: Decision, why: Unpaid | undefined): GuardDecision {
  if (why === undefined) return decidedByPolicies(decision)
  const reasons: Readonly<Record<Unpaid, string>> = {
    delegation_spent: 'what is lent for this is used up, or too little of it is left',
    delegation_cost: 'what is lent for this has a budget; say the cost, in its unit and no finer than it',
  }
  return deniedBy(decision, why, reasons[why])
}

interface Note {
  readonly id: string
  readonly digest: string
}

async function noteOf(
  request: AccessRequest,
  { amount = 1, cost, idempotencyKey }: Consumption,
): Promise<Note | undefined> {
  if (idempotencyKey === undefined) return undefined
  const { subject, action, resource, context } = request
  const who = { type: subject.type, id: subject.id }
  return {
    // A key is that of its subject: nobody meets the keys of others.
    id: await digestOf({ key: idempotencyKey, by: subjectKey(subject) }),
    digest: await digestOf({ subject: who, action, resource, context: context ?? null, amount, cost: cost ?? null }),
  }
}

/** The answer that was given, and what is left now. */
async function repeated(
  environment: GuardEnvironment,
  known: Row<'idempotency'>,
  note: Note,
): Promise<ConsumeDecision> {
  if (known.digest !== note.digest) {
    throw new SallyportError('E_IDEMPOTENCY', 'the idempotency key was used for another request, amount or cost')
  }
  const decision: GuardDecision = JSON.parse(known.document)
  const paid = await Promise.all(decision.delegations.map(({ id }) => leftTo(environment, id)))
  return { ...decision, paid, repeated: true }
}

/** What the ledger says of a use. */
export function summaryOf({ subject, action, resource }: AccessRequest) {
  return { subject: subjectKey(subject), action: action.name, resource: subjectKey(resource) }
}
