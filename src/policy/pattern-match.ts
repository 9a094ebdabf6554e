/** Matching patterns without the core: for what is compared a few times, and compiled for nothing. */
import { isInside } from './charset.ts'
import type { GlobToken, Pattern } from './model.ts'

/** Whether one of the patterns covers the whole text; an empty list covers every text. */
export function coversText(patterns: readonly Pattern[], text: string): boolean {
  return patterns.length === 0 || patterns.some((pattern) => matchesPattern(pattern, text))
}

/** Whether the pattern covers the whole text. Time is at most the product of their lengths. */
export function matchesPattern(pattern: Pattern, text: string): boolean {
  if (pattern.kind === 'exact') return pattern.value === text
  const { tokens } = pattern
  let at = 0
  let token = 0
  // Where the last star stands, and how far its run goes: when what follows fails, the run takes one character more.
  let star = -1
  let run = 0
  for (;;) {
    if (token < tokens.length && tokens[token]!.kind === 'star') {
      star = token++
      run = at
      continue
    }
    const next = token < tokens.length ? take(tokens[token]!, text, at) : at === text.length ? at : undefined
    if (next !== undefined && token === tokens.length) return true
    if (next !== undefined) {
      at = next
      token++
      continue
    }
    if (star < 0 || run >= text.length) return false
    run += text.codePointAt(run)! > 0xffff ? 2 : 1
    at = run
    token = star + 1
  }
}

/** Where the text goes on after what a token other than a star takes; undefined when it takes nothing here. */
function take(token: GlobToken, text: string, at: number): number | undefined {
  if (token.kind === 'literal') return text.startsWith(token.text, at) ? at + token.text.length : undefined
  const point = text.codePointAt(at)
  if (point === undefined) return undefined
  const holds = token.kind !== 'class' || isInside(token.ranges, point) !== token.negated
  return holds ? at + (point > 0xffff ? 2 : 1) : undefined
}
