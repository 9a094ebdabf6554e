/** The rule index: buckets by key, and for each a block of candidates and conditions, in the order of the buckets' first rule. */
import { Section } from '../../assembly/abi/image.ts'
import { Layout } from '../../assembly/abi/memory.ts'
import { Block, Bucket, Candidate, MaskBits } from '../../assembly/abi/rules.ts'
import { hashKeys, tableSize } from './hash.ts'
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

interface Entry {
  readonly hash: number
  readonly block: number
}

export class RuleIndex {
  readonly #buckets = new Map<string, { key: IndexKey; candidates: CandidateRecord[] }>()

  add(keys: readonly IndexKey[], candidate: CandidateRecord): void {
    for (const key of keys) {
      const id = `${key.mask} ${key.keys.join(' ')}`
      const bucket = this.#buckets.get(id)
      if (bucket === undefined) this.#buckets.set(id, { key, candidates: [candidate] })
      else bucket.candidates.push(candidate)
    }
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
    const size = tableSize(this.#buckets.size)
    const table: (Entry | undefined)[] = new Array(size).fill(undefined)
    for (const { key, candidates } of this.#buckets.values()) {
      const block = writeBlock(rules, key, candidates, codeOf, needs)
      const hash = hashKeys([key.mask, ...key.keys])
      let slot = hash & (size - 1)
      while (table[slot] !== undefined) slot = (slot + 1) & (size - 1)
      table[slot] = { hash, block }
    }
    return { buckets: encodeTable(table), signatures: this.#signatures(), needs: needs.words }
  }

  #signatures(): Words {
    const words = new Words()
    const masks = new Set([...this.#buckets.values()].map(({ key }) => key.mask))
    for (const mask of [...masks].sort((a, b) => a - b)) words.push(mask)
    return words
  }
}

/** Writes keys, candidates and the conditions that are not written yet. Returns the block's offset. */
function writeBlock(
  rules: Words,
  key: IndexKey,
  candidates: readonly CandidateRecord[],
  codeOf: (rule: number) => RuleCode,
  needs: NeedLists,
): number {
  const header = rules.length
  const first = header + Block.HeaderSize / 4
  for (let i = header; i < first + (candidates.length * Layout.CandidateSize) / 4; i++) rules.push(0)
  const codeStart = rules.offset
  const slots = new Set<number>()
  candidates.forEach(({ rule, packed, rank }, i) => {
    const at = first + (i * Layout.CandidateSize) / 4
    const code = codeOf(rule)
    for (const slot of code.slots) slots.add(slot)
    if (code.offset !== undefined) rules.setAddress(at + Candidate.Code, Section.Rules, code.offset)
    rules.set(at + Candidate.Rule, rule)
    rules.set(at + Candidate.Packed, packed)
    rules.set(at + Candidate.Rank, rank)
  })
  rules.set(header + Block.MaskAndCount, (key.mask | (candidates.length << MaskBits.Count)) >>> 0)
  key.keys.forEach((one, i) => {
    rules.set(header + Block.Action + i, one)
  })
  rules.setAddress(header + Block.Needs, Section.Needs, needs.offsetOf([...slots]))
  rules.set(header + Block.CodeBytes, rules.offset - codeStart)
  return header * 4
}

/** Lists of slots, equal ones once. */
class NeedLists {
  readonly words = new Words()
  readonly #offsets = new Map<string, number>()

  offsetOf(slots: readonly number[]): number {
    const sorted = [...slots].sort((a, b) => a - b)
    const id = sorted.join()
    const known = this.#offsets.get(id)
    if (known !== undefined) return known
    const offset = this.words.offset
    this.#offsets.set(id, offset)
    this.words.push(sorted.length)
    for (const slot of sorted) this.words.push(slot)
    return offset
  }
}

function encodeTable(table: readonly (Entry | undefined)[]): Words {
  const words = new Words()
  for (const entry of table) {
    const at = words.length
    for (let i = 0; i < Layout.BucketSize / 4; i++) words.push(0)
    if (entry === undefined) continue
    words.set(at + Bucket.Hash, entry.hash)
    words.setAddress(at + Bucket.Block, Section.Rules, entry.block)
  }
  return words
}
