/** The rule index: buckets by key, candidates contiguous per bucket in the order of the buckets' first rule. */
import { Bucket, Layout, MaskBits, Section } from '../../assembly/abi.ts'
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
  /** Offset in the code section; undefined for a rule that always applies. */
  readonly offset: number | undefined
  /** The frame slots that it reads, in order of first use. */
  readonly slots: readonly number[]
}

interface Entry {
  readonly key: IndexKey
  readonly start: number
  readonly count: number
  readonly needs: number
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

  /** The sections. `codeOf` is asked once per record, in order, so that code can be laid out as it will be read. */
  encode(
    codeOf: (rule: number) => RuleCode,
  ): Readonly<Record<'buckets' | 'candidates' | 'signatures' | 'needs', Words>> {
    const candidates = new Words()
    const needs = new NeedLists()
    const size = tableSize(this.#buckets.size)
    const table: (Entry | undefined)[] = new Array(size).fill(undefined)
    for (const { key, candidates: records } of this.#buckets.values()) {
      const start = candidates.offset
      const slots = new Set<number>()
      for (const { rule, packed, rank } of records) {
        const code = codeOf(rule)
        if (code.offset === undefined) candidates.push(0)
        else candidates.pushAddress(Section.Code, code.offset)
        for (const slot of code.slots) slots.add(slot)
        candidates.push(rule)
        candidates.push(packed)
        candidates.push(rank)
      }
      let slot = hashKeys([key.mask, ...key.keys]) & (size - 1)
      while (table[slot] !== undefined) slot = (slot + 1) & (size - 1)
      table[slot] = { key, start, count: records.length, needs: needs.offsetOf([...slots]) }
    }
    return { buckets: encodeTable(table), candidates, signatures: this.#signatures(), needs: needs.words }
  }

  #signatures(): Words {
    const words = new Words()
    const masks = new Set([...this.#buckets.values()].map(({ key }) => key.mask))
    for (const mask of [...masks].sort((a, b) => a - b)) words.push(mask)
    return words
  }
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
    words.set(at + Bucket.MaskAndCount, (entry.key.mask | (entry.count << MaskBits.Count)) >>> 0)
    entry.key.keys.forEach((key, i) => {
      words.set(at + Bucket.Action + i, key)
    })
    words.setAddress(at + Bucket.Start, Section.Candidates, entry.start)
    words.setAddress(at + Bucket.Needs, Section.Needs, entry.needs)
  }
  return words
}
