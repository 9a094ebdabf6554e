/** The events of one tenant. The last ones are kept; readers remember how far they are, so that a slow one costs nothing. */
import type { ServiceEvent } from './event.ts'

/** An event with its place. Places count up by one, and are of this process. */
export interface Placed {
  readonly place: number
  readonly event: ServiceEvent
}

export interface FeedPage {
  /** Events after the place that was asked for are no longer kept. */
  readonly gap: boolean
  readonly events: readonly Placed[]
}

export class Feed {
  readonly #kept: Placed[] = []
  readonly #listeners = new Set<() => void>()
  readonly #capacity: number
  #last = 0
  #ended = false

  constructor(capacity: number) {
    this.#capacity = capacity
  }

  /** Of the newest event; 0 before the first. */
  get last(): number {
    return this.#last
  }

  get listeners(): number {
    return this.#listeners.size
  }

  /** No more will come. */
  get ended(): boolean {
    return this.#ended
  }

  publish(event: ServiceEvent): void {
    this.#kept.push({ place: ++this.#last, event })
    if (this.#kept.length > this.#capacity) this.#kept.shift()
    this.#tell()
  }

  /** At most `limit` of the events after a place, or of those that are kept when there is a gap. */
  read(after: number, limit: number): FeedPage {
    const before = this.#last - this.#kept.length
    const gap = after < before || after > this.#last
    const from = gap ? 0 : after - before
    return { gap, events: this.#kept.slice(from, from + limit) }
  }

  /** Calls back when there may be something to read, or the end. Returns what ends it. */
  listen(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  end(): void {
    this.#ended = true
    this.#tell()
  }

  #tell(): void {
    for (const listener of this.#listeners) listener()
  }
}
