/** Checking of literals: numbers, strings, bytes. */
import type { Checker } from './check.ts'
import { bytesOf } from './prepare.ts'
import type { Range, Tree } from './tree.ts'
import { BOOL } from './types.ts'

/** The value of a literal as the parser has it. */
export function literal(checker: Checker, value: unknown, range: Range): Tree {
  if (value === null) return { kind: 'null', type: { kind: 'null' }, range }
  if (typeof value === 'boolean') return { kind: 'boolean', value, type: BOOL, range }
  if (typeof value === 'number') return { kind: 'double', value, type: { kind: 'double' }, range }
  if (typeof value === 'bigint') return int(checker, value, range)
  if (typeof value === 'string') {
    if (/\p{Surrogate}/u.test(value)) {
      return checker.problem('E_CEL_SYNTAX', range, 'the string holds half of a surrogate pair', 'write the character')
    }
    // Only raw bytes were turned into a raw string; see prepare.ts.
    if (
      /[bB]/.test(checker.source({ start: range.start - 1, end: range.start })) &&
      /^[rR]/.test(checker.source(range))
    ) {
      return { kind: 'bytes', value: new TextEncoder().encode(value), type: { kind: 'bytes' }, range }
    }
    return { kind: 'string', value, type: { kind: 'string' }, range }
  }
  if (value instanceof Uint8Array) {
    return { kind: 'bytes', value: bytesOf(checker.source(range), value), type: { kind: 'bytes' }, range }
  }
  return { kind: 'uint', value: BigInt(String(value)), type: { kind: 'uint' }, range }
}

/** An int, when it has 64 bits. */
export function int(checker: Checker, value: bigint, range: Range): Tree {
  if (BigInt.asIntN(64, value) !== value) {
    return checker.problem('E_CEL_SYNTAX', range, `${value} does not fit into an int`, 'write a double or a uint')
  }
  return { kind: 'int', value, type: { kind: 'int' }, range }
}
