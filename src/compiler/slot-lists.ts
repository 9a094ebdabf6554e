/** Lists of slots, equal ones once: large policies read the same few attributes in rule after rule. */
export class SlotLists {
  readonly #start: Continued = { list: [], next: undefined }

  /** The list with these slots in this order, always the same one. */
  listOf(slots: readonly number[]): readonly number[] {
    let at = this.#start
    for (let i = 0; i < slots.length; i++) {
      const slot = slots[i] ?? 0
      at.next ??= new Map()
      let following = at.next.get(slot)
      if (following === undefined) {
        following = { list: slots.slice(0, i + 1), next: undefined }
        at.next.set(slot, following)
      }
      at = following
    }
    return at.list
  }
}

/** A list, and those that are one longer, by their last slot. */
interface Continued {
  readonly list: readonly number[]
  next: Map<number, Continued> | undefined
}
