/** The rule index: buckets by key, candidates contiguous per bucket in the order of the buckets' first rule. */
import { Bucket, Layout, Section } from '../../assembly/abi.ts'
import { hashKeys, tableSize } from './hash.ts'
import type { IndexKey } from './targets.ts'
import { Words } from './words.ts'

/** What a candidate record holds; `code` is an offset in the code section, or undefined for a rule that always applies. */
export interface CandidateRecord {
  readonly rule: number
  readonly packed: number
  readonly rank: number
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
  encode(codeOf: (rule: number) => number | undefined): { buckets: Words; candidates: Words; signatures: Words } {
    const candidates = new Words()
    const size = tableSize(this.#buckets.size)
    const table: ({ key: IndexKey; start: number; count: number } | undefined)[] = new Array(size).fill(undefined)
    for (const { key, candidates: records } of this.#buckets.values()) {
      const start = candidates.offset
      for (const { rule, packed, rank } of records) {
        const code = codeOf(rule)
        if (code === undefined) candidates.push(0)
        else candidates.pushAddress(Section.Code, code)
        candidates.push(rule)
        candidates.push(packed)
        candidates.push(rank)
      }
      let slot = hashKeys([key.mask, ...key.keys]) & (size - 1)
      while (table[slot] !== undefined) slot = (slot + 1) & (size - 1)
      table[slot] = { key, start, count: records.length }
    }
    return { buckets: encodeTable(table), candidates, signatures: this.#signatures() }
  }

  #signatures(): Words {
    const words = new Words()
    const masks = new Set([...this.#buckets.values()].map(({ key }) => key.mask))
    for (const mask of [...masks].sort((a, b) => a - b)) words.push(mask)
    return words
  }
}

function encodeTable(table: readonly ({ key: IndexKey; start: number; count: number } | undefined)[]): Words {
  const words = new Words()
  for (const entry of table) {
    const at = words.length
    for (let i = 0; i < Layout.BucketSize / 4; i++) words.push(0)
    if (entry === undefined) continue
    words.set(at + Bucket.Mask, entry.key.mask)
    entry.key.keys.forEach((key, i) => {
      words.set(at + Bucket.Action + i, key)
    })
    words.setAddress(at + Bucket.Start, Section.Candidates, entry.start)
    words.set(at + Bucket.Count, entry.count)
  }
  return words
}
