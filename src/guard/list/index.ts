/** What is authorized: which resources, which subjects, which actions. A list is a decision of every candidate, in pages. */
import type { AccessRequest, Actor, Properties, RequestState, Subject } from '../../engine/types.ts'
import { SallyportError } from '../../errors.ts'
import type { Pace } from '../../pace.ts'
import { pageOf } from '../../store/entities/source.ts'
import type { GuardCall } from '../authorization.ts'
import { copyOf } from '../copy.ts'
import type { Candidate, CandidatePage, CandidateSource } from './candidate.ts'
import { Cursors, type Position } from './cursor.ts'
import { type Judges, permitted } from './permitted.ts'

export interface ListSettings {
  /** Where candidates come from; left out: the entities of the policies, what tuples lead to, and what was lent by its id. */
  readonly candidates?: readonly CandidateSource[]
  /** Binds cursors, so that nobody else can make one: 32 secret bytes or more, the same in all processes. */
  readonly cursorKey?: Uint8Array<ArrayBuffer>
  /** The most candidates that one call looks at; 10,000 when left out. */
  readonly scan?: number
}

interface Surroundings {
  readonly context?: Properties
  readonly state?: RequestState
}

export interface ResourceQuery extends Surroundings {
  readonly subject: Subject
  readonly action: AccessRequest['action']
  /** Properties count for every candidate, besides those that its source knows. */
  readonly resource: { readonly type: string; readonly properties?: Properties }
}

export interface SubjectQuery extends Surroundings {
  readonly subject: { readonly type: string; readonly properties?: Properties }
  readonly action: AccessRequest['action']
  readonly resource: AccessRequest['resource']
}

export interface ActionQuery extends Surroundings {
  readonly subject: Subject
  readonly resource: AccessRequest['resource']
}

export interface ListCall extends Omit<GuardCall, 'dryRun'> {
  /** The most results of one page, 1 to 1000; 100 when left out. */
  readonly limit?: number
  /** Of the page before. */
  readonly cursor?: string
  /**
   * With true, all pages are of one revision of the store: when something was written since the first, `E_CURSOR`. Without it, what could
   * be listed all the time is listed once, and what came or went meanwhile may be or not be.
   */
  readonly stable?: boolean
  /** When its time is up, the page ends and another one follows. Left out: it takes as long as it takes. */
  readonly pace?: Pace
}

export interface Listed<R> {
  readonly results: readonly R[]
  /** Present when there may be more. A page may have fewer results than its limit, or none. */
  readonly cursor?: string
}

export interface EntityRef {
  readonly type: string
  readonly id: string
}

/** What differs between the three lists. */
interface Search<R> {
  readonly parts: unknown
  readonly candidates: (after: string | undefined, limit: number) => Promise<CandidatePage>
  readonly request: (candidate: Candidate) => AccessRequest
  readonly result: (id: string) => R
}

const BATCH = 256

export class Listing {
  readonly #judges: Judges
  readonly #source: CandidateSource
  readonly #cursors: Cursors
  readonly #scan: number

  constructor(judges: Judges, source: CandidateSource, { cursorKey, scan = 10_000 }: ListSettings) {
    this.#judges = judges
    this.#source = source
    this.#cursors = new Cursors(cursorKey)
    this.#scan = scan
  }

  /**
   * The resources of a type on which a subject may do something.
   *
   * @throws SallyportError `E_REQUEST`, `E_USAGE`; `E_CURSOR` for a cursor that is not of this query, or of what has changed since.
   * @example
   * const { results, cursor } = await guard.listAuthorized(
   *   { subject: ann, action: { name: 'read' }, resource: { type: 'document' } }, { limit: 20 },
   * )
   */
  async resources(asked: ResourceQuery, call: ListCall = {}): Promise<Listed<EntityRef>> {
    const query = copyOf(asked)
    const { subject, action, resource } = query
    const more = surroundings(query)
    return this.#list(call, {
      parts: ['resource', subject, action, resource, more],
      candidates: this.#from('resource', resource.type, subject),
      request: (one) => ({ subject, action, resource: filled(resource, one), ...more }),
      result: (id) => ({ type: resource.type, id }),
    })
  }

  /** The subjects of a type that may do something to a resource. */
  async subjects(asked: SubjectQuery, call: ListCall = {}): Promise<Listed<EntityRef>> {
    const query = copyOf(asked)
    const { subject, action, resource } = query
    const more = surroundings(query)
    return this.#list(call, {
      parts: ['subject', subject, action, resource, more],
      candidates: this.#from('subject', subject.type, resource),
      request: (one) => ({ subject: filled(subject, one), action, resource, ...more }),
      result: (id) => ({ type: subject.type, id }),
    })
  }

  /** The known actions that a subject may do to a resource. */
  async actions(asked: ActionQuery, call: ListCall = {}): Promise<Listed<string>> {
    const query = copyOf(asked)
    const { subject, resource } = query
    const more = surroundings(query)
    const { engine } = this.#judges.environment
    return this.#list(call, {
      parts: ['action', subject, resource, more],
      candidates: async (after, limit) => {
        const { ids, more: left } = pageOf(engine.actions(), after, limit)
        return { candidates: ids.map((id) => ({ id })), more: left }
      },
      request: ({ id }) => ({ subject, action: { name: id }, resource, ...more }),
      result: (id) => id,
    })
  }

  #from(kind: 'subject' | 'resource', type: string, other: EntityRef): Search<never>['candidates'] {
    return (after, limit) =>
      this.#source.list({
        kind,
        type,
        other: { type: other.type, id: other.id },
        limit,
        ...(after !== undefined && { after }),
      })
  }

  async #list<R>({ pace, ...said }: ListCall, search: Search<R>): Promise<Listed<R>> {
    const { limit = 100, cursor, stable = false, ...call } = copyOf(said)
    if (!Number.isInteger(limit) || limit < 1 || limit > 1000) {
      throw new SallyportError('E_USAGE', 'the limit of a list is a whole number from 1 to 1000')
    }
    const { engine, store } = this.#judges.environment
    const binding = [store.tenant, engine.image.id, search.parts, stable]
    const start = cursor === undefined ? undefined : await this.#cursors.read(binding, cursor)
    const revision = stable ? await this.#sameRevision(start) : undefined
    const { results, next } = await this.#page(search, start?.after, { limit, pace }, call)
    // What was written meanwhile may be in this page.
    if (revision !== undefined && (await store.revision()) !== revision) throw changed()
    if (next === undefined) return { results }
    const position = { after: next, ...(revision !== undefined && { revision }) }
    return { results, cursor: await this.#cursors.issue(binding, position) }
  }

  async #sameRevision(start: Position | undefined): Promise<number> {
    const revision = await this.#judges.environment.store.revision()
    if (start !== undefined && start.revision !== revision) throw changed()
    return revision
  }

  /** Decides candidates in order until the page is full, or none are left, or enough was looked at, or the time is up. */
  async #page<R>(
    search: Search<R>,
    start: string | undefined,
    { limit, pace }: { readonly limit: number; readonly pace: Pace | undefined },
    call: GuardCall,
  ): Promise<{ readonly results: readonly R[]; readonly next: string | undefined }> {
    const results: R[] = []
    let after = start
    let looked = 0
    while (true) {
      const { candidates, more } = await search.candidates(after, Math.min(BATCH, this.#scan - looked))
      const answers = await permitted(this.#judges, candidates.map(search.request), call, pace)
      for (const [index, isPermitted] of answers.entries()) {
        const { id } = candidates[index] as Candidate
        if (isPermitted && results.length === limit) return { results, next: after }
        if (isPermitted) results.push(search.result(id))
        after = id
      }
      looked += answers.length
      if (answers.length < candidates.length) return { results, next: after }
      if (!more || candidates.length === 0) return { results, next: undefined }
      if (looked >= this.#scan) return { results, next: after }
    }
  }
}

function surroundings({ context, state }: Surroundings): Surroundings {
  return { ...(context !== undefined && { context }), ...(state !== undefined && { state }) }
}

function filled({ type, properties }: Omit<Actor, 'id'>, candidate: Candidate): Actor {
  const known = { ...candidate.properties, ...properties }
  const any = candidate.properties !== undefined || properties !== undefined
  return { type, id: candidate.id, ...(any && { properties: known }) }
}

function changed(): SallyportError {
  return new SallyportError('E_CURSOR', 'something has changed since this list began; start again without a cursor')
}
