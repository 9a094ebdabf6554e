/** Lists of slots, equal ones once: large policies read the same few attributes in rule after rule. */
export class SlotLists {
  readonly #byHash = new Map<number, Known>()

  /** The list with these slots in this order, always the same one; a copy of the first that was given. */
  listOf(slots: readonly number[]): readonly number[] {
    let hash = slots.length
    for (let i = 0; i < slots.length; i++) hash = (Math.imul(hash, 31) + (slots[i] as number)) | 0
    const first = this.#byHash.get(hash)
    for (let known = first; known !== undefined; known = known.next) if (areEqual(known.list, slots)) return known.list
    const list = slots.slice()
    this.#byHash.set(hash, { list, next: first })
    return list
  }
}

/** A list, and others with the same hash. */
interface Known {
  readonly list: readonly number[]
  readonly next: Known | undefined
}

function areEqual(a: readonly number[], b: readonly number[]): boolean {
  if (a.length !== b.length) return false
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false
  return true
}
