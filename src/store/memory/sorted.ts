/** Rows in the order of some columns. */
import type { Fields } from '../values.ts'
import { compare } from './evaluate.ts'

/** A place for a row, shared by all orders of a table: a change that moves nothing only fills it anew. */
export interface Slot {
  row: Fields
}

export class SortedSlots {
  readonly #columns: readonly string[]
  readonly #slots: Slot[] = []

  constructor(columns: readonly string[]) {
    this.#columns = columns
  }

  add(slot: Slot): void {
    this.#slots.splice(this.firstFrom(this.#values(slot.row)), 0, slot)
  }

  remove(row: Fields): void {
    this.#slots.splice(this.firstFrom(this.#values(row)), 1)
  }

  at(place: number): Fields {
    return this.#slots[place]!.row
  }

  /** Whether both rows have the same place. */
  alike(a: Fields, b: Fields): boolean {
    return this.#columns.every((name) => a[name] === b[name])
  }

  /** The place of the first row whose leading columns are not below these values. */
  firstFrom(values: readonly Fields[string][]): number {
    return this.#search((row) => this.#compare(row, values) >= 0)
  }

  /** The place of the first row whose leading columns are above these values. */
  firstAbove(values: readonly Fields[string][]): number {
    return this.#search((row) => this.#compare(row, values) > 0)
  }

  #search(reached: (row: Fields) => boolean): number {
    let low = 0
    let high = this.#slots.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (reached(this.at(middle))) high = middle
      else low = middle + 1
    }
    return low
  }

  #compare(row: Fields, values: readonly Fields[string][]): number {
    for (let i = 0; i < values.length; i++) {
      const order = compare(row[this.#columns[i]!]!, values[i]!)
      if (order !== 0) return order
    }
    return 0
  }

  #values(row: Fields): Fields[string][] {
    return this.#columns.map((name) => row[name]!)
  }
}
