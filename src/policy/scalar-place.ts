/** Where a character of a string stands in the YAML or JSON that it was written in. */
import type { Range } from '../cel/tree.ts'
import type { Position } from './node.ts'

/** Characters that an escape of a double-quoted scalar takes after its backslash and letter. */
const escapeLengths: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 }

/**
 * The position of a part of the string that stands at `at`; undefined for one that came as an object.
 * Exact for plain and quoted scalars on one line; on the right line for those of several lines, and for blocks.
 */
export function positionInside(at: Position, { start, end }: Range): Position | undefined {
  const { text } = at.source
  if (text === undefined) return undefined
  const offset = offsetInside(text, at.offset, start)
  // The last character, and what is behind it: a line break may follow that stands for one more.
  const last = end > start ? offsetInside(text, at.offset, end - 1) : offset
  const behind = end > start ? Math.min(offsetInside(text, at.offset, end), endOfLine(text, last)) : offset
  return { ...at, offset, end: Math.max(behind, last), inside: true }
}

function endOfLine(text: string, from: number): number {
  const end = text.indexOf('\n', from)
  return end < 0 ? text.length : end
}

function offsetInside(text: string, start: number, index: number): number {
  const first = text[start]
  if (first === '|' || first === '>') return inBlock(text, start, index)
  if (first === '"') return inQuotes(text, start + 1, index, '"')
  if (first === "'") return inQuotes(text, start + 1, index, "'")
  return inQuotes(text, start, index, '')
}

/** Walks the characters of a flow scalar: an escape stands for one, a line break and what is around it for one space. */
function inQuotes(text: string, start: number, index: number, quote: string): number {
  let at = start
  for (let count = 0; count < index && at < text.length; ) {
    const line = /^[ \t]*\r?\n[ \t\r\n]*/.exec(text.slice(at, at + 4096))
    if (line !== null) {
      const breaks = line[0].split('\n').length - 1
      count += breaks === 1 ? 1 : breaks - 1
      at += line[0].length
    } else if (quote === '"' && text[at] === '\\') {
      const letter = text[at + 1] ?? ''
      const digits = escapeLengths[letter] ?? 0
      const code = Number.parseInt(text.slice(at + 2, at + 2 + digits), 16)
      count += digits === 8 && code > 0xffff ? 2 : 1
      at += 2 + digits
    } else {
      at += quote === "'" && text.startsWith("''", at) ? 2 : 1
      count++
    }
  }
  return at
}

/** Lines of a block begin after its indentation, which is that of its first line with something on it. */
function inBlock(text: string, start: number, index: number): number {
  const header = text.indexOf('\n', start)
  if (header < 0) return start
  let at = header + 1
  const indent = /^(?:[ \t]*\r?\n)*( *)/.exec(text.slice(at))?.[1]?.length ?? 0
  let left = index
  while (at < text.length) {
    const end = text.indexOf('\n', at)
    const line = text.slice(at, end < 0 ? text.length : end)
    const length = Math.max(0, line.length - indent)
    if (left <= length) return at + Math.min(indent + left, line.length)
    left -= length + 1
    if (end < 0) return at
    at = end + 1
  }
  return start
}
