/** One tenant's rows of one table: by key, and in the order of each index. */
import { orderOf, type Search } from '../query.ts'
import type { Table } from '../schema/table.ts'
import type { Fields } from '../values.ts'
import { boundsOf } from './bounds.ts'
import { holds } from './evaluate.ts'
import { type Edge, type Slot, SortedSlots } from './sorted.ts'

export class MemoryTable {
  readonly #table: Table
  readonly #byKey = new Map<string, Slot>()
  /** By the name of the index; the key's own order has the name ''. */
  readonly #orders: ReadonlyMap<string, SortedSlots>

  constructor(table: Table) {
    this.#table = table
    const names = [undefined, ...Object.keys(table.indexes)]
    this.#orders = new Map(names.map((name) => [name ?? '', new SortedSlots(orderOf(table, name))]))
  }

  get(key: Fields): Fields | undefined {
    return this.#byKey.get(this.#name(key))?.row
  }

  /** Writes, or with undefined deletes, the row of a key; returns the one it had. */
  put(key: Fields, row: Fields | undefined): Fields | undefined {
    const name = this.#name(key)
    const slot = this.#byKey.get(name)
    const before = slot?.row
    if (slot === undefined || before === undefined) {
      if (row !== undefined) this.#add(name, { row })
    } else if (row === undefined) {
      for (const order of this.#orders.values()) order.remove(before)
      this.#byKey.delete(name)
    } else {
      const moved = [...this.#orders.values()].filter((order) => !order.alike(before, row))
      for (const order of moved) order.remove(before)
      slot.row = row
      for (const order of moved) order.add(slot)
    }
    return before
  }

  find({ index = '', order, where, descending, after, limit }: Search): readonly Fields[] {
    const { from, above, to, below } = boundsOf(order, where)
    const lower: Edge[] = [
      above === undefined ? { values: from, past: false } : { values: [...from, above], past: true },
    ]
    const upper: Edge[] = [below === undefined ? { values: to, past: true } : { values: [...to, below], past: false }]
    if (after !== undefined) {
      const values = order.map((name) => after[name]!)
      if (descending) upper.push({ values, past: false })
      else lower.push({ values, past: true })
    }
    const found: Fields[] = []
    for (const row of this.#orders.get(index)!.between(lower, upper, descending)) {
      if (where.every((condition) => holds(condition, row))) found.push(row)
      if (found.length === limit) break
    }
    return found
  }

  #add(name: string, slot: Slot): void {
    this.#byKey.set(name, slot)
    for (const order of this.#orders.values()) order.add(slot)
  }

  #name(key: Fields): string {
    return JSON.stringify(this.#table.key.map((name) => key[name]))
  }
}
