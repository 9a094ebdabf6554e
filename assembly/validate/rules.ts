/** Checks of the rules as the index finds them: blocks of candidates, each followed by condition nodes. */
import { Effect } from '../abi/decision'
import { Header, Section } from '../abi/image'
import { Layout } from '../abi/memory'
import { Block, Candidate, MaskBits } from '../abi/rules'
import { BLOCKS, isMarked, mark } from '../image'
import { sectionLength, sectionStart } from '../state'
import { prepareCodeChecks, validateNodes } from './code'

export let candidateCount: u32 = 0

export function validateRules(): bool {
  prepareCodeChecks()
  return walkBlocks(false) && walkBlocks(true)
}

/** First the blocks and their nodes; then, when all nodes are known, the candidates that refer to them. */
function walkBlocks(candidates: bool): bool {
  let at = sectionStart(Section.Rules)
  const end = at + sectionLength(Section.Rules)
  if ((end - at) & 3) return false
  candidateCount = 0
  while (at < end) {
    if (end - at < <u32>Block.HeaderSize) return false
    const block = at
    const count = load<u32>(at, Block.MaskAndCount << 2) >> MaskBits.Count
    const codeBytes = load<u32>(at, Block.CodeBytes << 2)
    at += Block.HeaderSize
    if (count == 0 || count > (end - at) / Layout.CandidateSize) return false
    const code = at + count * Layout.CandidateSize
    if (codeBytes & 3 || codeBytes > end - code) return false
    if (candidates) {
      if (!isMarked(Section.Needs, load<u32>(block, Block.Needs << 2))) return false
      for (let one = at; one < code; one += Layout.CandidateSize) if (!validCandidate(one)) return false
    } else {
      mark(block, BLOCKS)
      if (!validateNodes(code, code + codeBytes)) return false
    }
    candidateCount += count
    at = code + codeBytes
  }
  return true
}

function validCandidate(at: u32): bool {
  const code = load<u32>(at, Candidate.Code << 2)
  const packed = load<u32>(at, Candidate.Packed << 2)
  if (code != 0 && !isMarked(Section.Rules, code)) return false
  if (load<u32>(at, Candidate.Rule << 2) >= load<u32>(Layout.ImageBase + (Header.RuleCount << 2))) return false
  if ((packed & 0xff) >= sectionLength(Section.Sets) >> 2 || ((packed >> 8) & 0xff) > <u32>Effect.Review) return false
  return ((packed >> 16) & 0xff) - 1 <= 2 && (packed >> 24) - 1 <= 2
}
