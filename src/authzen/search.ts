/**
 * The Search APIs (AuthZEN Authorization API 1.0, section 8). A search is an evaluation of every known candidate: its
 * results are those with which the same request, sent to the Access Evaluation API, is allowed at the same time. So
 * of the searched entity only the id is ignored; properties that the request gives for it count, as they would there.
 */
import type { AccessRequest, Engine } from '../engine/types.ts'
import { SallyportError } from '../errors.ts'
import { type EntityKind, type EntityPage, type EntitySource, pageOf } from '../store/entities/source.ts'
import { type JsonObject, own } from './json.ts'
import type { Limits } from './limits.ts'
import { canonicalText, issueToken, type Position, readPage, readToken } from './paging.ts'
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

export type EntityResult = { readonly type: string; readonly id: string }
export type ActionResult = { readonly name: string }

export interface SearchOptions {
  /** Milliseconds since the epoch. */
  readonly now: number
  readonly limits: Limits
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
  { now, limits }: SearchOptions,
  query: Query<Result>,
): Promise<SearchAnswer<Result>> {
  const page = readPage(own(body, 'page'))
  const binding = canonicalText([engine.tenant, engine.image.id, query.parts])
  const asked = page?.limit === undefined ? undefined : Math.min(page.limit, limits.page)
  let start: Position = { after: undefined, limit: asked ?? limits.page }
  if (page?.token !== undefined) {
    // A limit beside the token has to be the first request's; one may leave it out, as the specification's example does.
    const given = await readToken(binding, page.token, asked)
    start = { after: given.after, limit: Math.min(given.limit, limits.page) }
  }
  const { found, next } = await scan(engine, query, start, now, limits.scan)
  const results = found.map(query.result)
  if (page === undefined && next === undefined) return { results }
  const next_token = next === undefined ? '' : await issueToken(binding, next)
  return { page: { next_token, count: results.length }, results }
}

function decideAll(
  engine: Engine,
  requests: readonly AccessRequest[],
  now: number,
  mayBeWrong: boolean,
): readonly boolean[] {
  if (!mayBeWrong) return engine.evaluateMany(requests, { now }).map(({ decision }) => decision)
  return requests.map((request) => {
    try {
      return engine.evaluate(request, { now }).decision
    } catch (error) {
      if (error instanceof SallyportError && error.code === 'E_REQUEST') return false
      throw error
    }
  })
}

/** Decides candidates in order until the page is full and one more is known to follow, or none are left. */
async function scan<Result>(
  engine: Engine,
  query: Query<Result>,
  { after: start, limit }: Position,
  now: number,
  budget: number,
): Promise<{ found: string[]; next: Position | undefined }> {
  const found: string[] = []
  let after = start
  let looked = 0
  while (true) {
    const { ids, more } = await query.candidates(after, Math.min(batchSize, budget - looked))
    const allowed = decideAll(engine, ids.map(query.request), now, query.mayBeWrong === true)
    for (const [index, id] of ids.entries()) {
      if (allowed[index] === true) {
        if (found.length === limit) return { found, next: { after, limit } }
        found.push(id)
      }
      after = id
    }
    looked += ids.length
    if (!more || ids.length === 0) return { found, next: undefined }
    if (looked >= budget) return { found, next: { after, limit } }
  }
}
