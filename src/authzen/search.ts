/**
 * The Search APIs (AuthZEN Authorization API 1.0, section 8). A search is an evaluation of every known candidate: its
 * results are those with which the same request, sent to the Access Evaluation API, is allowed at the same time. So
 * of the searched entity only the id is ignored; properties that the request gives for it count, as they would there.
 */
import type { AccessRequest, Engine } from '../engine/types.ts'
import { SallyportError } from '../errors.ts'
import { type Pace, unhurried } from '../pace.ts'
import { type EntityKind, type EntityPage, type EntitySource, pageOf } from '../store/entities/source.ts'
import { canonicalText } from '../text/canonical.ts'
import type { Decide } from './decide.ts'
import type { WireDecision } from './decision.ts'
import { type JsonObject, own } from './json.ts'
import type { Limits } from './limits.ts'
import type { PageTokens, Position } from './page-token.ts'
import { readPage, startOf } from './paging.ts'
import {
  buildRequest,
  readAction,
  readResource,
  readSearched,
  readSearchedSubject,
  readSubject,
  readSurroundings,
} from './request.ts'

export interface SearchAnswer<Result> {
  /** Present when the request asks for pages, and whenever results are left over. An empty token: there are no more. */
  readonly page?: { readonly next_token: string; readonly count: number }
  readonly results: readonly Result[]
}

export type EntityResult = { readonly type: string; readonly id: string } & ResultDuties
export type ActionResult = { readonly name: string } & ResultDuties

/** Of the profile for obligations: what must be done before this result is shown. */
interface ResultDuties {
  readonly obligations?: NonNullable<WireDecision['context']>['obligations']
}

export interface SearchOptions {
  /** Milliseconds since the epoch. */
  readonly now: number
  readonly limits: Limits
  readonly tokens: PageTokens
  /** Decides in place of the engine alone, one candidate at a time: where profiles have a say. */
  readonly decide?: Decide | undefined
  /** When its time is up, the page ends and another one follows. Left out: it takes as long as it takes, and all at once. */
  readonly pace?: Pace | undefined
}

/** What differs between the three searches. */
interface Query<Result> {
  /** Everything that the result depends on, for binding tokens. */
  readonly parts: unknown
  readonly candidates: (after: string | undefined, limit: number) => Promise<EntityPage>
  readonly request: (candidate: string) => AccessRequest
  readonly result: (candidate: string) => Result
  /** With some candidates it is no request at all. */
  readonly mayBeWrong?: boolean
}

/** Candidates fetched and decided at a time. */
const batchSize = 256

/**
 * Which subjects of a type may do this? Throws as `answerEvaluation` does, and for a `page` that does not fit.
 *
 * @example await searchSubjects(engine, source, { subject: { type: 'user' }, action, resource }, options)
 * // { results: [{ type: 'user', id: 'alice' }] }
 */
export async function searchSubjects(
  engine: Engine,
  source: EntitySource,
  body: JsonObject,
  options: SearchOptions,
): Promise<SearchAnswer<EntityResult>> {
  const searched = readSearchedSubject(own(body, 'subject'), 'subject')
  const action = readAction(own(body, 'action'), 'action')
  const resource = readResource(own(body, 'resource'), 'resource')
  const more = readSurroundings(body)
  return search(engine, body, options, {
    parts: ['subject', searched, action, resource, more],
    candidates: entities(source, 'subject', searched.type),
    request: (id) => buildRequest({ ...searched, id }, action, resource, more),
    result: (id) => ({ type: searched.type, id }),
    // A candidate that is the delegator itself would act for itself, which is no request: it is no result.
    mayBeWrong: searched.on_behalf_of !== undefined || searched.delegation_chain !== undefined,
  })
}

/** On which resources of a type may this subject do this? */
export async function searchResources(
  engine: Engine,
  source: EntitySource,
  body: JsonObject,
  options: SearchOptions,
): Promise<SearchAnswer<EntityResult>> {
  const subject = readSubject(own(body, 'subject'), 'subject')
  const action = readAction(own(body, 'action'), 'action')
  const searched = readSearched(own(body, 'resource'), 'resource')
  const more = readSurroundings(body)
  return search(engine, body, options, {
    parts: ['resource', subject, action, searched, more],
    candidates: entities(source, 'resource', searched.type),
    request: (id) => buildRequest(subject, action, { ...searched, id }, more),
    result: (id) => ({ type: searched.type, id }),
  })
}

/** Which of the known actions may this subject do on this resource? An `action` in the request is not looked at. */
export async function searchActions(
  engine: Engine,
  body: JsonObject,
  options: SearchOptions,
): Promise<SearchAnswer<ActionResult>> {
  const subject = readSubject(own(body, 'subject'), 'subject')
  const resource = readResource(own(body, 'resource'), 'resource')
  const more = readSurroundings(body)
  return search(engine, body, options, {
    parts: ['action', subject, resource, more],
    candidates: async (after, limit) => pageOf(engine.actions(), after, limit),
    request: (name) => buildRequest(subject, { name }, resource, more),
    result: (name) => ({ name }),
  })
}

function entities(source: EntitySource, kind: EntityKind, type: string): Query<never>['candidates'] {
  return (after, limit) => source.list({ kind, type, limit, ...(after === undefined ? {} : { after }) })
}

async function search<Result>(
  engine: Engine,
  body: JsonObject,
  options: SearchOptions,
  query: Query<Result>,
): Promise<SearchAnswer<Result & ResultDuties>> {
  const page = readPage(own(body, 'page'))
  const binding = canonicalText([engine.tenant, engine.image.id, query.parts])
  const most = options.limits.page
  const { after, limit } = await startOf(page, binding, options.tokens, most)
  const { found, next } = await scan(engine, query, { after, limit: Math.min(limit, most) }, options)
  const results = found.map(({ id, obligations }) => ({
    ...query.result(id),
    ...(obligations === undefined ? {} : { obligations }),
  }))
  if (page === undefined && next === undefined) return { results }
  const next_token = next === undefined ? '' : await options.tokens.seal(binding, { after: next.after, limit })
  return { page: { next_token, count: results.length }, results }
}

/** A candidate that is allowed. */
interface Found extends ResultDuties {
  readonly id: string
}

/** Decides candidates in order until the page is full and one more is known to follow, or none are left. */
async function scan<Result>(
  engine: Engine,
  query: Query<Result>,
  { after: start, limit }: Position,
  options: SearchOptions,
): Promise<{ found: Found[]; next: Position | undefined }> {
  const budget = options.limits.scan
  const found: Found[] = []
  let after = start
  let looked = 0
  while (true) {
    const { ids, more } = await query.candidates(after, Math.min(batchSize, budget - looked))
    const answers = await decideAll(engine, ids.map(query.request), options, query.mayBeWrong === true)
    for (const [index, answer] of answers.entries()) {
      const id = ids[index] as string
      if (answer.decision) {
        if (found.length === limit) return { found, next: { after, limit } }
        const obligations = options.decide === undefined ? undefined : answer.context?.obligations
        found.push(obligations === undefined ? { id } : { id, obligations })
      }
      after = id
    }
    looked += answers.length
    if (answers.length < ids.length) return { found, next: { after, limit } }
    if (!more || ids.length === 0) return { found, next: undefined }
    if (looked >= budget) return { found, next: { after, limit } }
  }
}

/** In the order of the requests; fewer than these when the time is up. */
async function decideAll(
  engine: Engine,
  requests: readonly AccessRequest[],
  { now, decide, pace = unhurried }: SearchOptions,
  mayBeWrong: boolean,
): Promise<readonly WireDecision[]> {
  const one = decide ?? ((request: AccessRequest) => ({ decision: engine.evaluate(request, { now }).decision }))
  const answers: WireDecision[] = []
  while (answers.length < requests.length) {
    const atOnce = decide === undefined && !mayBeWrong
    const count = await pace.take(atOnce ? requests.length - answers.length : 1)
    if (count === 0) break
    const some = requests.slice(answers.length, answers.length + count)
    if (atOnce) for (const { decision } of engine.evaluateMany(some, { now })) answers.push({ decision })
    else for (const request of some) answers.push(await (mayBeWrong ? denyWrong(one, request) : one(request)))
  }
  return answers
}

/** What is no request with this candidate is no result. */
async function denyWrong(decide: Decide, request: AccessRequest): Promise<WireDecision> {
  try {
    return await decide(request)
  } catch (error) {
    if (error instanceof SallyportError && error.code === 'E_REQUEST') return { decision: false }
    throw error
  }
}
