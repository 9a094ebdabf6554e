/** The rule index: buckets by key, and for each a block of candidates and conditions, in the order of the buckets' first rule. */
import { Section } from '../../assembly/abi/image.ts'
import { Layout } from '../../assembly/abi/memory.ts'
import { Block, Bucket, Candidate, MaskBits } from '../../assembly/abi/rules.ts'
import { tableSize } from './hash.ts'
import { KeyTable } from './key-table.ts'
import { NeedLists } from './need-lists.ts'
import { SlotSet } from './slot-set.ts'
import type { IndexKey } from './targets.ts'
import { Words } from './words.ts'

/** What of the rules goes into candidates, by number of the rule. */
export interface RuleRecords {
  readonly packed: Uint32Array
  readonly ranks: Uint32Array
  /** Writes a rule's condition where it was not written before. */
  readonly codeOf: (rule: number) => RuleCode
}

/** A rule's condition as written. */
export interface RuleCode {
  /** Offset in the section Rules; undefined for a rule that always applies. */
  readonly offset: number | undefined
  /** The frame slots that it reads, in order of first use; equal lists are the same one. */
  readonly slots: readonly number[]
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
   * The sections. `code` is where `codeOf` writes conditions; it is asked once per candidate, in order, so that a rule's
   * condition stands behind the first block that the rule is in.
   */
  encode(code: Words, rules: RuleRecords): Readonly<Record<'buckets' | 'signatures' | 'needs', Words>> {
    const tools = { code, rules, needs: new NeedLists(), slots: new SlotSet() }
    const count = this.#keys.size
    const size = tableSize(count)
    const buckets = new Words(size * BUCKET_WORDS)
    buckets.reserve(size * BUCKET_WORDS)
    const taken = new Uint8Array(size)
    for (let number = 0; number < count; number++) {
      const block = this.#writeBlock(number, tools)
      const hash = this.#keys.hashOf(number)
      let slot = hash & (size - 1)
      while (taken[slot] !== 0) slot = (slot + 1) & (size - 1)
      taken[slot] = 1
      buckets.set(slot * BUCKET_WORDS + Bucket.Hash, hash)
      buckets.setAddress(slot * BUCKET_WORDS + Bucket.Block, Section.Rules, block)
    }
    return { buckets, signatures: this.#signatures(), needs: tools.needs.words }
  }

  #signatures(): Words {
    const words = new Words()
    const masks = new Set<number>()
    for (let number = 0; number < this.#keys.size; number++) masks.add(this.#keys.partOf(number, 0))
    for (const mask of [...masks].sort((a, b) => a - b)) words.push(mask)
    return words
  }

  /** Writes key, candidates and the conditions that are not written yet. Returns the block's offset. */
  #writeBlock(number: number, { code, rules, needs, slots }: BlockTools): number {
    const count = this.#lists.get(number * LIST_WORDS + 2)
    const header = code.reserve(Block.HeaderSize / 4 + count * RECORD_WORDS)
    const codeStart = code.offset
    let at = header + Block.HeaderSize / 4
    let read: readonly number[] | undefined
    let candidate = this.#lists.get(number * LIST_WORDS)
    if (count > 1) slots.clear()
    for (; candidate !== 0; candidate = this.#candidates.get(candidate + 1)) {
      const rule = this.#candidates.get(candidate)
      const written = rules.codeOf(rule)
      read = written.slots
      if (count > 1) slots.addAll(read)
      if (written.offset !== undefined) code.setAddress(at + Candidate.Code, Section.Rules, written.offset)
      code.set(at + Candidate.Rule, rule)
      code.set(at + Candidate.Packed, rules.packed[rule] as number)
      code.set(at + Candidate.Rank, rules.ranks[rule] as number)
      at += RECORD_WORDS
    }
    code.set(header + Block.MaskAndCount, this.#keys.partOf(number, 0) | (count << MaskBits.Count))
    this.#keys.writeParts(number, code, header + Block.Action)
    const needed = count > 1 || read === undefined ? needs.offsetOfSet(slots) : needs.offsetOf(read)
    code.setAddress(header + Block.Needs, Section.Needs, needed)
    code.set(header + Block.CodeBytes, code.offset - codeStart)
    return header * 4
  }
}

interface BlockTools {
  readonly code: Words
  readonly rules: RuleRecords
  readonly needs: NeedLists
  /** For the slots of one block. */
  readonly slots: SlotSet
}

const BUCKET_WORDS = Layout.BucketSize / 4
/** Of a candidate as the image has it. */
const RECORD_WORDS = Layout.CandidateSize / 4
const CANDIDATE_WORDS = 2
const LIST_WORDS = 3
