/** The section Needs: which slots the conditions of a block read. */
import type { SlotSet } from './slot-set.ts'
import { Words } from './words.ts'

/** Lists of slots in ascending order, equal ones once. */
export class NeedLists {
  readonly words = new Words()
  readonly #offsets = new Map<string, number>()

  offsetOf(slots: SlotSet): number {
    const sorted = slots.sorted()
    const id = sorted.join()
    const known = this.#offsets.get(id)
    if (known !== undefined) return known
    const offset = this.words.offset
    this.#offsets.set(id, offset)
    this.words.push(sorted.length)
    for (const slot of sorted) this.words.push(slot)
    return offset
  }
}
