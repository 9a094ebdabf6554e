/** Text to syntax tree, by the parser of cel-js; its own checks and its evaluator are not used. */
import { type ASTNode, Environment, ParseError } from '@marcbachmann/cel-js'
import type { Problem } from './problem.ts'
import { widen } from './ranges.ts'

export type Syntax = ASTNode

/** More nodes than these are more than an expression should be. */
const maxNodes = 20_000

const environment = new Environment({
  enableOptionalTypes: true,
  limits: {
    maxAstNodes: maxNodes,
    maxDepth: 100,
    maxListElements: 10_000,
    maxMapEntries: 10_000,
    maxCallArguments: 64,
  },
})

/** Parses an expression that `prepare` has made ready; a problem when it is none. `text` is that before. */
export function parse(text: string, prepared: string = text): Syntax | Problem {
  try {
    return widen(environment.parse(prepared).ast, text)
  } catch (error) {
    if (!(error instanceof ParseError)) throw error
    return problem(error, text)
  }
}

export function isProblem(result: Syntax | Problem): result is Problem {
  return 'found' in result
}

function problem(error: ParseError, text: string): Problem {
  const start = Math.min(error.range?.start ?? 0, text.length)
  const range = { start, end: Math.max(start, error.range?.end ?? start) }
  if (error.code === 'limit_exceeded') {
    return { code: 'E_LIMIT', range, found: 'the expression is too large or too deep', advice: 'split the rule' }
  }
  const negation = /\bnot(?=\s+$)/i.exec(text.slice(0, start))
  if (negation !== null) {
    const place = { start: negation.index, end: negation.index + 3 }
    // No edit: at the start of a plain scalar, "!" would be a tag of YAML.
    return { code: 'E_CEL_SYNTAX', range: place, found: `"${negation[0]}" is no operator`, advice: 'write !' }
  }
  const slip = slips.find(([written]) => written.test(text.slice(start)))
  if (slip !== undefined) return mended(text, start, slip)
  if (text.startsWith('{', start) && /[\w.]\s*$/.test(text.slice(0, start))) {
    const advice = 'write a map: { "key": value }'
    return { code: 'E_CEL_SYNTAX', range, found: 'messages are not supported', advice }
  }
  return { code: 'E_CEL_SYNTAX', range, found: `not a CEL expression: ${plain(error.summary)}`, advice: undefined }
}

/** Likely slips: what is written, what is wrong with it, what is meant. */
const slips: readonly (readonly [written: RegExp, wrong: string, meant: string])[] = [
  [/^=(?!=)/, 'compares nothing', '=='],
  [/^&(?!&)/, 'is no operator', '&&'],
  [/^\|(?!\|)/, 'is no operator', '||'],
  [/^and\b/i, 'is no operator', '&&'],
  [/^or\b/i, 'is no operator', '||'],
]

function mended(text: string, start: number, [written, wrong, meant]: (typeof slips)[number]): Problem {
  const [word = ''] = written.exec(text.slice(start)) ?? []
  const range = { start, end: start + word.length }
  const found = `"${word}" ${wrong}`
  return { code: 'E_CEL_SYNTAX', range, found, advice: `write ${meant}`, fix: { range, text: meant } }
}

const words: Readonly<Record<string, string>> = {
  EOF: 'the end',
  IDENTIFIER: 'a name',
  NUMBER: 'a number',
  STRING: 'a string',
  BYTES: 'bytes',
  BOOLEAN: 'a boolean',
  NULL: 'null',
  LPAREN: '"("',
  RPAREN: '")"',
  LBRACKET: '"["',
  RBRACKET: '"]"',
  LBRACE: '"{"',
  RBRACE: '"}"',
  DOT: '"."',
  COMMA: '","',
  COLON: '":"',
  QUESTION: '"?"',
}

/** The parser's message without its names for tokens. */
function plain(summary: string): string {
  const text = summary.replace(/\b[A-Z]{2,}\b/g, (word) => words[word] ?? word.toLowerCase())
  return text.charAt(0).toLowerCase() + text.slice(1)
}
