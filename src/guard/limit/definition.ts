/** Limits as a host defines them: what is counted, for whom, over which time, and what happens above a number. */
import type { AccessRequest } from '../../engine/types.ts'
import { SallyportError } from '../../errors.ts'
import type { ApprovalModel } from '../../policy/approval-model.ts'
import { PolicyError } from '../../policy/diagnostic.ts'
import type { Approval, Patterns, PolicyDocument } from '../../policy/document.ts'
import { loadDocument } from '../../policy/load-document.ts'
import type { Pattern } from '../../policy/model.ts'
import { coversText } from '../../policy/pattern-match.ts'
import { approvalOf } from '../approval/settings.ts'
import { bucketCounter } from './bucket.ts'
import type { Counter } from './counter.ts'
import { fixedCounter } from './fixed.ts'
import { slidingCounter } from './sliding.ts'
import { type ReadWindow, readWindow, type Window } from './window.ts'

/**
 * For whom is counted: all together, or each by itself. Several: each combination by itself. Of a delegation that was passed on, only the last of
 * the line is counted, and not those above it.
 */
export type Per = 'tenant' | 'subject' | 'rule' | 'delegation'

/**
 * What the guard counts of what it allows. Policies see how much was used as `state.usage.NAME`.
 *
 * @example { name: 'mails', actions: 'mail:send', per: 'subject', over: { sliding: '1h' }, reviewAbove: 50, approval: { by: 'role:manager' }, denyAbove: 100 }
 */
export interface Limit {
  /** Letters, digits and `_`. */
  readonly name: string
  /** Which actions count; all when left out. */
  readonly actions?: Patterns
  /** On which types of resources; all when left out. */
  readonly on?: Patterns
  readonly per: Per | readonly Per[]
  readonly over: Window
  /** What a use counts: a key of the request's `context` that holds a whole number, at most 10^12. 1 when left out. */
  readonly amount?: string
  /** With more than this, somebody must approve. */
  readonly reviewAbove?: number
  /** Who; as in a rule. */
  readonly approval?: Approval
  /** More than this is denied. */
  readonly denyAbove?: number
}

/** A limit that was read. */
export interface ReadLimit {
  readonly name: string
  readonly per: readonly Per[]
  /** Known before the decision, so that policies can read it. */
  readonly seen: boolean
  readonly counter: Counter
  readonly amount: string | undefined
  readonly reviewAbove: number | undefined
  readonly approval: ApprovalModel | undefined
  readonly denyAbove: number | undefined
  readonly actions: readonly Pattern[]
  readonly types: readonly Pattern[]
}

/** @throws SallyportError `E_USAGE` */
export function readLimits(limits: readonly Limit[]): readonly ReadLimit[] {
  const names = limits.map(({ name }) => name)
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  if (twice !== undefined) throw usage(`there are two limits ${JSON.stringify(twice)}`)
  return limits.map(readLimit)
}

function readLimit(limit: Limit): ReadLimit {
  const { name, amount, reviewAbove, denyAbove } = limit
  const what = `the limit ${JSON.stringify(name)}`
  if (!/^[A-Za-z_]\w{0,63}$/.test(name)) throw usage(`${what}: a name is up to 64 letters, digits and _`)
  const window = readWindow(limit.over, what)
  for (const bound of [reviewAbove, denyAbove]) {
    if (bound !== undefined && !(Number.isSafeInteger(bound) && bound >= 0))
      throw usage(`${what}: a bound is a whole number`)
  }
  if (reviewAbove !== undefined && denyAbove !== undefined && reviewAbove >= denyAbove) {
    throw usage(`${what}: reviewAbove must be below denyAbove, or nothing is ever reviewed`)
  }
  if ((reviewAbove === undefined) !== (limit.approval === undefined)) {
    throw usage(`${what}: reviewAbove and approval belong together`)
  }
  const per = [...new Set(typeof limit.per === 'string' ? [limit.per] : limit.per)].sort()
  if (per.length === 0 || per.some((one) => !pers.includes(one)))
    throw usage(`${what}: per is one of ${pers.join(', ')}`)
  return {
    name,
    per,
    seen: per.every((one) => one === 'tenant' || one === 'subject'),
    counter: counterOf(window),
    amount,
    reviewAbove,
    approval: limit.approval && approvalOf(limit.approval, what),
    // A bucket's capacity is a bound by itself.
    denyAbove: denyAbove ?? (window.kind === 'bucket' ? window.capacity : undefined),
    ...targetOf(limit, what),
  }
}

const pers: readonly string[] = ['tenant', 'subject', 'rule', 'delegation'] satisfies readonly Per[]

function counterOf(window: ReadWindow): Counter {
  switch (window.kind) {
    case 'fixed':
      return fixedCounter(window.length)
    case 'ever':
      return fixedCounter(undefined)
    case 'sliding':
      return slidingCounter(window.length)
    case 'bucket':
      return bucketCounter(window.capacity, window.interval)
  }
}

/** Patterns are read by what reads policies. */
function targetOf({ actions = '*', on = '*' }: Limit, what: string): Pick<ReadLimit, 'actions' | 'types'> {
  const document: PolicyDocument = { version: 1, rules: [{ id: 'limit', allow: actions, on }] }
  try {
    const rule = loadDocument(document).sets[0]?.rules[0]
    return { actions: rule?.actions ?? [], types: rule?.resourceTypes ?? [] }
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error
    throw usage(`${what}: ${error.diagnostics.map(({ message }) => message).join('; ')}`)
  }
}

export function counts({ actions, types }: ReadLimit, { action, resource }: AccessRequest): boolean {
  return coversText(actions, action.name) && coversText(types, resource.type)
}

/** The most that one request counts. */
const MOST_AMOUNT = 1_000_000_000_000

/** What a request counts; undefined when it does not say so as it must. */
export function amountOf({ amount }: ReadLimit, { context }: AccessRequest): number | undefined {
  if (amount === undefined) return 1
  const value = context !== undefined && Object.hasOwn(context, amount) ? context[amount] : undefined
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 && value <= MOST_AMOUNT
    ? value
    : undefined
}

function usage(message: string): SallyportError {
  return new SallyportError('E_USAGE', message)
}
