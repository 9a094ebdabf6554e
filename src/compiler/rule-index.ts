/** The rule index: groups of keys, and for each key a block with its candidates, in the order of the groups. */
import { Section } from '../../assembly/abi/image.ts'
import { Layout } from '../../assembly/abi/memory.ts'
import { Block, Candidate, MaskBits, QuickTest } from '../../assembly/abi/rules.ts'
import { placeInGroups, writeKeyWords } from './key-groups.ts'
import { KeyTable } from './key-table.ts'
import { NeedLists } from './need-lists.ts'
import { QuickTests } from './quick-tests.ts'
import type { SharedComparisons } from './shared-comparisons.ts'
import { SlotSet } from './slot-set.ts'
import type { IndexKey } from './targets.ts'
import { Words } from './words.ts'

/** What of the rules goes into candidates, by number of the rule. */
export interface RuleRecords {
  readonly packed: Uint32Array
  readonly ranks: Uint32Array
  readonly codes: readonly RuleCode[]
}

/** A rule's condition as written; without a place for a rule that always applies. */
export interface RuleCode {
  /** Where its outermost node is. */
  readonly section?: Section
  readonly offset?: number
  /** In place of that, for comparisons that all must hold: see SharedComparisons. The node goes beside the candidate. */
  readonly joined?: number
  /** The frame slots that it reads, in order of first use; equal lists are the same one. */
  readonly slots: readonly number[]
}

/** What the index is in an image. */
export interface IndexSections {
  readonly blocks: Words
  readonly candidates: Words
  readonly groups: Words
  readonly signatures: Words
  readonly needs: Words
  /** Of how many lines the blocks are. */
  readonly blockLines: number
}

export class RuleIndex {
  /** The keys are numbered in the order of their first candidates. */
  readonly #keys: KeyTable
  /** Of each key: its first candidate, its last one, and how many there are. */
  readonly #lists: Words
  /** Each rule, and where the next candidate of the same key is, or 0; so that no rule takes an object. */
  readonly #candidates: Words

  /** @param rules How many rules there will be. */
  constructor(rules: number) {
    this.#keys = new KeyTable(rules)
    this.#lists = new Words(rules * LIST_WORDS)
    this.#candidates = new Words((rules + 1) * CANDIDATE_WORDS)
    // None is at 0, so that it means none.
    this.#candidates.reserve(CANDIDATE_WORDS)
  }

  /** Files the rule under a key, whose numbers are copied. */
  add(key: IndexKey, rule: number): void {
    const candidate = this.#candidates.reserve(CANDIDATE_WORDS)
    this.#candidates.set(candidate, rule)
    const list = this.#keys.numberOf(key) * LIST_WORDS
    if (list === this.#lists.length) {
      this.#lists.reserve(LIST_WORDS)
      this.#lists.set(list, candidate)
    } else this.#candidates.set(this.#lists.get(list + 1) + 1, candidate)
    this.#lists.set(list + 1, candidate)
    this.#lists.set(list + 2, this.#lists.get(list + 2) + 1)
  }

  /**
   * The sections. Blocks and lists of candidates stand in the order of the groups, as the core finds blocks by counting keys; lists of
   * slots in that of the keys.
   *
   * @param comparisons What the conditions' `joined` are numbers in.
   * @param conditions The section of the others.
   */
  encode(rules: RuleRecords, comparisons: SharedComparisons, conditions: Words): IndexSections {
    const needs = new NeedLists()
    const needOffsets = this.#needOffsets(rules, needs)
    const { order, groups } = placeInGroups(this.#keys)
    const quick = new QuickTests(comparisons, conditions)
    const tests = this.#tests(rules, quick)
    const sizes = this.#sizes(rules, comparisons, tests)
    const blockLines = linesFor(sizes)
    const blockWords = blockLines * LINE_WORDS
    const blocks = new Words(order.length * blockWords)
    const candidates = new Words()
    const writing = { blocks, blockWords, candidates, rules, comparisons, quick, tests, sizes }
    for (let i = 0; i < order.length; i++) {
      const key = order[i]!
      const block = this.#writeBlock(key, writing)
      blocks.setAddress(block + Block.Needs, Section.Needs, needOffsets[key]!)
    }
    writeKeyWords(groups, order, this.#keys, needOffsets, needs.words.length)
    return { blocks, candidates, groups, signatures: this.#signatures(), needs: needs.words, blockLines }
  }

  /** Of each key the list of slots that its rules read. */
  #needOffsets({ codes }: RuleRecords, needs: NeedLists): Int32Array {
    const offsets = new Int32Array(this.#keys.size)
    const slots = new SlotSet()
    for (let key = 0; key < offsets.length; key++) {
      const first = this.#lists.get(key * LIST_WORDS)
      if (this.#lists.get(key * LIST_WORDS + 2) === 1) {
        offsets[key] = needs.offsetOf(codes[this.#candidates.get(first)]!.slots)
        continue
      }
      slots.clear()
      for (let candidate = first; candidate !== 0; candidate = this.#candidates.get(candidate + 1)) {
        slots.addAll(codes[this.#candidates.get(candidate)]!.slots)
      }
      offsets[key] = needs.offsetOfSet(slots)
    }
    return offsets
  }

  /** Of each key how many quick tests its candidates have, each: as many as one has on average. */
  #tests({ codes }: RuleRecords, quick: QuickTests): Uint8Array {
    const tests = new Uint8Array(this.#keys.size)
    for (let key = 0; key < tests.length; key++) {
      const count = this.#lists.get(key * LIST_WORDS + 2)
      if (count < QuickTest.Candidates) continue
      let sum = 0
      for (let at = this.#lists.get(key * LIST_WORDS); at !== 0; at = this.#candidates.get(at + 1)) {
        sum += quick.countOf(codes[this.#candidates.get(at)]!)
      }
      tests[key] = Math.ceil(sum / count)
    }
    return tests
  }

  /** Of each key how many words its candidates take, with their quick tests and the nodes that are theirs alone. */
  #sizes({ codes }: RuleRecords, comparisons: SharedComparisons, tests: Uint8Array): Int32Array {
    const sizes = new Int32Array(this.#keys.size)
    for (let key = 0; key < sizes.length; key++) {
      let size = 0
      for (let at = this.#lists.get(key * LIST_WORDS); at !== 0; at = this.#candidates.get(at + 1)) {
        size += RECORD_WORDS + tests[key]! * TEST_WORDS + nodeWords(codes[this.#candidates.get(at)]!, comparisons)
      }
      sizes[key] = size
    }
    return sizes
  }

  /**
   * The rules of a key: the strongest first, as weaker ones need not be evaluated once one of these applies; else in the order of the
   * document.
   */
  #strongestFirst(key: number, { packed, ranks }: RuleRecords): readonly number[] {
    const list: number[] = []
    for (let at = this.#lists.get(key * LIST_WORDS); at !== 0; at = this.#candidates.get(at + 1)) {
      list.push(this.#candidates.get(at))
    }
    const strength = (rule: number) => (packed[rule]! >>> 16) & 0xff
    return list.sort((one, other) => ranks[other]! - ranks[one]! || strength(other) - strength(one))
  }

  #signatures(): Words {
    const words = new Words()
    const masks = new Set<number>()
    for (let number = 0; number < this.#keys.size; number++) masks.add(this.#keys.partOf(number, 0))
    for (const mask of [...masks].sort((a, b) => a - b)) words.push(mask)
    return words
  }

  /** Writes a key, and its candidates with what follows them. Returns where the block is, in words. */
  #writeBlock(key: number, writing: Writing): number {
    const { blocks, blockWords, candidates, rules, comparisons, quick } = writing
    const count = this.#lists.get(key * LIST_WORDS + 2)
    const size = writing.sizes[key]!
    const tests = writing.tests[key]!
    const block = blocks.reserve(blockWords)
    const mask = this.#keys.partOf(key, 0) | (tests << MaskBits.QuickTests)
    blocks.set(block + Block.MaskAndCount, mask | (count << MaskBits.Count))
    this.#keys.writeParts(key, blocks, block + Block.Action)
    const isOwn = size <= blockWords - Block.Own
    const section = isOwn ? Section.Blocks : Section.Candidates
    const words = isOwn ? blocks : candidates
    let at = isOwn ? block + Block.Own : candidates.reserve(size)
    blocks.setAddress(block + Block.Candidates, section, at * 4)
    let test = at + count * RECORD_WORDS
    let node = test + count * tests * TEST_WORDS
    for (const rule of this.#strongestFirst(key, rules)) {
      const code = rules.codes[rule]!
      if (code.joined !== undefined) {
        words.setAddress(at + Candidate.Code, section, node * 4)
        comparisons.writeJoined(code.joined, words, node)
        node += nodeWords(code, comparisons)
      } else if (code.section !== undefined) words.setAddress(at + Candidate.Code, code.section, code.offset ?? 0)
      if (tests > 0) quick.write(code, tests, words, test)
      test += tests * TEST_WORDS
      words.set(at + Candidate.Rule, rule)
      words.set(at + Candidate.Packed, rules.packed[rule]!)
      words.set(at + Candidate.Rank, rules.ranks[rule]!)
      at += RECORD_WORDS
    }
    return block
  }
}

/** What blocks are written with, and to. */
interface Writing {
  readonly blocks: Words
  readonly blockWords: number
  readonly candidates: Words
  readonly rules: RuleRecords
  readonly comparisons: SharedComparisons
  readonly quick: QuickTests
  readonly tests: Uint8Array
  readonly sizes: Int32Array
}

/** How many words of nodes stand beside a rule's candidate. */
function nodeWords({ joined }: RuleCode, comparisons: SharedComparisons): number {
  return joined === undefined ? 0 : comparisons.joinedWords(joined)
}

/** How many lines a block has: so many that it all takes the least, where a list beside it, which is waited for, counts as much as lines. */
function linesFor(sizes: Int32Array): number {
  /** By lines of a block that would have room: how many keys there are, and what their candidates take. */
  const keys = new Float64Array(Block.MostLines + 2)
  const words = new Float64Array(Block.MostLines + 2)
  for (let key = 0; key < sizes.length; key++) {
    const lines = Math.min(Math.ceil((Block.Own + sizes[key]!) / LINE_WORDS), Block.MostLines + 1)
    keys[lines]!++
    words[lines]! += sizes[key]!
  }
  let best = 1
  let least = Number.POSITIVE_INFINITY
  let besideKeys = sizes.length
  let besideWords = words.reduce((sum, one) => sum + one, 0)
  for (let lines = 1; lines <= Block.MostLines; lines++) {
    besideKeys -= keys[lines]!
    besideWords -= words[lines]!
    const all = sizes.length * lines * LINE_WORDS + besideWords + besideKeys * WAIT_WORDS
    if (all >= least) continue
    best = lines
    least = all
  }
  return best
}

const LINE_WORDS = Block.Line / 4
/** What one wait for memory may cost: four lines. */
const WAIT_WORDS = 4 * LINE_WORDS
/** Of a candidate as the image has it. */
const RECORD_WORDS = Layout.CandidateSize / 4
const TEST_WORDS = QuickTest.Size / 4
const CANDIDATE_WORDS = 2
const LIST_WORDS = 3
