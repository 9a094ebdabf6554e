/** How the slots of an image are read from requests, prepared once per image. */
import { Slot } from '../../assembly/abi/frame.ts'
import { Section } from '../../assembly/abi/image.ts'
import { Layout } from '../../assembly/abi/memory.ts'
import { Dimension } from '../../assembly/abi/rules.ts'
import type { ItemSpec, Modifiers, SlotSpec } from '../compiler/slots.ts'
import type { Core } from './core.ts'
import type { ImageReader } from './image-reader.ts'
import { isInherited } from './own-property.ts'
import type { PropertyPlaces, RootPlaces } from './property-reader.ts'
import type { Path } from './value-at.ts'

/** How a value is written into a cell. */
export interface Reading {
  /** The core looks into strings: their bytes are written, too. */
  readonly text: boolean
  /** The core compares strings of the request with one another: equal ones get equal ids. */
  readonly identity: boolean
  /** For lists: what is written of each item, the item itself first. */
  readonly items: readonly ItemReading[]
  /** Strings have their bytes and no id of the image: nothing looks at it. */
  readonly byText: boolean
  /** Maps are written with their entries. */
  readonly whole: boolean
  /** A map is written as the list of its keys. */
  readonly range: boolean
}

export interface ItemReading extends Reading {
  readonly keys: readonly (string | number)[]
  /** The only key, when plain objects may be asked for it without further ado; see own-property.ts. */
  readonly key: string | undefined
  /** What the host makes of the value before it writes it; undefined for nothing. */
  readonly change: ((value: unknown, index: number) => unknown) | undefined
}

/**
 * Which object of the request a slot reads; `guarded` for names that every object inherits, and for what is rarely read:
 * action properties; `roles` is written with the parts, and once more as a list where a condition reads it; `derived` for
 * all that takes more than reading a property: see derived.ts.
 */
export const enum Source {
  Subject = 0,
  Resource = 1,
  Context = 2,
  Guarded = 3,
  Part = 4,
  Now = 5,
  Roles = 6,
  Derived = 7,
}

export interface SlotReading extends Reading {
  readonly slot: number
  /** The cell, as a i32 index. */
  readonly at: number
  readonly source: Source
  readonly root: SlotSpec['root']
  /** The property of the source; a fixed slot has none. */
  readonly key: string
  /** Where the property is in the reader. */
  readonly place: number
  /** The path below the property; undefined when the property itself is read. */
  readonly rest: Path | undefined
}

/** A path's first key, and those below it. */
export interface Trail {
  readonly place: number
  readonly rest: Path | undefined
}

/**
 * Where a path of keys is: its first one in one reader, those below in another. Nowhere without readers.
 *
 * @param root What the first key is a property of: equal roots share their places.
 */
export function trailOf(
  root: string,
  [key = '', ...keys]: SlotSpec['keys'],
  first?: PropertyPlaces,
  below?: PropertyPlaces,
): Trail {
  const place = first === undefined ? 0 : first.of(root, key)
  if (keys.length === 0) return { place, rest: undefined }
  const isDirect = keys.every((one) => typeof one === 'string' && !isInherited(one))
  return { place, rest: { keys, places: isDirect ? below && keys.map((one) => below.of(root, one)) : undefined } }
}

export function readingOf(
  spec: SlotSpec,
  slot: number,
  core: Core,
  places: RootPlaces,
  below: PropertyPlaces,
  change: ChangeItem,
): SlotReading {
  const { root, keys } = spec
  const source = sourceOf(spec, slot)
  // Only what is read without further ado has places.
  const first = places[source]
  const { place, rest } = trailOf(root, keys, first, first && below)
  return {
    slot,
    at: core.frame + (slot * Layout.CellSize) / 4,
    source,
    root,
    key: String(keys[0] ?? ''),
    place,
    rest,
    text: spec.text,
    identity: spec.identity,
    items: spec.whole ? (spec.identity ? WHOLE_WITH_IDENTITY : WHOLE) : itemReadings(spec, change),
    byText: false,
    whole: spec.whole === true,
    range: spec.range === true,
  }
}

/** Changes what is read of an item, for the list in the slot. */
export type ChangeItem = (spec: SlotSpec, item: ItemSpec, value: unknown, index: number) => unknown

/** Whether something of the slot takes more than reading a property. */
export function isDerived({ source, items }: SlotReading): boolean {
  return source === Source.Derived || items.some(({ change }) => change !== undefined)
}

function sourceOf(spec: SlotSpec, slot: number): Source {
  const { root } = spec
  if (slot === Slot.SubjectRoles) return Source.Roles
  if (root === 'now') return Source.Now
  if (root === 'chain' || root === 'state' || isModified(spec)) return Source.Derived
  if (slot < Layout.FixedSlots) return Source.Part
  // What tuples say is written by the core.
  if (root === 'tuple') return Source.Guarded
  if (root === 'action' || isInherited(String(spec.keys[0] ?? ''))) return Source.Guarded
  return root === 'subject' ? Source.Subject : root === 'resource' ? Source.Resource : Source.Context
}

export function isModified({ fold, trusted, time }: Modifiers): boolean {
  return fold === true || trusted === true || time === true
}

function itemReadings(spec: SlotSpec, changeItem: ChangeItem): readonly ItemReading[] {
  const { items, identity } = spec
  if (items === undefined) return identity ? NESTED_WITH_IDENTITY : NESTED
  return items.map((item, i) => {
    const known = item.identity || (i === 0 && identity)
    const nested = item.whole ? WHOLE : !known ? NESTED : item.text ? NESTED_WITH_BOTH : NESTED_WITH_IDENTITY
    const change = isModified(item)
      ? (value: unknown, index: number) => changeItem(spec, item, value, index)
      : undefined
    const { keys, text, whole = false } = item
    const byText = spec.range === true && spec.ids !== true && text && !known
    return { keys, key: plainKey(item), text, identity: known, items: nested, byText, whole, range: false, change }
  })
}

function plainKey({ keys }: ItemSpec): string | undefined {
  const [key, ...rest] = keys
  return typeof key === 'string' && rest.length === 0 && !isInherited(key) ? key : undefined
}

/** The items of a list inside a list, at any depth: they are only ever compared as they are. */
const NESTED = alike(false, false, false)
const NESTED_WITH_IDENTITY = alike(false, true, false)
/** Beside what a tuple says, whose strings are compared by their bytes. */
const NESTED_WITH_BOTH = alike(true, true, false)

/** What is in a list or map of which everything is written, the same at any depth. */
const WHOLE = alike(true, false, true)
const WHOLE_WITH_IDENTITY = alike(true, true, true)

/** Items that are read as they are, and what is in them likewise. */
function alike(text: boolean, identity: boolean, whole: boolean): readonly ItemReading[] {
  const items: ItemReading[] = []
  const byText = whole && !identity
  items.push({ keys: [], key: undefined, text, identity, items, byText, whole, range: false, change: undefined })
  return items
}

/**
 * The fixed slots that `match` reads: those by which the image files rules, and subject and resource when it knows
 * entities. Roles are always read, so that bad ones are refused whatever the policies are.
 */
export function keySlots(image: ImageReader): readonly Slot[] {
  const masks = image.words(Section.Signatures)
  let mask = 0
  for (let i = 0; i < masks.length; i++) mask |= masks[i]!
  const entities = image.section(Section.EntityBuckets).length > 0
  const slots: Slot[] = []
  if ((mask & Dimension.Action) !== 0 || image.section(Section.Routes).length > 0) slots.push(Slot.ActionName)
  if ((mask & Dimension.ResourceType) !== 0 || entities) slots.push(Slot.ResourceType)
  if ((mask & Dimension.ResourceId) !== 0 || entities) slots.push(Slot.ResourceId)
  if (entities) slots.push(Slot.SubjectType)
  if ((mask & Dimension.SubjectId) !== 0 || entities) slots.push(Slot.SubjectId)
  return slots
}
