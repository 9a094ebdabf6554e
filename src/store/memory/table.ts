/** One tenant's rows of one table: by key, and in the order of each index. */
import { orderOf, type Search } from '../query.ts'
import type { Table } from '../schema/table.ts'
import type { Fields } from '../values.ts'
import { boundsOf } from './bounds.ts'
import { holds } from './evaluate.ts'
import { type Slot, SortedSlots } from './sorted.ts'

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
    const slots = this.#orders.get(index)!
    const { from, above, to, below } = boundsOf(order, where)
    let low = above === undefined ? slots.firstFrom(from) : slots.firstAbove([...from, above])
    let high = below === undefined ? slots.firstAbove(to) : slots.firstFrom([...to, below])
    if (after !== undefined) {
      const values = order.map((name) => after[name]!)
      if (descending) high = Math.min(high, slots.firstFrom(values))
      else low = Math.max(low, slots.firstAbove(values))
    }
    const found: Fields[] = []
    for (let i = low; i < high && found.length < limit; i++) {
      const row = slots.at(descending ? low + high - 1 - i : i)
      if (where.every((condition) => holds(condition, row))) found.push(row)
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
