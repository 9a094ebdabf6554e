/** What explanations read of an image: where its sections lie in the core, and what its programs were written as. */
import { Combine } from '../../assembly/abi/decision.ts'
import { Header, Section } from '../../assembly/abi/image.ts'
import { Layout } from '../../assembly/abi/memory.ts'
import { Block } from '../../assembly/abi/rules.ts'
import type { Metadata } from '../compiler/metadata.ts'
import type { AttributeValue } from '../policy/document.ts'
import type { ImageReader } from './image-reader.ts'

/** Whether all sets must agree. */
export function combinesAll({ bytes }: ImageReader): boolean {
  return bytes[Header.Combine * 4] === Combine.All
}

/** Of how many bytes the blocks of the rule index are. */
export function blockBytes({ bytes }: ImageReader): number {
  return bytes[Header.Combine * 4 + 1]! * Block.Line
}

/** Where a section begins in the core's memory. */
export function addressOf(image: ImageReader, section: Section): number {
  return image.section(section).byteOffset - image.bytes.byteOffset + Layout.ImageBase
}

/** The source of the regex program at an address. */
export function regexSource(image: ImageReader, address: number): string {
  return named(image, image.metadata.regexes, Section.RegexPrograms, address) ?? ''
}

/** The name of the zone whose table is at an address. */
export function zoneName(image: ImageReader, address: number): string {
  return named(image, image.metadata.zones, Section.Zones, address) ?? ''
}

/** The keys of the document that the schedule at an address came from. */
export function scheduleSource(image: ImageReader, address: number): Readonly<Record<string, AttributeValue>> {
  return named(image, image.metadata.schedules, Section.Schedules, address) ?? {}
}

/** The source of the expression at an address. */
export function expressionSource(image: ImageReader, address: number): string {
  return expressionAt(image, address)?.[1] ?? ''
}

/** The nodes of the expression at an address, as offsets from its start. */
export function expressionNodes(image: ImageReader, address: number): readonly number[] {
  const [, , places = []] = expressionAt(image, address) ?? []
  return places.filter((_, i) => i % 3 === 0)
}

/** The part of its source that a node stands for; `offset` is from the start of the expression. */
export function expressionPart(image: ImageReader, address: number, offset: number): string {
  const [, source = '', places = []] = expressionAt(image, address) ?? []
  for (let i = 0; i < places.length; i += 3) {
    if (places[i] === offset) return source.slice(places[i + 1], places[i + 2])
  }
  return ''
}

function expressionAt(image: ImageReader, address: number): Metadata['expressions'][number] | undefined {
  const start = addressOf(image, Section.Expressions)
  return image.metadata.expressions.find(([offset]) => offset === address - start)
}

function named<T>(
  image: ImageReader,
  names: readonly (readonly [offset: number, name: T])[],
  section: Section,
  address: number,
): T | undefined {
  const start = addressOf(image, section)
  return names.find(([offset]) => offset === address - start)?.[1]
}
