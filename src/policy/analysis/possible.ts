/** Whether some value of one attribute can satisfy several tests at once. In doubt it says yes. */
import type { AttributeValue } from '../document.ts'
import { opposes } from './affixes.ts'
import { inBounds } from './bounds.ts'
import type { Fact } from './branches.ts'
import { allKinds, type Kind, kindOf, kindsFor, truthOn } from './constant.ts'
import { isPlain, type PlainTest } from './evaluable.ts'

/** A fact about a test that is known in full. */
export interface PlainFact extends Fact {
  readonly test: PlainTest
}

/** Whether the facts, all about one attribute, can hold together. */
export function isPossible(facts: readonly Fact[]): boolean {
  if (contradictsItself(facts)) return false
  const plain = facts.filter(isPlainFact)
  const present = plain.filter((fact) => fact.test.kind !== 'exists' || fact.holds)
  if (present.length < plain.length) {
    // Some fact says that it is missing: then no other test is true or false, and a part of the request never is.
    return present.length === 0 && !plain.some(({ test }) => test.path.fixed)
  }
  const kinds = present.reduce<readonly Kind[]>((left, fact) => left.filter((kind) => fits(kind, fact)), start(plain))
  if (kinds.length === 0 && plain.length > 0) return false
  const values = candidates(present)
  if (values !== undefined) return values.some((value) => isCandidate(value, kinds, present))
  return inBounds(present) && !opposes(present)
}

/** `now` is a number, the parts of a request are strings. */
function start(facts: readonly PlainFact[]): readonly Kind[] {
  const path = facts[0]?.test.path
  if (path === undefined) return allKinds
  return path.root === 'now' ? ['number'] : path.fixed ? ['string'] : allKinds
}

function isPlainFact(fact: Fact): fact is PlainFact {
  return isPlain(fact.test)
}

/** The same test is to be true and false; this holds for tests of any kind. */
function contradictsItself(facts: readonly Fact[]): boolean {
  if (facts.every(({ holds }) => holds) || facts.every(({ holds }) => !holds)) return false
  const known = new Map<string, boolean>()
  for (const { test, holds } of facts) {
    const key = testKey(test)
    if (key === undefined) continue
    if ((known.get(key) ?? holds) !== holds) return true
    known.set(key, holds)
  }
  return false
}

/** The same for equal tests; undefined where that is not known. */
function testKey(test: Fact['test']): string | undefined {
  if (!isPlain(test)) return undefined
  const { path: _, ...rest } = test
  return test.kind === 'items' ? undefined : JSON.stringify(rest)
}

function fits(kind: Kind, { test, holds }: PlainFact): boolean {
  return kindsFor(test, holds).includes(kind)
}

/** The values that are left when one fact lists them all; undefined when none does. */
function candidates(facts: readonly PlainFact[]): readonly AttributeValue[] | undefined {
  for (const { test, holds } of facts) {
    if (!holds) continue
    if (test.kind === 'glob' && test.patterns.every((pattern) => pattern.kind === 'exact')) {
      return test.patterns.map((pattern) => pattern.value)
    }
    if (test.kind !== 'test' || test.operand.kind !== 'value') continue
    const { value } = test.operand
    if (test.op === 'eq') return [value]
    if (test.op === 'in' && Array.isArray(value)) return value
  }
  return undefined
}

function isCandidate(value: AttributeValue, kinds: readonly Kind[], facts: readonly PlainFact[]): boolean {
  return kinds.includes(kindOf(value)) && facts.every(({ test, holds }) => (truthOn(test, value) ?? holds) === holds)
}
