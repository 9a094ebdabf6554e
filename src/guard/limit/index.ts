/** Limits: how often, and how much, is allowed. Counted when the guard allows, by guarded statements of the store. */
import type { AccessRequest } from '../../engine/types.ts'
import type { Write } from '../../store/port.ts'
import { digestOf } from '../canonical.ts'
import type { GuardEnvironment } from '../environment.ts'
import { subjectKey } from '../subject-key.ts'
import type { Count } from './counter.ts'
import { amountOf, counts, type Limit, type Per, type ReadLimit, readLimits } from './definition.ts'

/** A limit that counts a request, and how much is used. */
interface Applying {
  readonly limit: ReadLimit
  readonly amount: number | undefined
  readonly count: Count
}

/** What is used, read before a decision. */
export interface Usage {
  readonly applying: readonly Applying[]
  /** For policies: `state.usage`. */
  readonly state: Readonly<Record<string, number>>
}

/** What decided: its rules and delegations are counted where a limit is per rule or delegation. */
export interface Deciding {
  readonly rules: readonly string[]
  readonly delegations: readonly string[]
}

export type Weighing =
  /** `counting` counts what is asked for; `over` are those that some approval must cover. */
  | { readonly outcome: 'within'; readonly counting: readonly Write[]; readonly over: readonly ReadLimit[] }
  | { readonly outcome: 'exceeded'; readonly limit: ReadLimit }
  /** The request does not say how much it would use. */
  | { readonly outcome: 'unknown'; readonly limit: ReadLimit }

export class Limits {
  readonly #environment: Pick<GuardEnvironment, 'store' | 'now'>
  readonly #limits: readonly ReadLimit[]

  /** @throws SallyportError `E_USAGE` for a limit that is not formed as one */
  constructor(environment: Pick<GuardEnvironment, 'store' | 'now'>, limits: readonly Limit[] = []) {
    this.#environment = environment
    this.#limits = readLimits(limits)
  }

  /** Whether some limit counts the request. */
  counts(request: AccessRequest): boolean {
    return this.#limits.some((limit) => counts(limit, request))
  }

  /**
   * What is used of the limits that count this request, as far as that is known before the decision. A promise only where some do: most
   * requests are counted by none, and waiting for nothing takes longer than deciding.
   */
  usage(request: AccessRequest): Usage | Promise<Usage> {
    const limits = this.#limits.filter((limit) => limit.seen && counts(limit, request))
    return limits.length === 0 ? NOTHING_USED : this.#usageOf(limits, request)
  }

  /** Whether a request that is allowed stays within the limits, and what counts it. A promise only where more has to be read. */
  weigh(request: AccessRequest, { applying }: Usage, deciding: Deciding): Weighing | Promise<Weighing> {
    const later = this.#limits.filter((limit) => !limit.seen && counts(limit, request))
    return later.length === 0 ? weighed(applying) : this.#weighMore(applying, later, request, deciding)
  }

  async #usageOf(limits: readonly ReadLimit[], request: AccessRequest): Promise<Usage> {
    const applying = await Promise.all(limits.map((limit) => this.#read(limit, request, [nameOf(limit, request, [])])))
    const flat = applying.flat()
    return { applying: flat, state: Object.fromEntries(flat.map(({ limit, count }) => [limit.name, count.used])) }
  }

  async #weighMore(
    applying: readonly Applying[],
    later: readonly ReadLimit[],
    request: AccessRequest,
    deciding: Deciding,
  ): Promise<Weighing> {
    const more = await Promise.all(
      later.map((limit) => this.#read(limit, request, combinations(limit, request, deciding))),
    )
    return weighed([...applying, ...more.flat()])
  }

  /** Deletes counters that nobody reads any more; returns how many. */
  async sweep(limit: number): Promise<number> {
    const { store, now } = this.#environment
    const where = [{ column: 'expires_at', is: '<', value: now() }] as const
    const rows = await store.find('counters', { by: 'by_expiry', where, limit })
    let swept = 0
    for (const { name, window } of rows) {
      if ((await store.write([{ delete: 'counters', key: { name, window }, when: where }])).applied) swept++
    }
    return swept
  }

  async #read(limit: ReadLimit, request: AccessRequest, names: readonly (readonly string[])[]): Promise<Applying[]> {
    const { store, now } = this.#environment
    const amount = amountOf(limit, request)
    return Promise.all(
      names.map(async (name) => ({ limit, amount, count: await limit.counter.read(store, await keyOf(name), now()) })),
    )
  }
}

/** Frozen, as it is handed out to many. */
const NOTHING_USED: Usage = { applying: [], state: Object.freeze({}) }

function weighed(all: readonly Applying[]): Weighing {
  const counting: Write[] = []
  const over: ReadLimit[] = []
  for (const { limit, amount, count } of all) {
    if (amount === undefined) return { outcome: 'unknown', limit }
    const { reviewAbove, denyAbove } = limit
    const isOver = reviewAbove !== undefined && count.used + amount > reviewAbove
    const bound = isOver ? denyAbove : (reviewAbove ?? denyAbove)
    const statements = count.take(amount, bound, reviewAbove === undefined && denyAbove === undefined)
    if (statements === undefined) return { outcome: 'exceeded', limit }
    if (isOver) over.push(limit)
    counting.push(...statements)
  }
  return { outcome: 'within', counting, over }
}

/** One name for each combination of what is counted by itself; none where there is no delegation to count. */
function combinations(limit: ReadLimit, request: AccessRequest, deciding: Deciding): readonly (readonly string[])[] {
  const many = limit.per.flatMap((per) => (per === 'rule' || per === 'delegation' ? [per] : []))
  let found: readonly (readonly string[])[] = [nameOf(limit, request, many)]
  for (const per of many) {
    const ids = per === 'rule' ? deciding.rules : deciding.delegations
    found = found.flatMap((name) => ids.map((id) => [...name, `${per} ${id}`]))
  }
  return found
}

function nameOf({ name, per }: ReadLimit, { subject }: AccessRequest, without: readonly Per[]): readonly string[] {
  const parts = per.filter((one) => !without.includes(one))
  return [name, ...parts.map((one) => (one === 'subject' ? `subject ${subjectKey(subject)}` : one))]
}

/** Keys of the store are short; longer ones become digests. */
async function keyOf(name: readonly string[]): Promise<string> {
  const text = JSON.stringify(name)
  return text.length <= 150 ? text : digestOf(name)
}
