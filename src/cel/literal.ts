/** Checking of literals: numbers, strings, bytes. */
import type { Checker } from './check.ts'
import { bytesOf, rawText } from './prepare.ts'
import type { Range, Tree } from './tree.ts'
import { BOOL } from './types.ts'

/** The value of a literal as the parser has it. */
export function literal(checker: Checker, value: unknown, range: Range): Tree {
  if (value === null) return { kind: 'null', type: { kind: 'null' }, range }
  if (typeof value === 'boolean') return { kind: 'boolean', value, type: BOOL, range }
  if (typeof value === 'number') return { kind: 'double', value, type: { kind: 'double' }, range }
  if (typeof value === 'bigint') return int(checker, value, range)
  if (typeof value === 'string') {
    const text = textOf(checker, value, range)
    if (/\p{Surrogate}/u.test(text)) {
      return checker.problem('E_CEL_SYNTAX', range, 'the string holds half of a surrogate pair', 'write the character')
    }
    if (isRawBytes(checker, range)) {
      return { kind: 'bytes', value: new TextEncoder().encode(text), type: { kind: 'bytes' }, range }
    }
    return { kind: 'string', value: text, type: { kind: 'string' }, range }
  }
  if (value instanceof Uint8Array) {
    return { kind: 'bytes', value: bytesOf(checker.source(range), value), type: { kind: 'bytes' }, range }
  }
  return { kind: 'uint', value: BigInt(String(value)), type: { kind: 'uint' }, range }
}

/** What a string of the parser's says: of a raw one it has no backslashes, see prepare.ts. */
export function textOf(checker: Checker, value: string, range: Range): string {
  const source = checker.source(range)
  return isRaw(source) ? rawText(source) : value
}

/** Whether it is no string: raw bytes were turned into one, see prepare.ts. */
export function isRawBytes(checker: Checker, range: Range): boolean {
  return isRaw(checker.source(range)) && /[bB]/.test(checker.source({ start: range.start - 1, end: range.start }))
}

function isRaw(source: string): boolean {
  return /^[rR]["']/.test(source)
}

/** An int, when it has 64 bits. */
export function int(checker: Checker, value: bigint, range: Range): Tree {
  if (BigInt.asIntN(64, value) !== value) {
    return checker.problem('E_CEL_SYNTAX', range, `${value} does not fit into an int`, 'write a double or a uint')
  }
  return { kind: 'int', value, type: { kind: 'int' }, range }
}
