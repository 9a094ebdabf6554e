/** Checks of the rules as the index finds them: their conditions, then the blocks of candidates. */
import { Effect } from '../abi/decision'
import { Header, Section } from '../abi/image'
import { Layout } from '../abi/memory'
import { Block, Candidate, MaskBits } from '../abi/rules'
import { isMarked } from '../image'
import { sectionLength, sectionStart } from '../state'
import { joinedSize, prepareCodeChecks, validateComparisons, validateNodes } from './code'

export let candidateCount: u32 = 0

export function validateRules(): bool {
  prepareCodeChecks()
  const conditions = sectionStart(Section.Conditions)
  if (!validateComparisons() || !validateNodes(conditions, conditions + sectionLength(Section.Conditions))) return false
  return validateBlocks()
}

/** Blocks, each a line; what has no room there follows in their order, so that none is in two of them. */
function validateBlocks(): bool {
  ruleCount = load<u32>(Layout.ImageBase + (Header.RuleCount << 2))
  setCount = sectionLength(Section.Sets) >> 2
  candidateCount = 0
  next = sectionStart(Section.Candidates)
  const listsEnd = next + sectionLength(Section.Candidates)
  let at = sectionStart(Section.Blocks)
  const end = at + sectionLength(Section.Blocks)
  if ((at | end) & (Block.Size - 1)) return false
  for (; at < end; at += Block.Size) {
    const count = load<u32>(at, Block.MaskAndCount << 2) >> MaskBits.Count
    const own = at + (Block.Own << 2)
    if (!isMarked(Section.Needs, load<u32>(at, Block.Needs << 2))) return false
    if (load<u32>(at, Block.Candidates << 2) == own) {
      if (count != 1 || nodeBytes(own, at + (Block.OwnNode << 2), at + Block.Size) < 0) return false
    } else if (load<u32>(at, Block.Candidates << 2) != next || !validList(count, listsEnd)) return false
    candidateCount += count
  }
  return next == listsEnd
}

/** Where the next list of candidates is. */
let next: u32 = 0

/** A list of candidates, then the nodes that are theirs alone, in their order. */
function validList(count: u32, end: u32): bool {
  if (count == 0 || count > (end - next) / Layout.CandidateSize) return false
  let node = next + count * Layout.CandidateSize
  for (const first = node; next < first; next += Layout.CandidateSize) {
    const size = nodeBytes(next, node, end)
    if (size < 0) return false
    node += size
  }
  next = node
  return true
}

let ruleCount: u32 = 0
let setCount: u32 = 0

/** Checks a candidate. Returns how many bytes of nodes at `own` are its own, or -1. */
function nodeBytes(at: u32, own: u32, end: u32): i32 {
  const packed = load<u32>(at, Candidate.Packed << 2)
  if (load<u32>(at, Candidate.Rule << 2) >= ruleCount) return -1
  if ((packed & 0xff) >= setCount || ((packed >> 8) & 0xff) > <u32>Effect.Review) return -1
  if (((packed >> 16) & 0xff) - 1 > 2 || (packed >> 24) - 1 > 2) return -1
  const code = load<u32>(at, Candidate.Code << 2)
  if (code == 0 || isMarked(Section.Comparisons, code) || isMarked(Section.Conditions, code)) return 0
  const size = code == own ? joinedSize(own, end) : 0
  return size == 0 ? -1 : size
}
