/** All rules of an image, as its blocks have them: so that their targets need not be stored a second time. */
import { Id } from '../../assembly/abi/frame.ts'
import { Section } from '../../assembly/abi/image.ts'
import { Layout } from '../../assembly/abi/memory.ts'
import { Block, Candidate, Dimension, MaskBits } from '../../assembly/abi/rules.ts'
import type { Core } from './core.ts'
import type { ImageReader } from './image-reader.ts'
import { addressOf, blockBytes } from './image-sources.ts'

export interface RuleRecord {
  readonly rule: number
  /** Address of its condition, 0 for none; what of the target is not in the index is a part of it. */
  readonly code: number
  readonly packed: number
  readonly rank: number
  /** Address of a list of slots: count, then slots; all that the condition reads, and perhaps more. */
  readonly needs: number
  /** Per dimension of the index the keys under which the rule is filed; none where its target names nothing. */
  readonly keys: readonly (readonly number[])[]
}

/** How many dimensions the index has: action, resource type, resource id, subject id, role. */
export const DIMENSIONS = MaskBits.QuickTests

/** The rules by number. */
export function readRuleRecords(core: Core, image: ImageReader): readonly RuleRecord[] {
  const records = new Map<number, RuleRecord & { readonly keys: number[][] }>()
  const word = (address: number): number => core.i32[address >>> 2] ?? 0
  const blocks = addressOf(image, Section.Blocks)
  const end = blocks + image.section(Section.Blocks).length
  const size = blockBytes(image)
  for (let block = blocks; block < end; block += size) {
    const maskAndCount = word(block + Block.MaskAndCount * 4)
    const first = word(block + Block.Candidates * 4)
    const last = first + (maskAndCount >>> MaskBits.Count) * Layout.CandidateSize
    for (let at = first; at < last; at += Layout.CandidateSize) {
      const rule = word(at + Candidate.Rule * 4)
      const record = records.get(rule) ?? {
        rule,
        code: word(at + Candidate.Code * 4),
        packed: word(at + Candidate.Packed * 4),
        rank: word(at + Candidate.Rank * 4),
        needs: word(block + Block.Needs * 4),
        keys: Array.from({ length: DIMENSIONS }, () => []),
      }
      records.set(rule, record)
      for (let dimension = 0; dimension < DIMENSIONS; dimension++) {
        const key = word(block + (Block.Action + dimension) * 4)
        const keys = record.keys[dimension]!
        if ((maskAndCount & Dimension.All & (1 << dimension)) !== 0 && !keys.includes(key)) keys.push(key)
      }
    }
  }
  return [...records.values()].sort((a, b) => a.rule - b.rule)
}

/** Whether a key is one of a name and not of a pattern. */
export function isName(key: number): boolean {
  return key >= 0 && (key & Id.GlobKey) === 0
}
