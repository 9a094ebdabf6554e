/** Checks of the rules as the index finds them: blocks of candidates, each followed by condition nodes. */
import { Effect } from '../abi/decision'
import { Header, Section } from '../abi/image'
import { Layout } from '../abi/memory'
import { Block, Candidate, MaskBits } from '../abi/rules'
import { isMarked, markBlock } from '../image'
import { sectionLength, sectionStart } from '../state'
import { prepareCodeChecks, validateNodes } from './code'

export let candidateCount: u32 = 0

/** Blocks back to back. The condition of a candidate is in its block or in one before it. */
export function validateRules(): bool {
  prepareCodeChecks()
  ruleCount = load<u32>(Layout.ImageBase + (Header.RuleCount << 2))
  setCount = sectionLength(Section.Sets) >> 2
  candidateCount = 0
  let at = sectionStart(Section.Rules)
  const end = at + sectionLength(Section.Rules)
  if ((end - at) & 3) return false
  while (at < end) {
    if (end - at < <u32>Block.HeaderSize) return false
    markBlock(at)
    const count = load<u32>(at, Block.MaskAndCount << 2) >> MaskBits.Count
    const codeBytes = load<u32>(at, Block.CodeBytes << 2)
    if (!isMarked(Section.Needs, load<u32>(at, Block.Needs << 2))) return false
    at += Block.HeaderSize
    if (count == 0 || count > (end - at) / Layout.CandidateSize) return false
    const code = at + count * Layout.CandidateSize
    if (codeBytes & 3 || codeBytes > end - code || !validateNodes(code, code + codeBytes)) return false
    const own: u32 = codeBytes == 0 ? 0 : code
    for (; at < code; at += Layout.CandidateSize) if (!validCandidate(at, own)) return false
    candidateCount += count
    at += codeBytes
  }
  return true
}

let ruleCount: u32 = 0
let setCount: u32 = 0

function validCandidate(at: u32, own: u32): bool {
  const code = load<u32>(at, Candidate.Code << 2)
  const packed = load<u32>(at, Candidate.Packed << 2)
  if (code != 0 && code != own && !isMarked(Section.Rules, code)) return false
  if (load<u32>(at, Candidate.Rule << 2) >= ruleCount) return false
  if ((packed & 0xff) >= setCount || ((packed >> 8) & 0xff) > <u32>Effect.Review) return false
  return ((packed >> 16) & 0xff) - 1 <= 2 && (packed >> 24) - 1 <= 2
}
