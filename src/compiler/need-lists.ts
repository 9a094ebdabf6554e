/** The section Needs: which slots the conditions of a block read. */
import { SlotLists } from './slot-lists.ts'
import { ascending, type SlotSet } from './slot-set.ts'
import { Words } from './words.ts'

/** Lists of slots in ascending order, equal ones once. */
export class NeedLists {
  readonly words = new Words()
  readonly #sorted = new SlotLists()
  readonly #offsets = new Map<readonly number[], number>()

  /** Of slots in any order, in a list of `SlotLists`. */
  offsetOf(slots: readonly number[]): number {
    const known = this.#offsets.get(slots)
    if (known !== undefined) return known
    const offset = this.#offsetOfSorted(ascending([...slots]))
    this.#offsets.set(slots, offset)
    return offset
  }

  offsetOfSet(slots: SlotSet): number {
    return this.#offsetOfSorted(slots.sorted())
  }

  #offsetOfSorted(slots: readonly number[]): number {
    const sorted = this.#sorted.listOf(slots)
    const known = this.#offsets.get(sorted)
    if (known !== undefined) return known
    const offset = this.words.offset
    this.#offsets.set(sorted, offset)
    this.words.push(sorted.length)
    for (const slot of sorted) this.words.push(slot)
    return offset
  }
}
