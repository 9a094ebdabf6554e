/** What the index files rules by: names, whose numbers are those of strings, and globs, which are numbered here. */
import { Id } from '../../assembly/abi/frame.ts'
import { Section } from '../../assembly/abi/image.ts'
import type { Pattern, RuleModel } from '../policy/model.ts'
import type { ProgramTable } from './programs.ts'
import { Words } from './words.ts'

/**
 * The mask, and one key per dimension in the order of a block's fields: NO_KEY where the mask does not name it. All are of 32 bits
 * with a sign; see Words.
 */
export type IndexKey = readonly number[]

export const NO_KEY = Id.NoKey | 0

/** Numbers the globs of each pattern dimension; their addresses are the section GlobKeys. */
export class GlobKeyTable {
  readonly #dimensions: Map<string, number>[] = [new Map(), new Map(), new Map(), new Map()]
  readonly #offsets = new Map<string, number>()
  readonly #programs: ProgramTable

  constructor(programs: ProgramTable) {
    this.#programs = programs
  }

  /** Must be called for every pattern before the first keyOf, which needs all of them to number across dimensions. */
  add(dimension: number, patterns: readonly Pattern[]): void {
    for (let i = 0; i < patterns.length; i++) {
      const pattern = patterns[i]!
      if (pattern.kind !== 'glob') continue
      const known = this.#dimensions[dimension]!
      if (!known.has(pattern.source)) known.set(pattern.source, known.size)
      this.#offsets.set(pattern.source, this.#programs.globOffset(pattern))
    }
  }

  keyOf(dimension: number, source: string): number {
    let before = 0
    for (let d = 0; d < dimension; d++) before += this.#dimensions[d]!.size
    return Id.GlobKey | (before + (this.#dimensions[dimension]!.get(source) ?? 0))
  }

  /** Whether requests must bring the bytes of this dimension's string. */
  hasGlobs(dimension: number): boolean {
    return this.#dimensions[dimension]!.size > 0
  }

  encode(): Words {
    const words = new Words()
    let start = 0
    for (const globs of this.#dimensions) {
      words.push(start)
      words.push(globs.size)
      start += globs.size
    }
    for (const globs of this.#dimensions) {
      for (const source of globs.keys()) words.pushAddress(Section.GlobPrograms, this.#offsets.get(source) ?? 0)
    }
    return words
  }
}

/** The pattern lists of a rule by dimension. */
export function patternsOf(rule: RuleModel): readonly (readonly Pattern[])[] {
  return [rule.actions, rule.resourceTypes, rule.resourceIds, rule.subjectIds]
}
