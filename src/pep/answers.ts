/** What a PDP answers, checked: nothing that is not understood may allow. */
import { type JsonObject, own } from '../authzen/json.ts'
import { isMap } from '../text/is-map.ts'
import { PdpError } from './error.ts'
import type { Semantic } from './requests.ts'

/** The answer of an access evaluation (AuthZEN 1.0, section 5.5). */
export interface PdpDecision {
  readonly decision: boolean
  readonly context?: JsonObject
}

/** A page of search results. */
export interface PdpPage<Result> {
  readonly results: readonly Result[]
  /** What to send for the next page; undefined on the last one. */
  readonly next: string | undefined
}

/** Of the profile for obligations: a result whose obligations are not met must be left out. */
interface ResultDuties {
  readonly obligations?: readonly JsonObject[]
}

export type PdpEntityResult = { readonly type: string; readonly id: string } & ResultDuties
export type PdpActionResult = { readonly name: string } & ResultDuties

/** A body without a decision is a denial; one whose decision is no boolean is no answer at all. */
export function readDecision(body: JsonObject): PdpDecision {
  const decision = own(body, 'decision') ?? false
  const context = own(body, 'context')
  if (typeof decision !== 'boolean') throw wrong('its "decision" is no boolean')
  if (context === undefined || context === null) return { decision }
  if (!isMap(context)) throw wrong('its "context" is no object')
  return { decision, context }
}

/** Whether a semantic has no more decisions after this one (section 7.1.2.1). */
function stops(semantic: Semantic, last: PdpDecision | undefined): boolean {
  if (semantic === 'deny_on_first_deny') return last?.decision === false
  return semantic === 'permit_on_first_permit' && last?.decision === true
}

/**
 * The decisions of a batch.
 *
 * @param asked How many evaluations were sent. Fewer decisions may come only where the semantic stops early, and then the last one is
 * what stopped it: otherwise, some are missing, and those that are there could all be allows.
 */
export function readDecisions(body: JsonObject, asked: number, semantic: Semantic): PdpDecision[] {
  const evaluations = own(body, 'evaluations')
  if (!Array.isArray(evaluations)) throw wrong('it has no "evaluations"')
  const decisions = evaluations.map((one: unknown) => {
    if (!isMap(one)) throw wrong('one of its decisions is no object')
    return readDecision(one)
  })
  const whole = decisions.length === asked || (decisions.length < asked && stops(semantic, decisions.at(-1)))
  if (!whole) throw wrong(`it has ${decisions.length} decisions on ${asked} evaluations`)
  return decisions
}

export function readEntities(body: JsonObject): PdpPage<PdpEntityResult> {
  return readPage(body, (one) => {
    const type = own(one, 'type')
    const id = own(one, 'id')
    if (typeof type !== 'string' || typeof id !== 'string') throw wrong('a result has no type and id')
    return { type, id, ...dutiesOf(one) }
  })
}

export function readActions(body: JsonObject): PdpPage<PdpActionResult> {
  return readPage(body, (one) => {
    const name = own(one, 'name')
    if (typeof name !== 'string') throw wrong('a result has no name')
    return { name, ...dutiesOf(one) }
  })
}

function dutiesOf(one: JsonObject): ResultDuties {
  const obligations = own(one, 'obligations') ?? undefined
  if (obligations === undefined) return {}
  if (!Array.isArray(obligations) || !obligations.every(isMap))
    throw wrong('the "obligations" of a result are no list of objects')
  return { obligations }
}

function readPage<Result>(body: JsonObject, read: (one: JsonObject) => Result): PdpPage<Result> {
  const results = own(body, 'results')
  if (!Array.isArray(results)) throw wrong('it has no "results"')
  const page = own(body, 'page')
  const token = isMap(page) ? own(page, 'next_token') : undefined
  if (token !== undefined && token !== null && typeof token !== 'string') throw wrong('its "next_token" is no string')
  return {
    results: results.map((one: unknown) => {
      if (!isMap(one)) throw wrong('a result is no object')
      return read(one)
    }),
    next: token === '' || token === null ? undefined : token,
  }
}

function wrong(why: string): PdpError {
  return new PdpError('E_PDP_ANSWER', `the PDP's answer is not AuthZEN's: ${why}`)
}
