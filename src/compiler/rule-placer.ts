/**
 * From a rule's target to its keys in the index, and to the conditions for what the keys leave open. assembly/match.ts
 * reads the index the same way.
 */
import { Dimension } from '../../assembly/abi/rules.ts'
import type { AttributePath, Pattern, RuleModel } from '../policy/model.ts'
import type { CodeWriter } from './code.ts'
import type { RuleIndex } from './rule-index.ts'
import type { StringTable } from './strings.ts'
import { type GlobKeyTable, type IndexKey, NO_KEY, patternsOf } from './targets.ts'

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

const SUBJECT_TYPE: AttributePath = { root: 'subject', keys: ['type'], fixed: true, text: 'subject.type' }
const PATHS: readonly AttributePath[] = [
  { root: 'action', keys: ['name'], fixed: true, text: 'action.name' },
  { root: 'resource', keys: ['type'], fixed: true, text: 'resource.type' },
  { root: 'resource', keys: ['id'], fixed: true, text: 'resource.id' },
  { root: 'subject', keys: ['id'], fixed: true, text: 'subject.id' },
]

/** Files rules under the keys of their targets. */
export class RulePlacer {
  readonly #strings: StringTable
  readonly #globKeys: GlobKeyTable
  readonly #code: CodeWriter
  readonly #index: RuleIndex
  /** Of a rule with one key. */
  readonly #key: number[] = [0, NO_KEY, NO_KEY, NO_KEY, NO_KEY, NO_KEY]

  constructor(strings: StringTable, globKeys: GlobKeyTable, code: CodeWriter, index: RuleIndex) {
    this.#strings = strings
    this.#globKeys = globKeys
    this.#code = code
    this.#index = index
  }

  /** Files a rule; returns the parts of its target that its keys do not cover, as writers of condition nodes. */
  place(rule: RuleModel, number: number): readonly (() => void)[] {
    // Most rules name one of each at most, so that there is nothing to multiply.
    if (isSingle(rule)) this.#placeSingle(rule, number)
    else return this.#placeProduct(rule, number)
    return this.#subjectTypes(rule)
  }

  #placeSingle(rule: RuleModel, number: number): void {
    const key = this.#key
    key[1] = this.#partOf(0, rule.actions)
    key[2] = this.#partOf(1, rule.resourceTypes)
    key[3] = this.#partOf(2, rule.resourceIds)
    key[4] = this.#partOf(3, rule.subjectIds)
    const role = rule.roles[0]
    key[5] = role === undefined ? NO_KEY : this.#strings.intern(role)
    let mask = 0
    for (let i = 0; i < DIMENSIONS.length; i++) if (key[i + 1] !== NO_KEY) mask |= DIMENSIONS[i] as number
    key[0] = mask
    this.#index.add(key, number)
  }

  #partOf(dimension: number, patterns: readonly Pattern[]): number {
    const first = patterns[0]
    return first === undefined ? NO_KEY : this.#numberOf(dimension, first)
  }

  #placeProduct(rule: RuleModel, number: number): readonly (() => void)[] {
    const patterns = patternsOf(rule)
    const lists = patterns.map((list, dimension) => unique(list.map((one) => this.#numberOf(dimension, one))))
    lists.push(unique(rule.roles.map((role) => this.#strings.intern(role))))
    const rest = [...this.#subjectTypes(rule)]
    while (keyCount(lists) > MOST_KEYS) {
      const dimension = longest(lists)
      const path = PATHS[dimension]
      if (path === undefined) {
        const roles = lists[dimension]!
        rest.push(() => this.#code.hasRole(roles))
      } else rest.push(() => this.#code.matches(path, patterns[dimension]!))
      lists[dimension] = []
    }
    for (const key of product(lists)) this.#index.add(key, number)
    return rest
  }

  #numberOf(dimension: number, pattern: Pattern): number {
    return pattern.kind === 'exact'
      ? this.#strings.intern(pattern.value)
      : this.#globKeys.keyOf(dimension, pattern.source)
  }

  #subjectTypes({ subjectTypes }: RuleModel): readonly (() => void)[] {
    return subjectTypes.length > 0 ? [() => this.#code.matches(SUBJECT_TYPE, subjectTypes)] : NOTHING
  }
}

const NOTHING: readonly (() => void)[] = []

function isSingle({ actions, resourceTypes, resourceIds, subjectIds, roles }: RuleModel): boolean {
  return (
    actions.length < 2 &&
    resourceTypes.length < 2 &&
    resourceIds.length < 2 &&
    subjectIds.length < 2 &&
    roles.length < 2
  )
}

function unique(all: readonly number[]): readonly number[] {
  return all.length < 2 ? all : [...new Set(all)]
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
  const key: number[] = [0]
  lists.forEach((list, i) => {
    if (list.length > 0) key[0] = (key[0] ?? 0) | (DIMENSIONS[i] ?? 0)
    key.push(list[0] ?? NO_KEY)
  })
  let keys: number[][] = [key]
  lists.forEach((list, i) => {
    if (list.length > 1) keys = keys.flatMap((one) => list.map((choice) => replaced(one, i + 1, choice)))
  })
  return keys
}

function replaced(key: readonly number[], at: number, choice: number): number[] {
  const other = [...key]
  other[at] = choice
  return other
}
