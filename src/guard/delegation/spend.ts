/**
 * Using what is lent. One list of guarded statements takes the use from a delegation and from all above it, or from none: so
 * limits hold exactly, however many use them at the same time.
 */
import type { AccessRequest, Decision } from '../../engine/types.ts'
import type { Write } from '../../store/port.ts'
import { decidedByDelegation, decidedByPolicies, deniedBy, type GuardDecision } from '../decision.ts'
import type { GuardEnvironment } from '../environment.ts'
import { subjectKey } from '../subject-key.ts'
import {
  addUp,
  type Charge,
  type Consumption,
  canPay,
  chargesFor,
  checkConsumption,
  entering,
  type Left,
  leftOf,
  paying,
  type Unpaid,
} from './charge.ts'
import { canJoin, type Found, findGrants, permits } from './grant.ts'
import { findRecord, lineOf } from './line.ts'
import type { Changed, Choice, Judged, Paying } from './paying.ts'
import { judgeGrantors } from './recheck.ts'
import { findAnswer, keeping, type Note, noteOf } from './repeat.ts'
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

/** Whether the first delegation that grants pays, or each of them, as open-guard has it; as many as one write can charge. */
export type Payers = 'first' | 'each'

export interface Use {
  readonly consumption: Consumption
  readonly payers: Payers
  /** Further statements of the same write, such as a reservation; `held` says that the cost is put aside and not spent. */
  readonly also?: (charges: readonly Charge[], request: AccessRequest) => readonly Write[]
  readonly held: boolean
  /** Releases what others held and never settled; says how many they were. */
  readonly makeRoom: () => Promise<number>
}

/** One use, from looking whether it was made before to the write. */
export class Spending implements Paying<ConsumeDecision> {
  readonly #tools: DelegationTools
  readonly #use: Use
  #note: Promise<Note | undefined> | undefined

  /** @throws SallyportError `E_AMOUNT` */
  constructor(tools: DelegationTools, use: Use) {
    checkConsumption(use.consumption)
    this.#tools = tools
    this.#use = use
  }

  async kept(judged: Judged): Promise<ConsumeDecision | undefined> {
    const { environment } = this.#tools
    const { decision, request, options } = judged
    const note = await this.#noteOf(judged)
    const answer = note && (await findAnswer(environment, note))
    if (answer === undefined || decision.status === 'review') return undefined
    // That it was revoked since, or is used up, makes no other call of it; what the policies say now, of its grantee or its grantors, does.
    for (const { id } of answer.delegations) {
      const line = await lineOf(environment, await findRecord(environment, id))
      const isPermitted = await permits(environment, line, request, options)
      if (isPermitted && (await judgeGrantors(this.#tools, line, request, options)) !== undefined) continue
      return decision.status === 'deny' ? { ...decidedByPolicies(decision), paid: [] } : undefined
    }
    const paid = await Promise.all(answer.delegations.map(({ id }) => leftTo(environment, id)))
    return { ...answer, paid, repeated: true }
  }

  async choose(judged: Judged): Promise<Choice<ConsumeDecision> | Changed> {
    const { makeRoom } = this.#use
    const { payers, why, spent } = await choosePayers(this.#tools, judged, this.#use)
    const [first] = payers
    if (first === undefined) {
      // What others held and never settled may be enough.
      if (spent && (await makeRoom()) > 0) return 'changed'
      const answer = unpaid(judged.decision, why)
      return { answer, pay: async () => ({ ...answer, paid: [] }) }
    }
    const grants = payers.map(({ grant }) => grant)
    const answer = decidedByDelegation(first.held, grants)
    return {
      answer,
      pay: (approvals, together) => this.#pay(judged, payers, { ...answer, approvals }, together),
    }
  }

  /** Changed when others were faster: with what is lent, with what else is used up, or with the same call. */
  async #pay(
    judged: Judged,
    payers: readonly Payer[],
    answer: GuardDecision,
    together: readonly Write[],
  ): Promise<ConsumeDecision | Changed> {
    const { environment } = this.#tools
    const { request } = judged
    const { also, held } = this.#use
    const now = environment.now()
    const charges = addUp(payers.map((payer) => payer.charges))
    const note = await this.#noteOf(judged)
    const summary = JSON.stringify(summaryOf(request))
    const writes = [
      ...together,
      ...(note === undefined ? [] : [keeping(note, answer, now)]),
      ...paying(charges, now, held),
      ...(held ? [] : entering(charges, environment.newId('use'), now, summary)),
      ...(also?.(charges, request) ?? []),
    ]
    if (!(await environment.store.write(writes)).applied) return 'changed'
    return { ...answer, paid: await Promise.all(answer.delegations.map(({ id }) => leftTo(environment, id))) }
  }

  /** The same for each time that it is judged. */
  #noteOf({ request, options }: Judged): Promise<Note | undefined> {
    this.#note ??= noteOf(request, options, this.#use.consumption)
    return this.#note
  }
}

interface Payer extends Found {
  readonly charges: readonly Charge[]
}

interface Chosen {
  /** Empty: nobody can pay. */
  readonly payers: readonly Payer[]
  /** Why the first that grants cannot pay; undefined where none grants. */
  readonly why: Unpaid | undefined
  /** Whether any, be it not the first, has too little left: more of it may come back. */
  readonly spent: boolean
}

async function choosePayers(
  tools: DelegationTools,
  { request, options }: Judged,
  { consumption, payers: mode }: Use,
): Promise<Chosen> {
  const payers: Payer[] = []
  const unpaid: Unpaid[] = []
  for await (const found of findGrants(tools, request, options)) {
    const charges = found.exhausted ? 'delegation_spent' : chargesFor(found.line, consumption)
    if (typeof charges === 'string') unpaid.push(charges)
    else if (canJoin(payers, found)) payers.push({ ...found, charges })
    else break
    if (mode === 'first' && payers.length > 0) break
  }
  const lines = payers.map(({ line }) => line)
  const charges = addUp(payers.map((payer) => payer.charges))
  if (!canPay(lines, charges)) return { payers: [], why: 'delegation_spent', spent: true }
  return { payers, why: unpaid[0], spent: unpaid.includes('delegation_spent') }
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

/** What the ledger says of a use. */
export function summaryOf({ subject, action, resource }: AccessRequest) {
  return { subject: subjectKey(subject), action: action.name, resource: subjectKey(resource) }
}
