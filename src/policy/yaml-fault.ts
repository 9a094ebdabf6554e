/** What the YAML parser does not take, told by what people write without knowing that it is YAML. */
import { type Document, isScalar, visit, Scalar as YamlScalar } from 'yaml'
import type { Advice } from './suggest.ts'

type YamlFault = Document['errors'][number] | Document['warnings'][number]
type Range = readonly [start: number, end: number]

/** A fault with its place in the text. */
export interface ExplainedFault {
  readonly range: Range
  readonly found: string
  readonly advice?: Advice
}

/** The faults of a document, each slip once. */
export function explainFaults(document: Document, text: string): ExplainedFault[] {
  const told = new Set<string>()
  return [...document.errors, ...document.warnings].flatMap((fault) => {
    const explained = explain(fault, document, text)
    // One text with two colons is two faults to the parser, and so is a key at the wrong column.
    const line = text.lastIndexOf('\n', explained.range[0])
    const isKey = fault.code === 'BLOCK_AS_IMPLICIT_KEY' || fault.code === 'MULTILINE_IMPLICIT_KEY'
    const key = isKey ? `key ${line}` : `${explained.range[0]} ${explained.found}`
    if (told.has(key)) return []
    told.add(key)
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
    case 'BLOCK_AS_IMPLICIT_KEY':
      // Else lines that belong together begin at different columns.
      if (/^[^\s{["'&!|>][^\n]*:(?:\s|$)/.test(lineFrom(text, range[0])))
        return { range, found: 'a second ": " stands in one line', advice: `${inQuotes}, or the map in braces` }
      break
    case 'MULTILINE_IMPLICIT_KEY':
    case 'MISSING_CHAR': {
      const quoted = openQuote(message, document, range[0])
      if (quoted !== undefined) return quoted
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

function sentence(message: string): string {
  const line = message.split('\n')[0] ?? message
  return line.charAt(0).toLowerCase() + line.slice(1).replace(/\.$/, '')
}

/** Where the %YAML line of the document stands that begins at an offset. */
export function directiveRange(text: string, start: number): Range {
  const before = [...text.slice(0, start).matchAll(/^%YAML\b.*$/gm)].at(-1)
  return before === undefined ? [start, start] : [before.index, before.index + before[0].length]
}
