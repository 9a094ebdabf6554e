/** The Access Evaluations API: several requests in one body (AuthZEN Authorization API 1.0, section 7). */
import { isRequestError, SallyportError } from '../errors.ts'
import { type Pace, unhurried } from '../pace.ts'
import type { Decide } from './decide.ts'
import { formatFailure, formatTooLate, type WireDecision } from './decision.ts'
import { answerEvaluation } from './evaluation.ts'
import { bad, type JsonObject, own, quote } from './json.ts'
import type { Limits } from './limits.ts'
import {
  type Action,
  buildRequest,
  kindOf,
  type Resource,
  readAction,
  readObject,
  readResource,
  readString,
  readSubject,
  readSurroundings,
  type Subject,
  type Surroundings,
} from './request.ts'

export type Semantic = 'execute_all' | 'deny_on_first_deny' | 'permit_on_first_permit'

/** The top-level parts: what an item that leaves a part out gets, whole. */
interface Defaults {
  readonly subject: Subject | undefined
  readonly action: Action | undefined
  readonly resource: Resource | undefined
  readonly surroundings: Surroundings
}

/**
 * Decides every request in the body, in order. Without `evaluations`, or with an empty list, the
 * body is a single request and the answer a single decision. An item that is not a valid request is a denial that
 * carries its error; the others are decided all the same. So is one for which the pace leaves no time, with code `limit`.
 *
 * @param pace Left out: it takes as long as it takes, and all at once.
 * @throws SallyportError `E_REQUEST` when the body as a whole is wrong: its top-level parts, its options, too many items.
 */
export async function answerEvaluations(
  decide: Decide,
  body: JsonObject,
  limits: Limits,
  pace: Pace = unhurried,
): Promise<WireDecision | { readonly evaluations: readonly WireDecision[] }> {
  const semantic = readSemantic(own(body, 'options'))
  const items = own(body, 'evaluations') ?? []
  if (!Array.isArray(items)) throw bad(`evaluations is ${kindOf(items)}; give a list`)
  if (items.length === 0) return answerEvaluation(decide, body)
  if (items.length > limits.evaluations) {
    throw bad(`evaluations has ${items.length} items; send at most ${limits.evaluations} at a time`)
  }
  const defaults = readDefaults(body)
  const evaluations: WireDecision[] = []
  for (const [index, item] of items.entries()) {
    const inTime = (await pace.take(1)) > 0
    const answer = inTime ? await answerItem(decide, item, `evaluations[${index}]`, defaults) : formatTooLate(limits)
    evaluations.push(answer)
    if (semantic === 'deny_on_first_deny' && !answer.decision) break
    if (semantic === 'permit_on_first_permit' && answer.decision) break
  }
  return { evaluations }
}

async function answerItem(decide: Decide, item: unknown, where: string, defaults: Defaults): Promise<WireDecision> {
  try {
    const object = readObject(item, where)
    const part = <T>(key: string, read: (value: unknown, where: string) => T, fallback: T | undefined): T => {
      const value = own(object, key)
      return value === undefined && fallback !== undefined ? fallback : read(value, `${where}.${key}`)
    }
    const request = buildRequest(
      part('subject', readSubject, defaults.subject),
      part('action', readAction, defaults.action),
      part('resource', readResource, defaults.resource),
      { ...defaults.surroundings, ...readSurroundings(object, `${where}.`) },
    )
    return await decide(request)
  } catch (error) {
    if (error instanceof SallyportError && isRequestError(error)) return formatFailure(error)
    throw error
  }
}

function readDefaults(body: JsonObject): Defaults {
  const part = <T>(key: string, read: (value: unknown, where: string) => T): T | undefined => {
    const value = own(body, key)
    return value === undefined ? undefined : read(value, key)
  }
  return {
    subject: part('subject', readSubject),
    action: part('action', readAction),
    resource: part('resource', readResource),
    surroundings: readSurroundings(body),
  }
}

function readSemantic(options: unknown): Semantic {
  const value = options === undefined ? undefined : own(readObject(options, 'options'), 'evaluations_semantic')
  if (value === undefined) return 'execute_all'
  const name = readString(value, 'options.evaluations_semantic')
  if (name === 'execute_all' || name === 'deny_on_first_deny' || name === 'permit_on_first_permit') return name
  throw bad(
    `options.evaluations_semantic is ${quote(name)}; use execute_all, deny_on_first_deny or permit_on_first_permit`,
  )
}
