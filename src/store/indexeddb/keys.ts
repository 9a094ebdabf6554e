/** Keys of IndexedDB. Arrays of them compare element by element, and an array is above every number and text. */
import { boundsOf } from '../memory/bounds.ts'
import { orderOf, type Search } from '../query.ts'
import type { Table, Value } from '../schema/table.ts'
import type { Fields } from '../values.ts'

/** Above whatever may follow. */
const END: IDBValidKey = []

/** What is kept of a row: itself, and its place in every index, where IndexedDB looks for it. */
export interface Entry {
  readonly row: Fields
  readonly by: Readonly<Record<string, IDBValidKey>>
}

export function entryOf(tenant: string, table: Table, row: Fields): Entry {
  const places = Object.keys(table.indexes).map((index) => [index, placeOf(tenant, orderOf(table, index), row)])
  return { row, by: Object.fromEntries(places) }
}

/** The path at which an index finds its key in an entry. */
export function pathOf(index: string): string {
  return `by.${index}`
}

/** @example placeOf('acme', table.key, { name: 'calls', window: 0 }) // ['acme', 'calls', 0] */
export function placeOf(tenant: string, order: readonly string[], fields: Fields): IDBValidKey[] {
  return [tenant, ...order.map((name) => fields[name]!)].map(part)
}

/**
 * Where the rows of a search can be; undefined: nowhere.
 *
 * @param compare `indexedDB.cmp`
 */
export function rangeOf(tenant: string, search: Search, compare: IDBFactory['cmp']): IDBKeyRange | undefined {
  const { order, where, descending, after } = search
  const { from, above, to, below } = boundsOf(order, where)
  let low = [tenant, ...from, ...(above === undefined ? [] : [above])].map(part)
  let high = [tenant, ...to, ...(below === undefined ? [] : [below])].map(part)
  if (above !== undefined) low.push(END)
  if (below === undefined) high.push(END)
  const position = after && placeOf(tenant, order, after)
  // An `after` outside of the bounds changes nothing.
  if (position !== undefined && !descending && compare(position, low) > 0) low = position
  if (position !== undefined && descending && compare(position, high) < 0) high = position
  if (compare(low, high) >= 0) return undefined
  return IDBKeyRange.bound(low, high, low === position, high === position)
}

/**
 * Texts are compared by UTF-16 unit, in which what lies above U+FFFF sorts below U+E000. Turning the upper units round makes that the
 * order of code points; such texts are only compared, never read back.
 */
function part(value: Value): IDBValidKey {
  if (typeof value === 'number') return value
  // No index holds nulls.
  const text = String(value)
  return /[\ud800-\uffff]/.test(text) ? text.replace(/[\ud800-\uffff]/g, turned) : text
}

function turned(unit: string): string {
  const code = unit.charCodeAt(0)
  return String.fromCharCode(code >= 0xe000 ? code - 0x800 : code + 0x2000)
}
