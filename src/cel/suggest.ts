/** Did you mean …? */
import { distance } from 'fastest-levenshtein'

/** The name that is at most a third of its letters away, two at least, one for short ones. */
export function nearestName(word: string, names: readonly string[]): string | undefined {
  const most = word.length < 4 ? 1 : Math.max(2, Math.floor(word.length / 3))
  const ranked = names
    .map((name) => ({ name, away: distance(word.toLowerCase(), name.toLowerCase()) }))
    .filter(({ name, away }) => away <= most && away < name.length)
    .sort((a, b) => a.away - b.away)
  return ranked[0]?.name
}
