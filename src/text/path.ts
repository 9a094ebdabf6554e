/** The notation of attribute paths: `resource.status`, `context["x.y"]`, `context.items[0].price`. */

/** An index beyond the longest list that a request may carry never finds anything. */
const maxIndex = 65_535
const wordPattern = /[\p{L}\p{M}\p{N}_-]+/uy
const indexPattern = /\[(0|[1-9][0-9]*)\]/y
const keyPattern = /\[("(?:[^"\\]|\\.)*")\]/suy

/** Why a text is no path (`message`), and what to write instead. */
export class PathError extends Error {
  override name = 'PathError'
  readonly advice: string

  constructor(message: string, advice: string) {
    super(message)
    this.advice = advice
  }
}

/**
 * The parts of a path: words and quoted keys as strings, list indexes as numbers. There is at least one.
 *
 * @throws PathError
 * @example splitPath('context["x.y"][0]') // ['context', 'x.y', 0]
 */
export function splitPath(text: string): (string | number)[] {
  const keys: (string | number)[] = []
  let at = 0
  const take = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at
    const match = pattern.exec(text)
    if (match === null) return undefined
    at += match[0].length
    return match[1] ?? match[0]
  }
  while (at < text.length || keys.length === 0) {
    if (keys.length > 0 && text[at] === '[') {
      keys.push(bracket(text, take))
      continue
    }
    if (keys.length > 0) {
      if (text[at] !== '.') throw malformed(text, at)
      at++
    }
    const word = take(wordPattern)
    if (word === undefined) throw malformed(text, at)
    keys.push(word)
  }
  return keys
}

function bracket(text: string, take: (pattern: RegExp) => string | undefined): string | number {
  const index = take(indexPattern)
  if (index !== undefined) {
    if (Number(index) > maxIndex) throw new PathError(`the index ${index} is above ${maxIndex}`, 'use a smaller one')
    return Number(index)
  }
  const key = take(keyPattern)
  if (key !== undefined) {
    try {
      const parsed: unknown = JSON.parse(key)
      if (typeof parsed === 'string') return parsed
    } catch {
      // Falls through: a bad escape.
    }
  }
  throw new PathError(`the path ${JSON.stringify(text)} has a bad part in brackets`, 'write ["key"] or [0]')
}

function malformed(text: string, at: number): PathError {
  if (text === '') return new PathError('the path is empty', 'write, for example, resource.status')
  const where = at >= text.length ? 'ends too early' : `has an unexpected ${JSON.stringify([...text.slice(at)][0])}`
  return new PathError(`the path ${JSON.stringify(text)} ${where}`, 'write root.key.key, and other keys as ["key"]')
}
