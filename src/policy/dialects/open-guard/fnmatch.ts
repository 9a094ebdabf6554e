/** Names and the patterns of Python's fnmatch, as patterns of ours (https://docs.python.org/3.12/library/fnmatch.html). */

/** A pattern that covers this very text. */
export function patternOf(text: string): string {
  return text.replace(/[*?[\]{}\\]/g, '\\$&')
}

/** A pattern that covers what fnmatch matches; undefined when that is nothing. */
export function fromFnmatch(source: string): string | undefined {
  const text = [...source]
  let out = ''
  for (let at = 0; at < text.length; at++) {
    const character = text[at] ?? ''
    const end = character === '[' ? classEnd(text, at) : -1
    if (end < 0) {
      out += '*?'.includes(character) ? character : patternOf(character)
      continue
    }
    const members = classOf(text.slice(at + 1, end))
    if (members === undefined) return undefined
    out += members
    at = end
  }
  return out === '' ? undefined : out
}

/** Where the class that begins at `at` ends; -1 when it does not, and the bracket stands for itself. */
function classEnd(text: readonly string[], at: number): number {
  const first = text[at + 1] === '!' ? at + 2 : at + 1
  return text.indexOf(']', text[first] === ']' ? first + 1 : first)
}

/** A class; ranges that run backwards hold nothing. Undefined when nothing is left in it. */
function classOf(inside: readonly string[]): string | undefined {
  const negated = inside[0] === '!'
  const members = negated ? inside.slice(1) : inside
  let out = ''
  for (let at = 0; at < members.length; at++) {
    const from = members[at] ?? ''
    const to = members[at + 1] === '-' ? members[at + 2] : undefined
    if (to === undefined) out += member(from)
    else {
      if ((from.codePointAt(0) ?? 0) <= (to.codePointAt(0) ?? 0)) out += `${member(from)}-${member(to)}`
      at += 2
    }
  }
  if (out === '') return negated ? '?' : undefined
  return `[${negated ? '!' : ''}${out}]`
}

function member(character: string): string {
  return /[\\\]!^-]/.test(character) ? `\\${character}` : character
}
