/**
 * Finds the rules whose target may cover that of another, without comparing all with all: rules are filed by what their
 * target names, and a rule asks under all names by which one that covers it can be filed.
 */
import type { Pattern, RuleModel } from '../model.ts'
import type { RoleClosure } from './cover.ts'
import type { Ranked } from './shadowing.ts'

/** Stands for "any" in a place of a key. */
const any = '*'
/** Stands for a list with a glob in it. */
const glob = '?'
/** More names than this for one rule, and it is filed as if it had globs. */
const mostKeys = 16
/** Of rules that are filed under one key, as many are compared; the others are not reported. */
const mostCompared = 32

export class CoverIndex {
  readonly #rules = new Map<string, Ranked[]>()
  /** Which of `any`, `glob` and `name` occur together. */
  readonly #shapes = new Map<string, readonly Place[]>()
  readonly #closure: RoleClosure

  constructor(rules: readonly Ranked[], closure: RoleClosure) {
    this.#closure = closure
    for (const ranked of rules) this.#file(ranked)
  }

  /** Visits rules that may cover this one, itself among them and some of them twice, until `visit` says that it is enough. */
  candidates(rule: RuleModel, visit: (ranked: Ranked) => boolean): void {
    const own = namesOf(rule)
    for (const shape of this.#shapes.values()) {
      for (const key of this.#keysFor(own, shape)) {
        const found = this.#rules.get(key)
        if (found === undefined) continue
        const last = Math.min(found.length, mostCompared)
        for (let i = 0; i < last; i++) if (visit(found[i]!)) return
      }
    }
  }

  #file(ranked: Ranked): void {
    for (const key of keysOf(namesOf(ranked.rule))) {
      const text = textOf(key)
      const known = this.#rules.get(text)
      if (known === undefined) {
        this.#rules.set(text, [ranked])
        const shape = key.map(placeOf)
        this.#shapes.set(shape.join(), shape)
      } else known.push(ranked)
    }
  }

  /** The keys of this shape under which a rule that covers these names would be filed. */
  #keysFor(own: readonly (readonly string[])[], shape: readonly Place[]): string[] {
    let keys: string[][] = [[]]
    for (const [dimension, place] of shape.entries()) {
      // One that covers the whole list covers its first name.
      const first = own[dimension]?.[0]
      const choices =
        place === 'name' ? this.#choices(first, dimension === roleDimension) : [place === 'any' ? any : glob]
      keys = keys.flatMap((head) => choices.map((choice) => [...head, choice]))
    }
    return keys.map(textOf)
  }

  #choices(first: string | undefined, isRole: boolean): readonly string[] {
    if (first === undefined || first === glob) return []
    return isRole ? [...this.#closure(first.slice(1))].map((role) => `=${role}`) : [first]
  }
}

/** Keys whose names hold line breaks may fall together; whoever asks compares the rules anyway. */
function textOf(key: readonly string[]): string {
  return key.join('\n')
}

type Place = 'any' | 'glob' | 'name'

function placeOf(name: string): Place {
  return name === any ? 'any' : name === glob ? 'glob' : 'name'
}

const roleDimension = 5

/** What a rule names in each dimension, names marked by a `=`; nothing for any, and `?` alone for a list with a glob. */
function namesOf(rule: RuleModel): readonly (readonly string[])[] {
  const { actions, resourceTypes, resourceIds, subjectTypes, subjectIds, roles } = rule
  return [
    ...[actions, resourceTypes, resourceIds, subjectTypes, subjectIds].map(exactNames),
    roles.map((role) => `=${role}`),
  ]
}

function exactNames(patterns: readonly Pattern[]): readonly string[] {
  const names = patterns.map((pattern) => (pattern.kind === 'exact' ? `=${pattern.value}` : glob))
  return names.includes(glob) ? [glob] : names
}

function keysOf(names: readonly (readonly string[])[]): readonly (readonly string[])[] {
  const lists = names.map((list) => (list.length === 0 ? [any] : list))
  while (lists.reduce((product, list) => product * list.length, 1) > mostKeys) {
    const longest = lists.reduce((best, list, i) => (list.length > lists[best]!.length ? i : best), 0)
    lists[longest] = [glob]
  }
  let keys: string[][] = [[]]
  for (const list of lists) keys = keys.flatMap((head) => list.map((name) => [...head, name]))
  return keys
}
