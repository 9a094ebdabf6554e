/** Checks of the rules as the index finds them: their conditions, then the blocks of candidates. */
import { Effect } from '../abi/decision'
import { Header, Section } from '../abi/image'
import { Layout } from '../abi/memory'
import { Block, Candidate, MaskBits, QuickTest } from '../abi/rules'
import { isMarked } from './marks'
import { blockBytes, sectionLength, sectionStart } from '../state'
import { joinedSize, prepareCodeChecks, validateComparisons, validateNodes } from './code'

export let candidateCount: u32 = 0

export function validateRules(): bool {
  prepareCodeChecks()
  const conditions = sectionStart(Section.Conditions)
  if (!validateComparisons() || !validateNodes(conditions, conditions + sectionLength(Section.Conditions))) return false
  return validateBlocks()
}

/** Blocks; what has no room there follows in their order, so that none is in two of them. */
function validateBlocks(): bool {
  ruleCount = load<u32>(Layout.ImageBase + (Header.RuleCount << 2))
  setCount = sectionLength(Section.Sets) >> 2
  candidateCount = 0
  let next = sectionStart(Section.Candidates)
  const listsEnd = next + sectionLength(Section.Candidates)
  const size = blockBytes()
  frameBytes = load<u32>(Layout.ImageBase + (Header.SlotCount << 2)) * Layout.CellSize
  let at = sectionStart(Section.Blocks)
  const end = at + sectionLength(Section.Blocks)
  if (at & (Block.Line - 1) || (end - at) % size != 0) return false
  for (; at < end; at += size) {
    const word = load<u32>(at, Block.MaskAndCount << 2)
    const list = load<u32>(at, Block.Candidates << 2)
    if (!isMarked(Section.Needs, load<u32>(at, Block.Needs << 2))) return false
    if (list == at + (Block.Own << 2)) {
      if (listEnd(list, word, at + size) == 0) return false
    } else {
      if (list != next) return false
      next = listEnd(list, word, listsEnd)
      if (next == 0) return false
    }
    candidateCount += word >> MaskBits.Count
  }
  return next == listsEnd
}

/** Where a list of candidates ends, and behind it their quick tests and the nodes that are theirs alone, in their order; 0 when it is none. */
function listEnd(list: u32, word: u32, end: u32): u32 {
  const count = word >> MaskBits.Count
  const testBytes = ((word >> MaskBits.QuickTests) & 3) * QuickTest.Size
  if (count == 0 || count > (end - list) / (Layout.CandidateSize + testBytes)) return 0
  const first = list + count * Layout.CandidateSize
  let node = first
  for (const last = first + count * testBytes; node < last; node += QuickTest.Size) {
    if (load<u16>(node, QuickTest.Cell) >= frameBytes) return 0
  }
  for (let at = list; at < first; at += Layout.CandidateSize) {
    const size = nodeBytes(at, node, end)
    if (size < 0) return 0
    node += size
  }
  return node
}

let frameBytes: u32 = 0
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
