import { Layout, Section, Tag } from '../../assembly/abi.ts'
import type { AttributeValue } from '../policy/document.ts'
import type { StringTable } from './strings.ts'
import { Words } from './words.ts'

/** What the items of a list attribute are read for: paths into each item, the empty one (the item itself) first. */
export type ItemPaths = readonly (readonly (string | number)[])[]

const ITEM_ITSELF: ItemPaths = [[]]

/** The cell section: constants of conditions and stored attributes, equal ones once. A list's items follow the list. */
export class CellTable {
  readonly words = new Words()
  readonly #strings: StringTable
  readonly #known = new Map<string, number>()

  constructor(strings: StringTable) {
    this.#strings = strings
  }

  /** The offset of a cell that holds the value; items of a list carry the cells of `itemPaths` behind them. */
  offsetOf(value: AttributeValue, itemPaths: ItemPaths = ITEM_ITSELF): number {
    const key = `${JSON.stringify(value)} ${itemPaths === ITEM_ITSELF ? '' : JSON.stringify(itemPaths)}`
    const known = this.#known.get(key)
    if (known !== undefined) return known
    const index = this.#reserve(1)
    this.#fill(index, value, itemPaths)
    const offset = index * 4
    this.#known.set(key, offset)
    return offset
  }

  /** The offset of a cell that says: not there. */
  missing(): number {
    const known = this.#known.get('missing')
    if (known !== undefined) return known
    const index = this.#reserve(1)
    this.words.set(index, Tag.Missing)
    this.#known.set('missing', index * 4)
    return index * 4
  }

  #reserve(cells: number): number {
    const index = this.words.length
    for (let i = 0; i < (cells * Layout.CellSize) / 4; i++) this.words.push(0)
    return index
  }

  #fill(index: number, value: AttributeValue | undefined, itemPaths: ItemPaths): void {
    if (value === undefined) this.words.set(index, Tag.Missing)
    else if (value === null) this.words.set(index, Tag.Null)
    else if (typeof value === 'boolean') this.#set(index, Tag.Boolean, value ? 1 : 0)
    else if (typeof value === 'string') this.#set(index, Tag.String, this.#strings.intern(value))
    else if (typeof value === 'number') this.#fillNumber(index, value)
    else if (isList(value)) this.#fillList(index, value, itemPaths)
    else this.words.set(index, Tag.Map)
  }

  #set(index: number, tag: Tag, aux: number): void {
    this.words.set(index, tag)
    this.words.set(index + 1, aux)
  }

  #fillNumber(index: number, value: number): void {
    const bits = new DataView(new ArrayBuffer(8))
    bits.setFloat64(0, value, true)
    this.words.set(index, Tag.Number)
    this.words.set(index + 2, bits.getUint32(0, true))
    this.words.set(index + 3, bits.getUint32(4, true))
  }

  #fillList(index: number, items: readonly AttributeValue[], itemPaths: ItemPaths): void {
    const cellWords = Layout.CellSize / 4
    this.#set(index, Tag.List, items.length)
    if (items.length === 0) return
    const first = this.#reserve(items.length * itemPaths.length)
    this.words.setAddress(index + 2, Section.Cells, first * 4)
    this.words.set(index + 3, itemPaths.length * Layout.CellSize)
    items.forEach((item, i) => {
      itemPaths.forEach((path, j) => {
        this.#fill(first + (i * itemPaths.length + j) * cellWords, valueAt(item, path), ITEM_ITSELF)
      })
    })
  }
}

function isList(value: AttributeValue): value is readonly AttributeValue[] {
  return Array.isArray(value)
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
