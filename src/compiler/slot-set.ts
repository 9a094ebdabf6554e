/** A set of slots that is emptied and filled again for every rule, and takes no memory then. */
export class SlotSet {
  readonly #list: number[] = []
  /** By slot: the round in which it was added last. */
  readonly #added: number[] = []
  #round = 1

  clear(): void {
    this.#list.length = 0
    this.#round++
  }

  add(slot: number): void {
    if (this.#added[slot] === this.#round) return
    this.#added[slot] = this.#round
    this.#list.push(slot)
  }

  addAll(slots: readonly number[]): void {
    for (let i = 0; i < slots.length; i++) this.add(slots[i] as number)
  }

  /** In the order in which they were added; valid until the next change. */
  get slots(): readonly number[] {
    return this.#list
  }

  /** In ascending order; valid until the next change. */
  sorted(): readonly number[] {
    return ascending(this.#list)
  }
}

/** Sorts a list of slots. */
export function ascending(list: number[]): readonly number[] {
  // Lists are short and mostly in order already; the engine's own sorting makes copies.
  if (list.length > SHORT) return list.sort((a, b) => a - b)
  for (let i = 1; i < list.length; i++) {
    const slot = list[i] ?? 0
    let at = i
    for (; at > 0 && (list[at - 1] ?? 0) > slot; at--) list[at] = list[at - 1] ?? 0
    list[at] = slot
  }
  return list
}

const SHORT = 16
