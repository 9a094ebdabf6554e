/** The port through which search gets its candidates. A source knows records, not rules. */
import { compareCodePoints } from '../code-points.ts'

export type EntityKind = 'subject' | 'resource'

export interface EntityQuery {
  readonly kind: EntityKind
  readonly type: string
  /** Only ids after this one, by code point; left out: from the first. */
  readonly after?: string
  /** At most so many ids; at least 1. */
  readonly limit: number
}

export interface EntityPage {
  /** Ascending by code point, without repeats. */
  readonly ids: readonly string[]
  /** Whether ids follow after the last one of this page. */
  readonly more: boolean
}

/** The known subjects and resources of one tenant. An unknown type is an empty page, not an error. */
export interface EntitySource {
  list(query: EntityQuery): Promise<EntityPage>
}

/** A page of a list that is ascending by code point. `after` itself need not be in the list any more. */
export function pageOf(sorted: readonly string[], after: string | undefined, limit: number): EntityPage {
  const start = after === undefined ? 0 : firstAfter(sorted, after)
  const end = start + limit
  return { ids: sorted.slice(start, end), more: end < sorted.length }
}

function firstAfter(sorted: readonly string[], after: string): number {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (compareCodePoints(sorted[middle]!, after) <= 0) low = middle + 1
    else high = middle
  }
  return low
}
