import { CelTag } from '../../assembly/abi/cel.ts'
import { Tag } from '../../assembly/abi/frame.ts'
import { Section } from '../../assembly/abi/image.ts'
import { Layout } from '../../assembly/abi/memory.ts'
import type { AttributeValue, Scalar } from '../policy/document.ts'
import type { HeldRoleModel } from '../policy/model.ts'
import { folded } from '../policy/modifiers.ts'
import { foldCase } from '../text/fold.ts'
import { parseTime } from '../text/time.ts'
import type { StringTable } from './strings.ts'
import { Words } from './words.ts'

/** What the items of a list attribute are read for: paths into each item, the empty one (the item itself) first. */
export type ItemPaths = readonly ItemPath[]

/**
 * With `fold`, strings are stored folded; with `time`, those that are RFC 3339 times are stored as numbers; with `whole`,
 * lists and maps are stored with all that is in them.
 */
export interface ItemPath {
  readonly keys: readonly (string | number)[]
  readonly fold: boolean
  readonly time: boolean
  readonly whole: boolean
}

const ITEM_ITSELF: ItemPaths = [{ keys: [], fold: false, time: false, whole: false }]

/** The cell section: stored attributes, equal ones once. */
export class CellTable {
  readonly words = new Words()
  readonly #strings: StringTable
  readonly #known = new Map<string, number>()

  constructor(strings: StringTable) {
    this.#strings = strings
  }

  /** The offset of a cell with the value, undefined for "not there"; list items carry the cells of `itemPaths`. */
  offsetOf(value: AttributeValue | undefined, itemPaths: ItemPaths = ITEM_ITSELF): number {
    const key = `${JSON.stringify(value)} ${itemPaths === ITEM_ITSELF ? '' : JSON.stringify(itemPaths)}`
    const known = this.#known.get(key)
    if (known !== undefined) return known
    const offset = writeCells(this.words, Section.Cells, this.#strings, value, itemPaths)
    this.#known.set(key, offset)
    return offset
  }

  /** The offset of a cell with roles of which some are held on some resources only; see Tag.ScopedRoles. */
  scopedRolesOffset(roles: readonly HeldRoleModel[], itemPaths: ItemPaths = ITEM_ITSELF): number {
    const head = this.words.reserve(CELL_WORDS)
    this.words.set(head, Tag.ScopedRoles)
    this.words.set(head + 1, roles.length)
    this.words.setAddress(head + 2, Section.Cells, this.words.offset)
    this.words.set(head + 3, (itemPaths.length + 2) * Layout.CellSize)
    for (const { role, type, id } of roles) {
      // The parts of a name are what they are in any list of strings: missing.
      const parts = itemPaths.map((path) => (path.keys.length > 0 ? undefined : path.fold ? foldCase(role) : role))
      for (const part of [...parts, type, id]) {
        this.words.push(part === undefined ? Tag.Missing : Tag.String)
        this.words.push(part === undefined ? 0 : this.#strings.intern(part))
        this.words.push(0)
        this.words.push(0)
      }
    }
    return head * 4
  }

  /** The same with everything that is in lists and maps. */
  wholeOffsetOf(value: AttributeValue | undefined): number {
    const key = `${JSON.stringify(value)} whole`
    const known = this.#known.get(key)
    if (known !== undefined) return known
    const offset = writeWholeCells(this.words, this.#strings, value)
    this.#known.set(key, offset)
    return offset
  }
}

/** Appends a cell whose maps have their entries. */
function writeWholeCells(words: Words, strings: StringTable, value: AttributeValue | undefined): number {
  const index = reserveCells(words, 1)
  fillWhole(words, strings, index, value)
  return index * 4
}

function reserveCells(words: Words, cells: number): number {
  return words.reserve(cells * CELL_WORDS)
}

function fillWhole(words: Words, strings: StringTable, at: number, value: AttributeValue | undefined): void {
  const fill = (index: number, one: AttributeValue | undefined): void => {
    if (one === null || typeof one !== 'object') writeScalar(words, strings, index, one)
    else {
      const list = isList(one)
      const parts = list ? one : Object.entries(one).flat()
      words.set(index, list ? Tag.List : CelTag.Map)
      words.set(index + 1, list ? parts.length : parts.length / 2)
      if (parts.length === 0) return
      const first = reserveCells(words, parts.length)
      words.setAddress(index + 2, Section.Cells, first * 4)
      words.set(index + 3, list ? Layout.CellSize : 0)
      parts.forEach((part, i) => {
        fill(first + i * CELL_WORDS, part)
      })
    }
  }
  fill(at, value)
}

function writeScalar(words: Words, strings: StringTable, index: number, value: Scalar | undefined): void {
  const set = (tag: Tag, aux = 0): void => {
    words.set(index, tag)
    words.set(index + 1, aux)
  }
  if (value === undefined) set(Tag.Missing)
  else if (value === null) set(Tag.Null)
  else if (typeof value === 'boolean') set(Tag.Boolean, value ? 1 : 0)
  else if (typeof value === 'string') set(Tag.String, strings.intern(value))
  else {
    set(Tag.Number)
    words.setNumber(index + 2, value)
  }
}

/** Appends a cell with the value to a section, a list's items after the list, and returns the cell's offset. */
export function writeCells(
  words: Words,
  section: Section,
  strings: StringTable,
  value: AttributeValue | undefined,
  itemPaths: ItemPaths = ITEM_ITSELF,
): number {
  const set = (index: number, tag: Tag, aux = 0): void => {
    words.set(index, tag)
    words.set(index + 1, aux)
  }
  const fill = (index: number, one: AttributeValue | undefined, paths: ItemPaths): void => {
    if (one === undefined || one === null || typeof one !== 'object') writeScalar(words, strings, index, one)
    else if (isList(one)) fillList(index, one, paths)
    else set(index, Tag.Map)
  }
  const fillList = (index: number, items: readonly AttributeValue[], paths: ItemPaths): void => {
    set(index, Tag.List, items.length)
    if (items.length === 0) return
    const first = reserveCells(words, items.length * paths.length)
    words.setAddress(index + 2, section, first * 4)
    words.set(index + 3, paths.length * Layout.CellSize)
    items.forEach((item, i) => {
      paths.forEach((path, j) => {
        const part = first + (i * paths.length + j) * CELL_WORDS
        const found = modified(valueAt(item, path.keys), path)
        if (path.whole) fillWhole(words, strings, part, found)
        else fill(part, found, ITEM_ITSELF)
      })
    })
  }
  const index = reserveCells(words, 1)
  fill(index, value, itemPaths)
  return index * 4
}

const CELL_WORDS = Layout.CellSize / 4

function isList(value: AttributeValue): value is readonly AttributeValue[] {
  return Array.isArray(value)
}

/** A stored value as the host would write it into a slot with these modifiers. What policies say is trusted. */
export function modified(
  value: AttributeValue | undefined,
  { fold, time }: { readonly fold?: boolean; readonly time?: boolean },
): AttributeValue | undefined {
  const text = fold && value !== undefined ? folded(value) : value
  return time && typeof text === 'string' ? (parseTime(text) ?? text) : text
}

/** The value at a path of own keys and list indexes, or undefined where there is none. */
export function valueAt(value: AttributeValue, keys: readonly (string | number)[]): AttributeValue | undefined {
  let current: AttributeValue = value
  for (const key of keys) {
    if (current === null || typeof current !== 'object') return undefined
    if (isList(current) !== (typeof key === 'number') || !Object.hasOwn(current, key)) return undefined
    const next: AttributeValue | undefined = (current as Readonly<Record<string | number, AttributeValue>>)[key]
    if (next === undefined) return undefined
    current = next
  }
  return current
}
