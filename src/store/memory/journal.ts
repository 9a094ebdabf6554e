/** One tenant's changes, in memory. */
import type { Change, ChangePage } from '../port.ts'

export class MemoryJournal {
  #revision = 0
  #trimmed = 0
  #entries: { readonly change: Change; readonly first: boolean }[] = []

  get revision(): number {
    return this.#revision
  }

  /** Counts a write, and keeps what it changed if somebody may want to know. */
  append(entries: Change['entries'], first: boolean): number {
    this.#revision++
    if (entries.length > 0) this.#entries.push({ change: { revision: this.#revision, entries }, first })
    return this.#revision
  }

  read(after: number, limit: number, only: 'first' | undefined): ChangePage {
    const gap = after < this.#trimmed
    const found: Change[] = []
    for (let i = this.#firstAfter(after); i < this.#entries.length && found.length <= limit; i++) {
      const { change, first } = this.#entries[i]!
      if (only === undefined || first) found.push(change)
    }
    const more = found.length > limit
    const changes = more ? found.slice(0, limit) : found
    return { changes, upTo: more ? changes.at(-1)!.revision : Math.max(after, this.#revision), gap, more }
  }

  trim(upTo: number): void {
    this.#trimmed = Math.max(this.#trimmed, Math.min(upTo, this.#revision))
    this.#entries = this.#entries.slice(this.#firstAfter(this.#trimmed))
  }

  #firstAfter(revision: number): number {
    let low = 0
    let high = this.#entries.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.#entries[middle]!.change.revision > revision) high = middle
      else low = middle + 1
    }
    return low
  }
}
