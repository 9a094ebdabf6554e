/**
 * What a process that caches rows has to forget because others changed them, and how old its knowledge is. It reads `changes` at an
 * interval, and at once where the store tells of writes; what takes rights away is read before everything else.
 *
 * The promise: while `check` does not throw, every write that was applied more than `bound` milliseconds ago has been told to
 * `forget`. Where the store cannot be read for so long, `check` throws, and nothing that was cached may be used.
 */
import { SallyportError } from '../errors.ts'
import { Follower } from './follower.ts'
import type { ChangeEntry, ChangePage, TenantStore } from './port.ts'
import type { Timer } from './timer.ts'

export interface FreshnessOptions {
  readonly store: TenantStore
  readonly timer: Timer
  /** How old knowledge may be, in milliseconds. */
  readonly bound: number
  /** How long to wait between two readings; half of `bound` if left out. With `watch` a write is heard of before. */
  readonly interval?: number
  /** Rows that changed, or all there are: `everything`, when the changes cannot be told one by one. */
  readonly forget: (what: readonly ChangeEntry[] | 'everything') => void
  /** A reading failed; the next one follows after the interval. */
  readonly onFault?: (error: unknown) => void
}

const PAGE = 500

export class Freshness {
  readonly #options: FreshnessOptions
  readonly #follower: Follower
  #revision = 0
  #first = 0
  #reading: Promise<void> | undefined
  #next: Promise<void> | undefined

  constructor(options: FreshnessOptions) {
    this.#options = options
    const { store, timer, bound, interval = bound / 2, onFault } = options
    this.#follower = new Follower({
      timer,
      interval,
      read: () => this.refresh(),
      watch: (wake, lost) =>
        store.watch?.((revision) => {
          if (revision > this.#revision) wake()
        }, lost),
      onFault,
    })
  }

  /** Everything up to this revision has been told. */
  get revision(): number {
    return this.#revision
  }

  /** How long ago, in milliseconds, a reading began that has ended; infinite before the first. */
  get age(): number {
    return this.#follower.age
  }

  /** @throws SallyportError `E_STORE_STALE` when the knowledge is older than `bound` */
  check(): void {
    const { bound } = this.#options
    // Also where one of them is no number.
    if (!(this.age <= bound)) throw stale(`nothing was heard from the store for more than ${bound} ms`)
  }

  /**
   * Resolves once everything up to a revision has been told, such as the one that a write of the caller's returned elsewhere.
   *
   * @param within in milliseconds
   * @throws SallyportError `E_STORE_STALE`
   */
  async atLeast(revision: number, within: number): Promise<void> {
    const { timer } = this.#options
    const start = timer.now()
    let pause = 1
    while (this.#revision < revision) {
      await this.refresh()
      if (this.#revision >= revision) return
      const left = within - (timer.now() - start)
      if (!(left > 0) || this.#follower.stopped.aborted) {
        throw stale(`revision ${revision} was asked for, and the store is at ${this.#revision}`)
      }
      await timer.wait(Math.min(pause, left), this.#follower.stopped)
      pause *= 2
    }
  }

  /** Reads what changed; a caller never gets the result of a reading that began before its call. */
  refresh(): Promise<void> {
    if (this.#reading === undefined) {
      this.#reading = this.#read().finally(() => {
        this.#reading = undefined
      })
      return this.#reading
    }
    this.#next ??= this.#reading
      .catch(() => {})
      .then(() => {
        this.#next = undefined
        return this.refresh()
      })
    return this.#next
  }

  /** Reads until `stop`. */
  run(): Promise<void> {
    return this.#follower.run()
  }

  stop(): void {
    this.#follower.stop()
  }

  async #read(): Promise<void> {
    const { store, timer } = this.#options
    const start = timer.now()
    if (!this.#follower.hasHeard) await this.#begin()
    await this.#pages(
      (limit) => store.changes(this.#first, limit, 'first'),
      (upTo) => {
        this.#first = upTo
      },
    )
    await this.#pages(
      (limit) => store.changes(this.#revision, limit),
      (upTo) => {
        this.#revision = upTo
      },
    )
    this.#first = Math.max(this.#first, this.#revision)
    this.#follower.heard(start)
  }

  /** What happened before is of no interest: whatever was cached until now is forgotten. */
  async #begin(): Promise<void> {
    this.#revision = await this.#options.store.revision()
    this.#first = this.#revision
    this.#options.forget('everything')
  }

  async #pages(read: (limit: number) => Promise<ChangePage>, reached: (upTo: number) => void): Promise<void> {
    for (;;) {
      const page = await read(PAGE)
      if (page.gap) this.#options.forget('everything')
      else for (const { entries } of page.changes) this.#options.forget(entries)
      reached(page.upTo)
      if (!page.more) return
    }
  }
}

function stale(message: string): SallyportError {
  return new SallyportError('E_STORE_STALE', message)
}
