/** What the YAML parser does not take, told by what people write without knowing that it is YAML. */
import { type Document, isCollection, isScalar, visit, Scalar as YamlScalar } from 'yaml'
import type { Advice } from './suggest.ts'

type YamlFault = Document['errors'][number] | Document['warnings'][number]
type Range = readonly [start: number, end: number]

/** A fault with its place in the text. */
export interface ExplainedFault {
  readonly range: Range
  readonly found: string
  readonly advice?: Advice
  /** What the parser finds behind it follows from it. */
  readonly spoils?: 'line' | 'rest'
}

/** The faults of a document, each slip once. */
export function explainFaults(document: Document, text: string): ExplainedFault[] {
  const told = new Set<string>()
  let spoilt = Number.POSITIVE_INFINITY
  return [...document.errors, ...document.warnings].flatMap((fault) => {
    if (spoilt <= fault.pos[0] || told.has(`line ${text.lastIndexOf('\n', fault.pos[0])}`)) return []
    const explained = explain(fault, document, text)
    // One text with two colons is two faults to the parser, and so is a key at the wrong column.
    const line = text.lastIndexOf('\n', explained.range[0])
    const isKey = fault.code === 'BLOCK_AS_IMPLICIT_KEY' || fault.code === 'MULTILINE_IMPLICIT_KEY'
    const key = isKey ? `key ${line}` : `${explained.range[0]} ${explained.found}`
    if (told.has(key)) return []
    told.add(key)
    if (explained.spoils === 'rest') spoilt = fault.pos[0]
    if (explained.spoils === 'line') told.add(`line ${line}`)
    return [explained]
  })
}

const inQuotes = 'put the text in quotes'

function explain({ code, message, pos }: YamlFault, document: Document, text: string): ExplainedFault {
  const range: Range = pos
  const first = text[range[0]] ?? ''
  switch (code) {
    case 'BAD_ALIAS':
      if (first === '*') return { range, found: '* starts an alias in YAML', advice: 'write "*" in quotes' }
      break
    case 'TAG_RESOLVE_FAILED':
      return { range, found: '"!" starts a tag in YAML', advice: inQuotes }
    case 'BAD_SCALAR_START':
      return { range, found: `${JSON.stringify(first)} cannot start a text in YAML`, advice: inQuotes }
    case 'UNEXPECTED_TOKEN': {
      const quoted = message === 'Unexpected scalar at node end' ? closedQuote(document, range[0]) : undefined
      if (quoted !== undefined) return afterQuote(quoted, range[0], text)
      break
    }
    case 'BAD_DQ_ESCAPE': {
      const advice = 'use single quotes, in which a backslash stays as it is'
      return { range, found: `not valid YAML: ${sentence(message)}`, advice }
    }
    case 'NON_STRING_KEY':
      return { range, found: 'a key is not a string', advice: 'write a plain key' }
    case 'BAD_INDENT': {
      const open = openBracket(message, document, range[0], text)
      if (open !== undefined) return open
      break
    }
    case 'BLOCK_AS_IMPLICIT_KEY':
      // Else lines that belong together begin at different columns.
      if (/^[^\s{["'&!|>][^\n]*:(?:\s|$)/.test(lineFrom(text, range[0])))
        return { range, found: 'a second ": " stands in one line', advice: `${inQuotes}, or the map in braces` }
      break
    case 'MULTILINE_IMPLICIT_KEY':
    case 'MISSING_CHAR': {
      const quoted = openQuote(message, document, range[0])
      if (quoted !== undefined) return quoted
      const open = openBracket(message, document, range[0], text)
      if (open !== undefined) return open
      const path = quotedPart(range[0], text)
      if (path !== undefined) return path
      const [, key] = /^([\w-]+):[^\s:/]/.exec(text.slice(range[0], range[0] + 80)) ?? []
      if (key !== undefined)
        return { range, found: `no space follows the ":" of ${key}`, advice: 'write a space after ":"' }
      break
    }
  }
  const columns = code === 'BLOCK_AS_IMPLICIT_KEY' || code === 'MULTILINE_IMPLICIT_KEY'
  const advice = columns ? 'start the keys of one map at the same column, and write a space after "-"' : undefined
  return { range, found: `not valid YAML: ${sentence(message)}`, ...(advice !== undefined && { advice }) }
}

function lineFrom(text: string, start: number): string {
  const end = text.indexOf('\n', start)
  return text.slice(start, end < 0 ? undefined : end)
}

/** A quote that nothing closes is found at the end of the text: what helps is where it opens. */
function openQuote(message: string, document: Document, end: number): ExplainedFault | undefined {
  const [, mark] = /^Missing closing (["'])quote/.exec(message) ?? []
  if (mark === undefined) return undefined
  const type = mark === '"' ? YamlScalar.QUOTE_DOUBLE : YamlScalar.QUOTE_SINGLE
  let start: number | undefined
  visit(document, (_, node) => {
    if (!isScalar(node) || node.type !== type) return
    const [from = 0, to = 0] = node.range ?? []
    if (from < end && to >= end) start = from
  })
  if (start === undefined) return undefined
  return {
    range: [start, start + 1],
    found: `the quote ${mark} that opens here is never closed`,
    advice: `close it with ${mark}`,
  }
}

/** The start of the quoted text that ends last before a place. */
function closedQuote(document: Document, before: number): number | undefined {
  let start: number | undefined
  visit(document, (_, node) => {
    if (!isScalar(node) || (node.type !== YamlScalar.QUOTE_DOUBLE && node.type !== YamlScalar.QUOTE_SINGLE)) return
    const [from = 0, to = 0] = node.range ?? []
    if (to <= before) start = from
  })
  return start
}

/** A text that goes on behind its closing quote: one with a quote inside, or an expression that begins with a text. */
function afterQuote(start: number, offset: number, text: string): ExplainedFault {
  const mark = text[start] ?? ''
  const range: Range = [offset, offset + lineFrom(text, offset).trimEnd().length]
  const found = `the text ended at the ${mark} before`
  if (text[offset - 1] === mark) {
    const advice =
      mark === "'"
        ? "write '' for a ' inside, or use double quotes"
        : 'use single quotes around it, or write \\" inside'
    return { range, found, advice, spoils: 'line' }
  }
  const whole = lineFrom(text, start).trimEnd()
  const other = mark === "'" ? '"' : "'"
  const isPlain = !whole.includes(other) && !whole.includes('\\') && !whole.includes(' #')
  const advice = isPlain ? `put the whole in quotes: ${other}${whole}${other}` : 'put the whole in quotes'
  return { range, found, advice, spoils: 'line' }
}

/** A bracket that nothing closes is found where something else begins: what helps is where it opens. */
function openBracket(message: string, document: Document, end: number, text: string): ExplainedFault | undefined {
  const [, mark] =
    /^Flow (?:map|sequence) .*must .*end with a ([}\]])/.exec(message) ??
    /Expected flow .* to end with ([}\]])/.exec(message) ??
    []
  if (mark === undefined) return undefined
  const opening = mark === '}' ? '{' : '['
  let start: number | undefined
  visit(document, (_, node) => {
    if (!isCollection(node)) return
    const [from = 0, to = 0] = node.range ?? []
    if (text[from] === opening && from < end && to >= end) start = from
  })
  if (start === undefined) return undefined
  const found = `the bracket ${opening} that opens here is never closed`
  return { range: [start, start + 1], found, advice: `close it with ${mark}`, spoils: 'rest' }
}

/** `resource["a.b"]` as a key in braces, where "[" begins a list. */
function quotedPart(offset: number, text: string): ExplainedFault | undefined {
  const [part] = /^\["[^"\n]*"\][\w.]*/.exec(text.slice(offset, offset + 200)) ?? []
  const [root] = /[\w.]+$/.exec(text.slice(Math.max(0, offset - 200), offset)) ?? []
  if (part === undefined || root === undefined) return undefined
  const range: Range = [offset - root.length, offset + part.length]
  return { range, found: 'this key needs quotes in braces', advice: `write '${root}${part}'`, spoils: 'line' }
}

function sentence(message: string): string {
  const line = message.split('\n')[0] ?? message
  return line.charAt(0).toLowerCase() + line.slice(1).replace(/\.$/, '')
}

/** Where the %YAML line of the document stands that begins at an offset. */
export function directiveRange(text: string, start: number): Range {
  const before = [...text.slice(0, start).matchAll(/^%YAML\b.*$/gm)].at(-1)
  return before === undefined ? [start, start] : [before.index, before.index + before[0].length]
}
