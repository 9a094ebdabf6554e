/** The rule index: buckets by key, and for each a block of candidates and conditions, in the order of the buckets' first rule. */
import { Section } from '../../assembly/abi/image.ts'
import { Layout } from '../../assembly/abi/memory.ts'
import { Block, Bucket, Candidate, MaskBits } from '../../assembly/abi/rules.ts'
import { hashKeys, tableSize } from './hash.ts'
import { NeedLists } from './need-lists.ts'
import { SlotSet } from './slot-set.ts'
import type { IndexKey } from './targets.ts'
import { Words } from './words.ts'

/** What a candidate record holds besides its code. */
export interface CandidateRecord {
  readonly rule: number
  readonly packed: number
  readonly rank: number
}

/** A rule's condition as written. */
export interface RuleCode {
  /** Offset in the section Rules; undefined for a rule that always applies. */
  readonly offset: number | undefined
  /** The frame slots that it reads, in order of first use. */
  readonly slots: readonly number[]
}

/** A key with its candidates. */
interface KeyBucket {
  readonly key: IndexKey
  readonly hash: number
  readonly candidates: CandidateRecord[]
  /** Another key with the same hash. */
  readonly next: KeyBucket | undefined
}

export class RuleIndex {
  /** In the order of their first candidates. */
  readonly #buckets: KeyBucket[] = []
  readonly #byHash = new Map<number, KeyBucket>()

  add(keys: readonly IndexKey[], candidate: CandidateRecord): void {
    for (const key of keys) this.#bucketOf(key).candidates.push(candidate)
  }

  #bucketOf(key: IndexKey): KeyBucket {
    const hash = hashKeys(key)
    // Signed, as engines keep numbers of 32 bits in place only with their sign.
    const first = this.#byHash.get(hash | 0)
    for (let known = first; known !== undefined; known = known.next) if (areEqual(known.key, key)) return known
    const bucket = { key, hash, candidates: [], next: first }
    this.#byHash.set(hash | 0, bucket)
    this.#buckets.push(bucket)
    return bucket
  }

  /**
   * The sections. `rules` is where `codeOf` writes conditions; it is asked once per record, in order, so that a rule's
   * condition stands behind the first block that the rule is in.
   */
  encode(
    rules: Words,
    codeOf: (rule: number) => RuleCode,
  ): Readonly<Record<'buckets' | 'signatures' | 'needs', Words>> {
    const needs = new NeedLists()
    const slots = new SlotSet()
    const size = tableSize(this.#buckets.length)
    const buckets = new Words()
    buckets.reserve(size * BUCKET_WORDS)
    const taken = new Uint8Array(size)
    for (const { key, hash, candidates } of this.#buckets) {
      const block = writeBlock(rules, key, candidates, { codeOf, needs, slots })
      let slot = hash & (size - 1)
      while (taken[slot] !== 0) slot = (slot + 1) & (size - 1)
      taken[slot] = 1
      buckets.set(slot * BUCKET_WORDS + Bucket.Hash, hash)
      buckets.setAddress(slot * BUCKET_WORDS + Bucket.Block, Section.Rules, block)
    }
    return { buckets, signatures: this.#signatures(), needs: needs.words }
  }

  #signatures(): Words {
    const words = new Words()
    const masks = new Set(this.#buckets.map(({ key }) => maskOf(key)))
    for (const mask of [...masks].sort((a, b) => a - b)) words.push(mask)
    return words
  }
}

const BUCKET_WORDS = Layout.BucketSize / 4

function maskOf(key: IndexKey): number {
  return key[0] ?? 0
}

function areEqual(a: IndexKey, b: IndexKey): boolean {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false
  return true
}

interface BlockTools {
  readonly codeOf: (rule: number) => RuleCode
  readonly needs: NeedLists
  /** For the slots of one block. */
  readonly slots: SlotSet
}

/** Writes keys, candidates and the conditions that are not written yet. Returns the block's offset. */
function writeBlock(
  rules: Words,
  key: IndexKey,
  candidates: readonly CandidateRecord[],
  { codeOf, needs, slots }: BlockTools,
): number {
  const candidateWords = Layout.CandidateSize / 4
  const header = rules.reserve(Block.HeaderSize / 4 + candidates.length * candidateWords)
  const codeStart = rules.offset
  let at = header + Block.HeaderSize / 4
  slots.clear()
  for (const { rule, packed, rank } of candidates) {
    const code = codeOf(rule)
    for (const slot of code.slots) slots.add(slot)
    if (code.offset !== undefined) rules.setAddress(at + Candidate.Code, Section.Rules, code.offset)
    rules.set(at + Candidate.Rule, rule)
    rules.set(at + Candidate.Packed, packed)
    rules.set(at + Candidate.Rank, rank)
    at += candidateWords
  }
  rules.set(header + Block.MaskAndCount, (maskOf(key) | (candidates.length << MaskBits.Count)) >>> 0)
  for (let i = 1; i < key.length; i++) rules.set(header + Block.Action + i - 1, key[i] ?? 0)
  rules.setAddress(header + Block.Needs, Section.Needs, needs.offsetOf(slots))
  rules.set(header + Block.CodeBytes, rules.offset - codeStart)
  return header * 4
}
