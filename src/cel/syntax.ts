/** Text to syntax tree, by the parser of cel-js; its own checks and its evaluator are not used. */
import { type ASTNode, Environment, ParseError } from '@marcbachmann/cel-js'
import type { Problem } from './problem.ts'

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
    return environment.parse(prepared).ast
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
  const single = unsupported(text, start)
  if (single !== undefined) return { code: 'E_CEL_SYNTAX', range, ...single }
  return { code: 'E_CEL_SYNTAX', range, found: `not a CEL expression: ${plain(error.summary)}`, advice: undefined }
}

/** Likely slips, and parts of CEL that need what we have not. */
function unsupported(text: string, at: number): { found: string; advice: string } | undefined {
  const rest = text.slice(at)
  if (/^=(?!=)/.test(rest)) return { found: '"=" compares nothing', advice: 'write ==' }
  if (/^&(?!&)/.test(rest)) return { found: '"&" is no operator', advice: 'write &&' }
  if (/^\|(?!\|)/.test(rest)) return { found: '"|" is no operator', advice: 'write ||' }
  if (/^(?:and|AND)\b/.test(rest)) return { found: '"and" is no operator', advice: 'write &&' }
  if (/^(?:or|OR)\b/.test(rest)) return { found: '"or" is no operator', advice: 'write ||' }
  if (rest.startsWith('{') && /[\w.]\s*$/.test(text.slice(0, at))) {
    return { found: 'messages are not supported', advice: 'write a map: { "key": value }' }
  }
  return undefined
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
