/** Did you mean …? */

import { distance } from 'fastest-levenshtein'
import type { Position } from './node.ts'

/**
 * The candidate that was probably meant, if one is near: the same but for case and separators, a known synonym, or few
 * typing mistakes away: one in three letters, but two letters changing places (which counts as two) in words of four.
 */
export function nearest(
  word: string,
  candidates: Iterable<string>,
  synonyms?: ReadonlyMap<string, string>,
): string | undefined {
  const plain = fold(word)
  const synonym = synonyms?.get(word) ?? synonyms?.get(plain)
  if (synonym !== undefined) return synonym
  let best: string | undefined
  let bestDistance = (plain.length < 4 ? 1 : Math.max(2, Math.floor(plain.length / 3))) + 1
  for (const candidate of candidates) {
    const away = distance(plain, fold(candidate))
    if (away < bestDistance && away < candidate.length) {
      best = candidate
      bestDistance = away
    }
  }
  return best
}

/** What to write instead: a sentence, or one with the word that takes another's place. */
export type Advice = string | Suggestion

export interface Suggestion {
  /** The sentence. */
  readonly advice: string
  /** What is written, and what should be. */
  readonly word: string
  readonly replacement: string
  /** The replacement is YAML, not the text of a scalar; this is the same as JSON. */
  readonly json?: string
  /** Where the word stands, when that is not where the mistake is. */
  readonly at?: Position
}

export function adviceText(advice: Advice): string
export function adviceText(advice: Advice | undefined): string | undefined
export function adviceText(advice: Advice | undefined): string | undefined {
  return typeof advice === 'object' ? advice.advice : advice
}

/** @example suggest('equals', 'eq').advice // 'did you mean "eq"?' */
export function suggest(word: string, replacement: string): Suggestion {
  return { advice: `did you mean ${JSON.stringify(replacement)}?`, word, replacement }
}

/** `did you mean "eq"?`, or else the candidates when they are few, or else nothing. */
export function didYouMean(
  word: string,
  candidates: readonly string[],
  synonyms?: ReadonlyMap<string, string>,
): Advice | undefined {
  const guess = nearest(word, candidates, synonyms)
  if (guess !== undefined) return suggest(word, guess)
  if (candidates.length === 0 || candidates.length > 30) return undefined
  return candidates.length === 1 ? `use "${candidates[0]}"` : `use one of ${candidates.join(', ')}`
}

function fold(word: string): string {
  return word.toLowerCase().replace(/[\s_-]/g, '')
}
