/**
 * Containment of patterns: whether all that one covers, another covers too. It never says yes where that is not so; for a
 * few pairs of globs it says no although it is, where only an automaton could tell.
 */
import type { GlobToken, Pattern } from '../model.ts'

/** Whether one of the outer patterns covers all that the inner one covers. An empty outer list means any. */
export function coveredBy(inner: Pattern, outer: readonly Pattern[]): boolean {
  return outer.length === 0 || outer.some((pattern) => contains(pattern, inner))
}

/** Whether the outer list covers all that the inner one covers; an empty list means any. */
export function covers(outer: readonly Pattern[], inner: readonly Pattern[]): boolean {
  if (outer.length === 0) return true
  return inner.length > 0 && inner.every((pattern) => coveredBy(pattern, outer))
}

/** Whether a pattern covers all that another covers. */
export function contains(outer: Pattern, inner: Pattern): boolean {
  if (outer.kind === 'exact') return inner.kind === 'exact' && inner.value === outer.value
  return simulate(unitsOf(outer), unitsOf(inner))
}

/** A pattern by single characters: a literal's code points apart, and `*?` as `?*`, which is the same. */
type Unit = Exclude<GlobToken, { readonly kind: 'literal' }> | { readonly kind: 'character'; readonly point: number }

function unitsOf(pattern: Pattern): readonly Unit[] {
  const tokens: readonly GlobToken[] =
    pattern.kind === 'exact' ? [{ kind: 'literal', text: pattern.value }] : pattern.tokens
  const units: Unit[] = []
  for (const token of tokens) {
    if (token.kind === 'literal') {
      for (const character of token.text) units.push({ kind: 'character', point: character.codePointAt(0)! })
    } else if (token.kind === 'one' && units.at(-1)?.kind === 'star') units.splice(firstOfRun(units), 0, token)
    else if (token.kind !== 'star' || units.at(-1)?.kind !== 'star') units.push(token)
  }
  return units
}

function firstOfRun(units: readonly Unit[]): number {
  let at = units.length
  while (units[at - 1]?.kind === 'star' || units[at - 1]?.kind === 'one') at--
  return at
}

/** Reads the inner pattern's units with the outer pattern, whose stars take any of them. A row per outer unit. */
function simulate(outer: readonly Unit[], inner: readonly Unit[]): boolean {
  // reached[i]: what stands before the current outer unit covers the first i inner units.
  let reached: boolean[] = [true, ...inner.map(() => false)]
  for (const unit of outer) {
    const next: boolean[] = new Array(inner.length + 1).fill(false)
    if (unit.kind === 'star') {
      let any = false
      for (let i = 0; i <= inner.length; i++) {
        any ||= reached[i] === true
        next[i] = any
      }
    } else {
      for (let i = 0; i < inner.length; i++) next[i + 1] = reached[i] === true && takes(unit, inner[i]!)
    }
    reached = next
  }
  return reached[inner.length] === true
}

/** Whether a unit that stands for one code point covers all of another unit. */
function takes(outer: Unit, inner: Unit): boolean {
  if (inner.kind === 'star') return false
  if (outer.kind === 'one') return true
  if (outer.kind === 'character') return inner.kind === 'character' && inner.point === outer.point
  if (outer.kind !== 'class') return false
  if (inner.kind === 'character') return isInClass(outer, inner.point, inner.point)
  if (inner.kind === 'class' && !inner.negated) return inner.ranges.every(([from, to]) => isInClass(outer, from, to))
  // Outside of more is inside of outside of less.
  return inner.kind === 'class' && outer.negated && outer.ranges.every(([from, to]) => isWithin(inner.ranges, from, to))
}

type ClassUnit = Extract<Unit, { readonly kind: 'class' }>

function isInClass({ negated, ranges }: ClassUnit, from: number, to: number): boolean {
  if (!negated) return isWithin(ranges, from, to)
  return ranges.every(([low, high]) => to < low || high < from)
}

/** The ranges of a class neither touch nor overlap, so that a whole range lies in one of them or in none. */
function isWithin(ranges: readonly (readonly [number, number])[], from: number, to: number): boolean {
  return ranges.some(([low, high]) => low <= from && to <= high)
}
