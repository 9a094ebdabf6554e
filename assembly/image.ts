/**
 * Reading an image: everything that later code relies on is checked here, once. Damage is found by the checksum; the
 * rest keeps even an image with a good checksum from reaching outside its own bytes or from looping.
 */
import { Header, LoadFault, Magic, Section } from './abi/image'
import { Layout, Limit } from './abi/memory'
import { Block } from './abi/rules'
import { validateExpressions } from './cel/validate'
import { checksumHolds } from './checksum'
import { adopt, sectionLength, sectionStart } from './state'
import { largestScopedRoles, validateEntities, validateIndex, validateNeeds, validateRoutes } from './validate/rule-index'
import { validatePaths, validateReplies, validateRuleTexts } from './validate/json'
import { validateRoles, validateSeparations } from './validate/roles'
import { validateRelations, validateTupleConditions } from './validate/relations'
import { candidateCount, validateRules } from './validate/rules'
import { validateCells, validateCidrs, validateGlobs, validateStrings } from './validate/data'
import { clearMarks } from './validate/marks'
import { largestAutomaton, validateRegexes } from './validate/regex'
import { validateSchedules, validateZones } from './validate/time'

const HEADER_SIZE: u32 = (Header.Sections + Section.Count * 2) << 2

export function validate(length: u32): LoadFault {
  // Before the length: what is no image at all, a page that was fetched in its place say, has one by chance.
  if (header(Header.Magic) != Magic.Value) return LoadFault.Magic
  if (length < HEADER_SIZE || length & 15) return LoadFault.Truncated
  if (length > (<u32>memory.size() << 16) - Layout.ImageBase) return LoadFault.Truncated
  if (header(Header.Version) != Magic.Version) return LoadFault.Version
  if (header(Header.Length) != length) return LoadFault.Truncated
  if (!checksumHolds(Layout.ImageBase, length)) return LoadFault.Checksum
  if (!sectionsInOrder(length)) return LoadFault.Sections
  if (header(Header.SlotCount) - Layout.FixedSlots > <u32>(Limit.Slots - Layout.FixedSlots)) return LoadFault.Sections
  if (header(Header.RuleCount) > <u32>Limit.Rules || !hasCombine(header(Header.Combine))) return LoadFault.Sections
  if (!clearMarks(length, header(Header.SlotCount))) return LoadFault.Memory
  if (!validateStrings()) return LoadFault.Strings
  if (!validateCells()) return LoadFault.Cells
  if (!validateGlobs() || !validateRegexes() || !validateCidrs()) return LoadFault.Programs
  if (!validateZones() || !validateSchedules()) return LoadFault.Time
  const setBytes = sectionLength(Section.Sets)
  if (setBytes == 0 || setBytes & 3 || setBytes > <u32>Layout.MaxSets << 2) return LoadFault.Sets
  if (!validateRoles() || !validateSeparations()) return LoadFault.Roles
  if (!validateExpressions()) return LoadFault.Code
  if (!validateNeeds()) return LoadFault.Index
  if (!validateRelations()) return LoadFault.Relations
  if (!validateRules()) return LoadFault.Code
  if (!validateTupleConditions()) return LoadFault.Relations
  if (!validateIndex()) return LoadFault.Index
  if (!validateRoutes()) return LoadFault.Routes
  if (!validateEntities()) return LoadFault.Entities
  if (!validatePaths() || !validateReplies() || !validateRuleTexts()) return LoadFault.Paths
  adopt(candidateCount, largestAutomaton, largestScopedRoles)
  return LoadFault.None
}

function header(field: u32): u32 {
  return load<u32>(Layout.ImageBase + (field << 2))
}

function hasCombine(word: u32): bool {
  return (word & 0xff) <= 1 && (word >> 8) - 1 < <u32>Block.MostLines
}

function sectionsInOrder(length: u32): bool {
  let end: u32 = HEADER_SIZE
  for (let section: u32 = 0; section < <u32>Section.Count; section++) {
    const start = sectionStart(section) - Layout.ImageBase
    const size = sectionLength(section)
    if (start & 15 || start < end || start > length || size > length - start) return false
    end = start + size
  }
  return true
}
