/**
 * From a rule's target to its keys in the index, and to the conditions for what the keys leave open. assembly/match.ts
 * reads the index the same way.
 */
import { Id } from '../../assembly/abi/frame.ts'
import { Section } from '../../assembly/abi/image.ts'
import { Dimension } from '../../assembly/abi/rules.ts'
import type { AttributePath, Pattern, RuleModel } from '../policy/model.ts'
import type { CodeWriter } from './code.ts'
import type { ProgramTable } from './programs.ts'
import type { StringTable } from './strings.ts'
import { Words } from './words.ts'

/** The mask, and one key per dimension in the order of a block's fields: Id.NoKey where the mask does not name it. */
export type IndexKey = readonly number[]

/** More keys than this for one rule, and dimensions are left out of the index and checked by conditions instead. */
const MOST_KEYS = 1024

/** The dimensions in the order of the bucket's fields; the role is the fifth. */
const DIMENSIONS = [
  Dimension.Action,
  Dimension.ResourceType,
  Dimension.ResourceId,
  Dimension.SubjectId,
  Dimension.Role,
] as const

export const SUBJECT_TYPE: AttributePath = { root: 'subject', keys: ['type'], fixed: true, text: 'subject.type' }
const PATHS: readonly AttributePath[] = [
  { root: 'action', keys: ['name'], fixed: true, text: 'action.name' },
  { root: 'resource', keys: ['type'], fixed: true, text: 'resource.type' },
  { root: 'resource', keys: ['id'], fixed: true, text: 'resource.id' },
  { root: 'subject', keys: ['id'], fixed: true, text: 'subject.id' },
]

const NONE: readonly number[] = []

/** Numbers the globs of each pattern dimension; their addresses are the section GlobKeys. */
export class GlobKeyTable {
  readonly #dimensions: Map<string, number>[] = [new Map(), new Map(), new Map(), new Map()]
  readonly #offsets = new Map<string, number>()
  readonly #programs: ProgramTable

  constructor(programs: ProgramTable) {
    this.#programs = programs
  }

  /** Must be called for every pattern before the first keyOf, which needs all of them to number across dimensions. */
  add(dimension: number, patterns: readonly Pattern[]): void {
    for (const pattern of patterns) {
      if (pattern.kind !== 'glob') continue
      const known = this.#dimensions[dimension]!
      if (!known.has(pattern.source)) known.set(pattern.source, known.size)
      this.#offsets.set(pattern.source, this.#programs.globOffset(pattern))
    }
  }

  keyOf(dimension: number, source: string): number {
    let before = 0
    for (let d = 0; d < dimension; d++) before += this.#dimensions[d]!.size
    return Id.GlobKey | (before + (this.#dimensions[dimension]!.get(source) ?? 0))
  }

  /** Whether requests must bring the bytes of this dimension's string. */
  hasGlobs(dimension: number): boolean {
    return this.#dimensions[dimension]!.size > 0
  }

  encode(): Words {
    const words = new Words()
    let start = 0
    for (const globs of this.#dimensions) {
      words.push(start)
      words.push(globs.size)
      start += globs.size
    }
    for (const globs of this.#dimensions) {
      for (const source of globs.keys()) words.pushAddress(Section.GlobPrograms, this.#offsets.get(source) ?? 0)
    }
    return words
  }
}

/** The pattern lists of a rule by dimension. */
export function patternsOf(rule: RuleModel): readonly (readonly Pattern[])[] {
  return [rule.actions, rule.resourceTypes, rule.resourceIds, rule.subjectIds]
}

/** A rule's keys, and the parts of its target that they do not cover, as writers of condition nodes. */
export function placeRule(
  rule: RuleModel,
  strings: StringTable,
  globKeys: GlobKeyTable,
  code: CodeWriter,
): { keys: readonly IndexKey[]; rest: readonly (() => void)[] } {
  const patterns = patternsOf(rule)
  const lists = patterns.map((list, dimension) => {
    const keyOf = (one: Pattern) =>
      one.kind === 'exact' ? strings.intern(one.value) : globKeys.keyOf(dimension, one.source)
    return keysOf(list, keyOf)
  })
  lists.push(keysOf(rule.roles, (role) => strings.intern(role)))
  const rest: (() => void)[] = []
  if (rule.subjectTypes.length > 0) rest.push(() => code.matches(SUBJECT_TYPE, rule.subjectTypes))
  while (keyCount(lists) > MOST_KEYS) {
    const dimension = longest(lists)
    const path = PATHS[dimension]
    if (path === undefined) {
      const roles = lists[dimension]!
      rest.push(() => code.hasRole(roles))
    } else rest.push(() => code.matches(path, patterns[dimension]!))
    lists[dimension] = NONE
  }
  return { keys: product(lists), rest }
}

/** The keys of all, each once. */
function keysOf<T>(all: readonly T[], keyOf: (one: T) => number): readonly number[] {
  const first = all[0]
  if (first === undefined) return NONE
  return all.length === 1 ? [keyOf(first)] : [...new Set(all.map(keyOf))]
}

function keyCount(lists: readonly (readonly number[])[]): number {
  let count = 1
  for (const list of lists) count *= Math.max(1, list.length)
  return count
}

function longest(lists: readonly (readonly number[])[]): number {
  return lists.reduce((best, list, i) => (list.length > lists[best]!.length ? i : best), 0)
}

function product(lists: readonly (readonly number[])[]): IndexKey[] {
  const key: number[] = [0, Id.NoKey, Id.NoKey, Id.NoKey, Id.NoKey, Id.NoKey]
  let mask = 0
  for (let i = 0; i < lists.length; i++) {
    const list = lists[i]!
    if (list.length > 0) mask |= DIMENSIONS[i]!
    key[i + 1] = list[0] ?? Id.NoKey
  }
  key[0] = mask
  let keys: number[][] = [key]
  // Most rules name one of each, so that there is nothing to multiply.
  for (let i = 0; i < lists.length; i++) {
    const list = lists[i]!
    if (list.length > 1) keys = keys.flatMap((one) => list.map((choice) => replaced(one, i + 1, choice)))
  }
  return keys
}

function replaced(key: readonly number[], at: number, choice: number): number[] {
  const other = [...key]
  other[at] = choice
  return other
}
