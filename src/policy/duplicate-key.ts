/** A key that a map has twice: whichever won, somebody would be surprised. */
import type { Position, Problem } from './node.ts'
import { locate } from './report.ts'

export function duplicateKey(name: string, at: Position, earlier: Position): Problem {
  const advice = `the first one is at ${locate(earlier, at)}; remove one`
  return { code: 'E_DUPLICATE', found: `the key ${JSON.stringify(name)} occurs twice in this map`, advice, at }
}
