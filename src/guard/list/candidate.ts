/** The port through which lists get their candidates: what might be authorized. Each is then decided like any request. */
import type { Engine, Properties } from '../../engine/types.ts'
import { compareCodePoints } from '../../store/code-points.ts'
import type { EntitySource } from '../../store/entities/source.ts'
import { pageOf } from '../../store/entities/source.ts'
import { unlessUnknown } from '../unless-unknown.ts'

export interface CandidateQuery {
  readonly kind: 'subject' | 'resource'
  /** The type of what is listed. */
  readonly type: string
  /** The other side of the question: who asks, or about what; `type:id`. */
  readonly other: { readonly type: string; readonly id: string }
  /** Only ids after this one, by code point; left out: from the first. */
  readonly after?: string
  /** At most so many; at least 1. */
  readonly limit: number
}

export interface Candidate {
  readonly id: string
  /** What is known of it; it is decided with these. */
  readonly properties?: Properties
}

export interface CandidatePage {
  /** Ascending by code point of their ids, each once. */
  readonly candidates: readonly Candidate[]
  /** Whether more follow after the last one. A page that is empty is the last. */
  readonly more: boolean
}

export interface CandidateSource {
  list(query: CandidateQuery): Promise<CandidatePage>
}

/** Ids from wherever search has them. */
export function entityCandidates(source: EntitySource): CandidateSource {
  return {
    async list({ kind, type, after, limit }) {
      const { ids, more } = await source.list({ kind, type, limit, ...(after !== undefined && { after }) })
      return { candidates: ids.map((id) => ({ id })), more }
    },
  }
}

/** A list in memory, such as what a test or a small program has at hand. */
export function listedCandidates(all: readonly (Candidate & { readonly type: string })[]): CandidateSource {
  return {
    async list({ type, after, limit }) {
      const some = new Map(all.filter((one) => one.type === type).map((one) => [one.id, one]))
      const { ids, more } = pageOf([...some.keys()].sort(compareCodePoints), after, limit)
      return { candidates: ids.flatMap((id) => some.get(id) ?? []).map(withoutType), more }
    },
  }
}

function withoutType({ id, properties }: Candidate): Candidate {
  return properties === undefined ? { id } : { id, properties }
}

/**
 * What the engine's tuples lead to: resources to which the subject could have any relation, and subjects that could have one to the
 * resource. Whether they have it depends on what the request says, where tuples have conditions; each is decided with that.
 */
export function relationCandidates({ relations }: Engine): CandidateSource {
  return {
    async list({ kind, type, other, after, limit }) {
      const reference = `${other.type}:${other.id}`
      const named = kind === 'resource' ? relations.relationsOf(type) : relations.relationsOf(other.type)
      const found = named.flatMap((relation) => {
        const list = (): readonly string[] =>
          kind === 'resource'
            ? relations.candidateObjects({ subject: reference, relation, type })
            : relations.candidateSubjects({ object: reference, relation, type })
        return unlessUnknown(list, [])
      })
      // `user:*` names nobody.
      const ids = new Set(found.map((text) => text.slice(type.length + 1)).filter((id) => id !== '*'))
      const page = pageOf([...ids].sort(compareCodePoints), after, limit)
      return { candidates: page.ids.map((id) => ({ id })), more: page.more }
    },
  }
}

/** All that any of the sources knows; of what several know, the first one's properties count. */
export function unionOf(sources: readonly CandidateSource[]): CandidateSource {
  return {
    async list(query) {
      const pages = await Promise.all(sources.map((source) => source.list(query)))
      const merged = new Map<string, Candidate>()
      for (const { candidates } of pages) {
        for (const one of candidates) {
          if (merged.get(one.id)?.properties === undefined) merged.set(one.id, one)
        }
      }
      // Beyond the end of a page that is not the last, its source may know of others in between.
      const ends = pages.flatMap(({ candidates, more }) => (more ? [candidates.at(-1)?.id ?? ''] : []))
      const end = ends.sort(compareCodePoints)[0]
      const sorted = [...merged.values()].sort((a, b) => compareCodePoints(a.id, b.id))
      const certain = end === undefined ? sorted : sorted.filter(({ id }) => compareCodePoints(id, end) <= 0)
      const candidates = certain.slice(0, query.limit)
      return { candidates, more: end !== undefined || sorted.length > candidates.length }
    },
  }
}
