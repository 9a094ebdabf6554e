/** A bounded queue in front of a sink: answers do not wait for the sink, until there is no room left. */
import { tell } from '../../store/tell.ts'

/** Takes several items at once, in their order. What it throws is told to `onError`, and the items are lost; or some: `SomeLost`. */
export type Drain<T> = (items: readonly T[]) => Promise<void>

/** Thrown by a drain that took the other items; `cause` is what is told. */
export class SomeLost extends Error {
  readonly lost: number

  constructor(lost: number, cause: unknown) {
    super(`${lost} were not taken`, { cause })
    this.lost = lost
  }
}

/** What happens when the queue is full: the caller waits, the item is dropped and counted, or there is no room. */
export type WhenFull = 'wait' | 'drop' | 'deny'

export interface QueueOptions<T> {
  readonly drain: Drain<T>
  /** Items that may be in it, waiting or on their way. */
  readonly capacity: number
  /** Items given to the sink at once. */
  readonly batch: number
  readonly whenFull: WhenFull
  readonly onError: ((error: unknown, lost: number) => void) | undefined
}

/** Room for one item, to be filled or given back. */
export interface Place<T> {
  fill(item: T): void
  leave(): void
}

export class BoundedQueue<T> {
  readonly #options: QueueOptions<T>
  readonly #items: T[] = []
  readonly #waiting: (() => void)[] = []
  #taken = 0
  #dropped = 0
  #lost = 0
  #draining: Promise<void> | undefined

  constructor(options: QueueOptions<T>) {
    this.#options = options
  }

  /** Items dropped because it was full. */
  get dropped(): number {
    return this.#dropped
  }

  /** Items that the sink refused. */
  get lost(): number {
    return this.#lost
  }

  /**
   * Takes room before there is an item, so that what has no room can be refused before it is done. Undefined: there is none, and the
   * setting is `deny`. A promise only where it has to wait.
   */
  enter(): Place<T> | undefined | Promise<Place<T>> {
    const { capacity, whenFull } = this.#options
    if (this.#taken < capacity) {
      this.#taken++
      return this.#place()
    }
    if (whenFull === 'deny') return undefined
    if (whenFull === 'drop') return this.#nowhere()
    return this.#handedOver()
  }

  /** Waits for room, which who leaves it hands over. */
  async #handedOver(): Promise<Place<T>> {
    await new Promise<void>((resolve) => this.#waiting.push(resolve))
    return this.#place()
  }

  /** Resolves when all that is in it has been given to the sink. */
  async flush(): Promise<void> {
    while (this.#draining !== undefined) await this.#draining
  }

  #place(): Place<T> {
    let open = true
    const once = (act: () => void): void => {
      if (open) act()
      open = false
    }
    return {
      fill: (item) =>
        once(() => {
          this.#items.push(item)
          this.#draining ??= this.#drain()
        }),
      leave: () => once(() => this.#release(1)),
    }
  }

  #nowhere(): Place<T> {
    return {
      fill: () => {
        this.#dropped++
      },
      leave: () => undefined,
    }
  }

  async #drain(): Promise<void> {
    const { drain, batch, onError } = this.#options
    // So that the caller's answer goes first, and what comes at once goes together.
    await undefined
    while (this.#items.length > 0) {
      const items = this.#items.splice(0, batch)
      try {
        await drain(items)
      } catch (error) {
        const [lost, why] = error instanceof SomeLost ? [error.lost, error.cause] : [items.length, error]
        this.#lost += lost
        tell(onError, why, lost)
      } finally {
        this.#release(items.length)
      }
    }
    this.#draining = undefined
  }

  /** Hands room to those who wait, first come first served. */
  #release(count: number): void {
    for (let i = 0; i < count; i++) {
      const next = this.#waiting.shift()
      if (next === undefined) this.#taken--
      else next()
    }
  }
}
