/** Suggestions as edits of the text that a policy was read from. */
import type { Fix, TextRange } from './diagnostic.ts'
import { type Position, rangeOf } from './node.ts'
import type { Suggestion } from './suggest.ts'

/** The edit that does what a suggestion says; undefined where there is no text, or something else stands in it. */
export function fixOf(at: Position, { word, replacement, json, at: other }: Suggestion): Fix | undefined {
  const place = other ?? at
  const range = rangeOf(place)
  const { text } = place.source
  if (range === undefined || text === undefined) return undefined
  const written = text.slice(range.start, range.end)
  if (json !== undefined) {
    const edit = asSource(written, word, replacement, json)
    return edit === undefined ? undefined : { title: `write ${replacement}`, edits: [{ range, text: edit }] }
  }
  // An expression's text is CEL whatever the scalar around it is quoted with.
  const edit = place.inside === true ? inside(written, word, replacement) : scalar(written, word, replacement)
  return edit === undefined ? undefined : { title: `write ${replacement}`, edits: [{ range, text: edit }] }
}

/** What takes the place of a whole scalar: as JSON where the scalar is written as JSON has it. */
function asSource(written: string, word: string, yaml: string, json: string): string | undefined {
  if (written === JSON.stringify(word)) return json
  return written === word || written === singleQuoted(word) ? yaml : undefined
}

function inside(written: string, word: string, replacement: string): string | undefined {
  // Quotes and escapes would mean something to the scalar around.
  return written === word && !/["'\\\n]/.test(replacement) ? replacement : undefined
}

/** A plain scalar that YAML takes for a string, whatever stands around it. */
const plain = /^[\p{L}_][\p{L}\p{N}_./-]*$/u
const words: readonly string[] = ['true', 'false', 'null']

function scalar(written: string, word: string, replacement: string): string | undefined {
  if (written === word) {
    const safe = plain.test(replacement) && !words.includes(replacement.toLowerCase())
    return safe ? replacement : JSON.stringify(replacement)
  }
  if (written === JSON.stringify(word)) return JSON.stringify(replacement)
  return written === singleQuoted(word) ? singleQuoted(replacement) : undefined
}

function singleQuoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}

/**
 * The text with a fix applied.
 *
 * @example applyFix('alow: read', fix) // 'allow: read'
 */
export function applyFix(text: string, { edits }: Fix): string {
  const last = (range: TextRange) => -range.start
  const ordered = [...edits].sort((a, b) => last(a.range) - last(b.range))
  return ordered.reduce((all, { range, text: put }) => all.slice(0, range.start) + put + all.slice(range.end), text)
}
