import { nameRange } from './call-names.ts'
import type { Checker } from './check.ts'
import type { ProblemCode } from './problem.ts'
import type { Range, Tree } from './tree.ts'

/** What the environment refuses: its errors may say what to write instead, and which word that is for. */
export function refused(checker: Checker, code: ProblemCode, range: Range, found: string, error: Error): Tree {
  const advice: unknown = 'advice' in error ? error.advice : undefined
  if (typeof advice === 'string') return checker.problem(code, range, found, advice)
  if (typeof advice !== 'object' || advice === null) return checker.problem(code, range, found)
  const { advice: text, word, replacement } = advice as Readonly<Record<string, unknown>>
  const place = nameRange(checker, String(word), undefined, range)
  const written = checker.source(place) === word && typeof replacement === 'string'
  const fix = written ? { fix: { range: place, text: replacement } } : undefined
  return checker.problem(code, range, found, String(text), fix)
}
