/** The section Needs: which slots the conditions of a block read. */
import { Words } from './words.ts'

/** Lists of slots in ascending order, equal ones once. A list is begun, added to and ended, one after the other. */
export class NeedLists {
  readonly words = new Words()
  readonly #offsets = new Map<string, number>()
  readonly #list: number[] = []
  /** By slot: the last list that it is in. */
  readonly #seen: number[] = []
  #number = 0

  begin(): void {
    this.#list.length = 0
    this.#number++
  }

  add(slots: readonly number[]): void {
    for (const slot of slots) {
      if (this.#seen[slot] === this.#number) continue
      this.#seen[slot] = this.#number
      this.#list.push(slot)
    }
  }

  /** The offset of the list. */
  end(): number {
    const list = this.#list.sort((a, b) => a - b)
    const id = list.join()
    const known = this.#offsets.get(id)
    if (known !== undefined) return known
    const offset = this.words.offset
    this.#offsets.set(id, offset)
    this.words.push(list.length)
    for (const slot of list) this.words.push(slot)
    return offset
  }
}
