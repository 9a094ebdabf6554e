/** What is wrong with a text that is meant as JSON, in words of JSON; the reader of YAML would speak of its own. */
import { printParseErrorCode, visit } from 'jsonc-parser'
import type { ExplainedFault } from './yaml-fault.ts'

/** By the names that jsonc-parser has for its errors. */
const sentences: Readonly<Record<string, readonly [found: string, advice?: string]>> = {
  CommaExpected: ['a comma is missing here', 'write one after the value before'],
  ColonExpected: ['a colon is missing here', 'write ":" between key and value'],
  PropertyNameExpected: ['a key is missing here', 'write it in double quotes, and no comma after the last one'],
  ValueExpected: ['a value is missing here', 'write one, and no comma after the last one'],
  CloseBraceExpected: ['a brace is never closed', 'close it with }'],
  CloseBracketExpected: ['a bracket is never closed', 'close it with ]'],
  EndOfFileExpected: ['something follows the end of the document', 'remove it, or a bracket before it'],
  UnexpectedEndOfString: ['a string is not closed in its line', 'close it with "'],
  InvalidSymbol: ['this is no JSON', 'put texts and keys in double quotes'],
  InvalidEscapeCharacter: ['this is no escape of JSON', 'write \\\\ for a backslash'],
  InvalidUnicode: ['this is no escape of JSON', 'write \\u and four hexadecimal digits'],
  InvalidCharacter: ['a string holds a control character', 'write it as an escape, such as \\t'],
}

/**
 * The comments, or else the first other mistake; what follows from that would only mislead. Empty when it is not meant as JSON.
 *
 * @param isFaulty Whether it is no YAML either. To YAML, a comment of JSON may be a part of the key behind it.
 */
export function jsonFaults(name: string, text: string, isFaulty: boolean): ExplainedFault[] {
  const start = name.endsWith('.json') ? /^\s*(?:[{[]|\/[/*])/ : /^\s*(?:\/[/*]|\{\s*(?:"|\/[/*]))/
  if (!start.test(text)) return []
  const comments: ExplainedFault[] = []
  const faults: ExplainedFault[] = []
  visit(text, {
    onComment: (offset, length) => {
      const advice = 'remove it, or name the file .yaml and begin comments with #'
      comments.push({ range: [offset, offset + length], found: 'JSON has no comments', advice })
    },
    onError: (code, offset, length) => {
      const [found, advice] = sentences[printParseErrorCode(code)] ?? ['this is no JSON']
      faults.push({ range: [offset, offset + length], found, ...(advice !== undefined && { advice }) })
    },
  })
  if (!isFaulty && faults.length > 0) return []
  return comments.length > 0 ? comments : faults.slice(0, 1)
}
