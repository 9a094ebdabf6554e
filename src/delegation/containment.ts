/**
 * Whether scopes lie inside other scopes. It is decided on the patterns, exactly: not by trying requests, and not by
 * comparing texts. Conditions need no such proof, because those of all delegations on the way to the root must hold when a
 * request is decided.
 */
import type { Pattern } from '../policy/model.ts'
import { type Covering, patternCoverings } from '../policy/pattern-coverage.ts'
import type { ReadScope, Scopes } from './scope.ts'

/** Something that the inner scopes cover and the outer ones do not. */
export interface Excess {
  /** Which of the inner scopes. */
  readonly scope: number
  /** An action, a resource type and an id; undefined where the patterns are too intricate to tell. */
  readonly example: { readonly action: string; readonly type: string; readonly id: string } | undefined
}

/**
 * The first thing that shows that the inner scopes do not lie inside the outer ones; undefined when they do. Several outer
 * scopes may cover an inner one together.
 *
 * @example excessOf(readScopes([{ actions: 'travel:*' }]), readScopes([{ actions: 'travel:book' }]))
 * // { scope: 0, example: { action: 'travel:', type: '', id: '' } }
 */
export function excessOf(inner: Scopes, outer: Scopes): Excess | undefined {
  for (const [scope, one] of inner.all.entries()) {
    const dimensions = ([actions, types, ids] as const).map((part) => coveringsInside(part(one), outer.all.map(part)))
    const [action, type, id] = dimensions
    if (action === undefined || type === undefined || id === undefined) return { scope, example: undefined }
    const found = uncovered(action, type, id)
    if (found !== undefined) return { scope, example: found }
  }
  return undefined
}

const actions = (scope: ReadScope): readonly Pattern[] => scope.actions
const types = (scope: ReadScope): readonly Pattern[] => scope.types
const ids = (scope: ReadScope): readonly Pattern[] => scope.ids

/** For texts that the inner patterns cover: by which of the outer lists they are covered, and an example of each kind. */
function coveringsInside(
  inner: readonly Pattern[],
  outer: readonly (readonly Pattern[])[],
): readonly Covering[] | undefined {
  const coverings = patternCoverings([inner, ...outer])
  // Bit 0 is that of the inner list.
  return coverings
    ?.filter(({ lists }) => (lists & 1) === 1)
    .map(({ lists, example }) => ({ lists: lists >>> 1, example }))
}

/** A triple that no outer scope covers in all three parts. */
function uncovered(
  actions: readonly Covering[],
  types: readonly Covering[],
  ids: readonly Covering[],
): Excess['example'] {
  for (const action of actions) {
    for (const type of types) {
      const both = action.lists & type.lists
      const id = ids.find(({ lists }) => (lists & both) === 0)
      if (id !== undefined) return { action: action.example, type: type.example, id: id.example }
    }
  }
  return undefined
}
