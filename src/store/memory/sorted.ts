/** Rows in the order of some columns, in short lists of which none grows long: an insertion moves a few hundred places at most. */
import type { Fields } from '../values.ts'
import { compare } from './evaluate.ts'

/** A place for a row, shared by all orders of a table: a change that moves nothing only fills it anew. */
export interface Slot {
  row: Fields
}

/** Where the rows begin whose leading columns are not below these values or, with `past`, above them. */
export interface Edge {
  readonly values: readonly Fields[string][]
  readonly past: boolean
}

const LONGEST = 512

export class SortedSlots {
  readonly #columns: readonly string[]
  /** None is empty. */
  readonly #lists: Slot[][] = []

  constructor(columns: readonly string[]) {
    this.#columns = columns
  }

  add(slot: Slot): void {
    const place = this.#find({ values: this.#values(slot.row), past: false })
    // After all others it belongs to the end of the last list.
    const number = Math.min(place.list, this.#lists.length - 1)
    const list = this.#lists[number]
    if (list === undefined) {
      this.#lists.push([slot])
      return
    }
    list.splice(place.list === number ? place.index : list.length, 0, slot)
    // Rows that come in order fill the lists, as only the last is cut.
    if (list.length > LONGEST)
      this.#lists.splice(number + 1, 0, list.splice(number === this.#lists.length - 1 ? LONGEST : LONGEST / 2))
  }

  remove(row: Fields): void {
    const { list, index } = this.#find({ values: this.#values(row), past: false })
    const slots = this.#lists[list]!
    slots.splice(index, 1)
    if (slots.length === 0) this.#lists.splice(list, 1)
  }

  /** Whether both rows have the same place. */
  alike(a: Fields, b: Fields): boolean {
    return this.#columns.every((name) => a[name] === b[name])
  }

  /** The rows from the last of the lower edges to the first of the upper ones. Nothing may be changed meanwhile. */
  *between(lower: readonly Edge[], upper: readonly Edge[], descending: boolean): Generator<Fields> {
    const start = lower.map((edge) => this.#find(edge)).reduce((a, b) => (isBefore(a, b) ? b : a))
    const end = upper.map((edge) => this.#find(edge)).reduce((a, b) => (isBefore(a, b) ? a : b))
    if (descending) yield* this.#down(start, end)
    else yield* this.#up(start, end)
  }

  *#up(start: Place, end: Place): Generator<Fields> {
    for (let { list, index } = start; isBefore({ list, index }, end); index++) {
      const slot = this.#lists[list]![index]
      if (slot !== undefined) yield slot.row
      else {
        list++
        index = -1
      }
    }
  }

  *#down(start: Place, end: Place): Generator<Fields> {
    let { list, index } = end
    while (isBefore(start, { list, index })) {
      if (index > 0) yield this.#lists[list]![--index]!.row
      else index = this.#lists[--list]!.length
    }
  }

  #find({ values, past }: Edge): Place {
    const reached = (row: Fields): boolean => this.#compare(row, values) >= (past ? 1 : 0)
    const list = first(this.#lists.length, (i) => reached(this.#lists[i]!.at(-1)!.row))
    const slots = this.#lists[list]
    return { list, index: slots === undefined ? 0 : first(slots.length, (i) => reached(slots[i]!.row)) }
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

interface Place {
  readonly list: number
  readonly index: number
}

function isBefore(a: Place, b: Place): boolean {
  return a.list < b.list || (a.list === b.list && a.index < b.index)
}

/** The least number for which `reached` holds, as it does for all after it; `length` if for none. */
function first(length: number, reached: (i: number) => boolean): number {
  let low = 0
  let high = length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (reached(middle)) high = middle
    else low = middle + 1
  }
  return low
}
