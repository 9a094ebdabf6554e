/** Glob, regex and CIDR programs: data that condition nodes and the index point to. assembly/abi/ defines the forms. */
import { GlobOp } from '../../assembly/abi/condition.ts'
import { union } from '../policy/charset.ts'
import type { CidrRange, GlobToken, Pattern } from '../policy/model.ts'
import type { RegexAst } from '../policy/regex.ts'
import type { Bounds } from './regex/dfa.ts'
import { encodeRegex } from './regex/program.ts'
import { Words } from './words.ts'

type Glob = Extract<Pattern, { kind: 'glob' }>

export class ProgramTable {
  readonly globs = new Words()
  readonly regexes = new Words()
  readonly cidrs = new Words()
  readonly #globOffsets = new Map<string, number>()
  readonly #regexOffsets = new Map<string, number>()
  readonly #encoder = new TextEncoder()
  readonly #bounds: Bounds | undefined

  /** @param bounds when an expression is too large for a table, if not as usual */
  constructor(bounds?: Bounds) {
    this.#bounds = bounds
  }

  globOffset(glob: Glob): number {
    const known = this.#globOffsets.get(glob.source)
    if (known !== undefined) return known
    const offset = this.globs.offset
    for (const token of glob.tokens) this.#pushToken(token)
    this.globs.push(GlobOp.End)
    this.#globOffsets.set(glob.source, offset)
    return offset
  }

  #pushToken(token: GlobToken): void {
    if (token.kind === 'star') this.globs.push(GlobOp.Star)
    else if (token.kind === 'one') this.globs.push(GlobOp.One)
    else if (token.kind === 'literal') this.#pushLiteral(this.#encoder.encode(token.text))
    else {
      const ranges = union([token.ranges])
      this.globs.push(GlobOp.Class | (token.negated ? 1 << 8 : 0) | (ranges.length << 9))
      for (const [low, high] of ranges) {
        this.globs.push(low)
        this.globs.push(high)
      }
    }
  }

  #pushLiteral(bytes: Uint8Array): void {
    this.globs.push(GlobOp.Literal | (bytes.length << 8))
    for (let i = 0; i < bytes.length; i += 4) {
      const [a = 0, b = 0, c = 0, d = 0] = bytes.subarray(i, i + 4)
      this.globs.push((a | (b << 8) | (c << 16) | (d << 24)) >>> 0)
    }
  }

  /** @param variant what `source` is written in, or written for: the same text means something else in another */
  regexOffset(source: string, ast: RegexAst, variant: 'ecmascript' | 'folded' | 're2' = 'ecmascript'): number {
    const key = `${variant} ${source}`
    const known = this.#regexOffsets.get(key)
    if (known !== undefined) return known
    const offset = this.regexes.offset
    for (const word of encodeRegex(ast, this.#bounds).words) this.regexes.push(word)
    this.#regexOffsets.set(key, offset)
    return offset
  }

  /** Each program's offset and source, in order. */
  regexSources(): (readonly [offset: number, source: string])[] {
    return [...this.#regexOffsets].map(([key, offset]) => [offset, key.slice(key.indexOf(' ') + 1)] as const)
  }

  cidrsOffset(ranges: readonly CidrRange[]): number {
    const offset = this.cidrs.offset
    for (const { bytes, bits } of ranges) {
      this.cidrs.push((bytes.length === 4 ? 4 : 6) | (bits << 8))
      for (let i = 0; i < 16; i += 4) {
        const [a = 0, b = 0, c = 0, d = 0] = bytes.slice(i, i + 4)
        this.cidrs.push((a | (b << 8) | (c << 16) | (d << 24)) >>> 0)
      }
    }
    return offset
  }
}
