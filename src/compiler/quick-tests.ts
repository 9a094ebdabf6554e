/**
 * Quick tests: what stands beside the candidates of a key that has several, so that the core can leave most of them out without a branch. A
 * test may say that a comparison holds which does not, but never the reverse.
 */
import { Op, Operand } from '../../assembly/abi/condition.ts'
import { Tag } from '../../assembly/abi/frame.ts'
import { Section } from '../../assembly/abi/image.ts'
import { QuickTest } from '../../assembly/abi/rules.ts'
import type { RuleCode } from './rule-index.ts'
import { SCALAR_WORDS, type SharedComparisons } from './shared-comparisons.ts'
import type { Words } from './words.ts'

/** QuickTest.Outcomes by operation, from Op.GtNumber on. */
const ORDERS = [0b110000, 0b111100, 0b000011, 0b001111] as const
const EQUAL = 0b001100
const AMONG = 0b101010
/** For a tag that no value has. */
const NO_TEST = 0xff << 16
const TEST_WORDS = QuickTest.Size / 4

export class QuickTests {
  readonly #comparisons: SharedComparisons
  readonly #conditions: Words
  /** Those that were found last: two words each. */
  readonly #found: number[] = []

  /** @param conditions The section of conditions that are not comparisons alone. */
  constructor(comparisons: SharedComparisons, conditions: Words) {
    this.#comparisons = comparisons
    this.#conditions = conditions
  }

  /** How many tests there are for a rule. */
  countOf(code: RuleCode): number {
    this.#find(code)
    return this.#found.length / TEST_WORDS
  }

  /** Writes so many tests for a rule over the words at `at`; where it has fewer, the rest say nothing. */
  write(code: RuleCode, tests: number, words: Words, at: number): void {
    this.#find(code)
    for (let i = 0; i < tests * TEST_WORDS; i++)
      words.set(at + i, this.#found[i] ?? (i % TEST_WORDS === 0 ? NO_TEST : 0))
  }

  #find({ joined, section, offset = 0 }: RuleCode): void {
    this.#found.length = 0
    const comparisons = this.#comparisons.words.written
    if (joined !== undefined) {
      const offsets = this.#comparisons.joinedOffsets(joined)
      for (let i = 0; i < offsets.length && this.#add(comparisons, offsets[i]! / 4); i++);
    } else if (section === Section.Comparisons) this.#add(comparisons, offset / 4)
    else if (section === Section.Conditions) this.#addParts(this.#conditions.written, offset / 4)
  }

  /** Of a node whose parts must all hold those of the parts; else its own. */
  #addParts(words: Int32Array, at: number): void {
    if ((words[at]! & 0xff) !== Op.All) {
      this.#add(words, at)
      return
    }
    const end = at + (words[at]! >>> 8)
    for (let child = at + 1; child < end && this.#add(words, child); child += words[child]! >>> 8);
  }

  /**
   * Adds the test of a node, if there is one for it. Returns whether those after it may be tested, too: not after what may take steps or
   * reach a limit, as a decision is not to depend on whether that was evaluated.
   */
  #add(words: Int32Array, at: number): boolean {
    const op: Op = words[at]! & 0xff
    const size = words[at]! >>> 8
    const cell = words[at + 1]! & ~15
    if (op === Op.EqString || op === Op.InStrings) {
      let ids = 0
      for (let i = at + 2; i < at + size; i++) ids |= 1 << words[i]!
      this.#push(cell, Tag.String, AMONG, ids)
    } else if (op >= Op.GtNumber && op <= Op.LteNumber) {
      const upwards = op >= Op.LtNumber
      this.#push(cell, Tag.Number, ORDERS[op - Op.GtNumber]!, boundOf(numberAt(words, at + 2), upwards))
    } else if (op === Op.Eq && size === SCALAR_WORDS && words[at + 2] === Operand.Inline) {
      const number = numberAt(words, at + 5)
      if (words[at + 3] === Tag.Boolean) this.#push(cell, Tag.Boolean, AMONG, 1 << words[at + 4]!)
      else if (words[at + 3] === Tag.Number && Math.fround(number) === number) {
        this.#push(cell, Tag.Number, EQUAL, boundOf(number, true))
      }
    } else return op === Op.HasRole || op === Op.Exists
    return this.#found.length < QuickTest.Most * TEST_WORDS
  }

  #push(cell: number, tag: Tag, outcomes: number, operand: number): void {
    this.#found.push(cell | (tag << 16) | (outcomes << 24), operand)
  }
}

const f64 = new Float64Array(1)
const f64Words = new Int32Array(f64.buffer)

function numberAt(words: Int32Array, at: number): number {
  f64Words[0] = words[at]!
  f64Words[1] = words[at + 1]!
  return f64[0]!
}

const f32 = new Float32Array(1)
const f32Words = new Int32Array(f32.buffer)

/** The bits of the nearest f32 that is not below the number, or not above it. (IEEE 754: the next bits are the next number.) */
function boundOf(number: number, upwards: boolean): number {
  f32[0] = number
  const near = f32[0]
  if (upwards ? near < number : near > number) f32Words[0]! += (upwards ? near >= 0 : near <= 0) ? 1 : -1
  return f32Words[0]!
}
