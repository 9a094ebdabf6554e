/** Putting sections together: header, aligned sections in order, checksum. */
import { Header, Magic, Section } from '../../assembly/abi/image.ts'
import { Block } from '../../assembly/abi/rules.ts'
import { writeChecksum } from './checksum.ts'
import type { Words } from './words.ts'

const HEADER_BYTES = (Header.Sections + Section.Count * 2) * 4

export interface ImageParts {
  readonly slotCount: number
  readonly ruleCount: number
  readonly combine: number
  /** Of how many lines the blocks of the rule index are. */
  readonly blockLines: number
  /** By Section number. */
  readonly sections: readonly (Words | Uint8Array)[]
}

export function assembleImage({
  slotCount,
  ruleCount,
  combine,
  blockLines,
  sections,
}: ImageParts): Uint8Array<ArrayBuffer> {
  const offsets: number[] = []
  let end = HEADER_BYTES
  for (const section of sections) {
    end = align(end, offsets.length === Section.Blocks ? Block.Line : 16)
    offsets.push(end)
    end += lengthOf(section)
  }
  const image = new Uint8Array(align(end, 16))
  const header = new Int32Array(image.buffer)
  header[Header.Magic] = Magic.Value
  header[Header.Version] = Magic.Version
  header[Header.Length] = image.length
  header[Header.SlotCount] = slotCount
  header[Header.RuleCount] = ruleCount
  header[Header.Combine] = combine | (blockLines << 8)
  sections.forEach((section, i) => {
    image.set(section instanceof Uint8Array ? section : section.resolve(offsets), offsets[i])
    header[Header.Sections + i * 2] = offsets[i] ?? 0
    header[Header.Sections + i * 2 + 1] = lengthOf(section)
  })
  writeChecksum(header)
  return image
}

function lengthOf(section: Words | Uint8Array): number {
  return section instanceof Uint8Array ? section.length : section.offset
}

function align(offset: number, unit: number): number {
  return (offset + unit - 1) & -unit
}
