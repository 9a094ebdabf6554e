/** Where the parts of Section.Paths are, and the working areas for reading requests as JSON. Set once by `placeJson`. */
import { Header, Section } from '../abi/image'
import { Layout } from '../abi/memory'
import { PathPart, PathSlot, PathTable } from '../abi/json'
import { sectionStart } from '../state'
import { Located } from './located'

export let paths: u32 = 0
export let pathNodes: u32 = 0
export let pathSlots: u32 = 0
export let pathParts: u32 = 0
export let pathKeys: u32 = 0
export let foldRuns: u32 = 0
export let foldCount: u32 = 0
export let nodeCount: u32 = 0

/** Hash table of the image's strings, a u32 each: id plus one; 0 is empty. */
export let stringTable: u32 = 0
export let stringMask: u32 = 0
/** Hash table of the nodes: see json/paths.ts. */
export let edgeTable: u32 = 0
export let edgeMask: u32 = 0
/** A record for each node: see Located. */
export let located: u32 = 0
/** Powers of ten, f64 each, and room for exact conversions. */
export let powers: u32 = 0
export let bigWork: u32 = 0

/** The field of the header of Section.Paths. */
// @ts-ignore: decorator
@inline
export function pathField(field: u32): u32 {
  return load<u32>(paths + (field << 2))
}

/** The key of a node. */
// @ts-ignore: decorator
@inline
export function nodeKey(node: u32): u32 {
  return load<u32>(pathNodes + (node << 3), 4)
}

// @ts-ignore: decorator
@inline
export function slotField(slot: u32, field: u32): u32 {
  return load<u32>(pathSlots + slot * (PathSlot.Words << 2) + (field << 2))
}

// @ts-ignore: decorator
@inline
export function partField(part: u32, field: u32): u32 {
  return load<u32>(part + (field << 2))
}

/** A power of two, so that at most five eighths are full. */
function tableSize(entries: u32): u32 {
  let size: u32 = 1
  while (<u64>size * 5 < (<u64>entries + 1) * 8) size <<= 1
  return size
}

/** Takes the areas from `at` on; returns where they end. */
export function placeJson(at: u32, stringCount: u32): u32 {
  const slots = load<u32>(Layout.ImageBase + (Header.SlotCount << 2))
  paths = sectionStart(Section.Paths)
  nodeCount = pathField(PathTable.NodeCount)
  foldCount = pathField(PathTable.FoldCount)
  pathNodes = paths + (PathTable.HeaderWords << 2)
  pathSlots = pathNodes + (nodeCount << 3)
  pathParts = pathSlots + slots * (PathSlot.Words << 2)
  pathKeys = pathParts + pathField(PathTable.PartCount) * (PathPart.Words << 2)
  foldRuns = pathKeys + (pathField(PathTable.KeyCount) << 2)

  const strings = tableSize(stringCount)
  stringTable = at
  stringMask = strings - 1
  at += (strings << 2) + 15 & ~15
  const edges = tableSize(nodeCount)
  edgeTable = at
  edgeMask = edges - 1
  at += edges << 5
  located = at
  at += nodeCount * Located.Size
  powers = at
  at += 192
  bigWork = at
  // Three numbers of BIG_BYTES.
  at += 3168
  return at
}
