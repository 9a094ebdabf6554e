/**
 * What a process knows of revocations from a log, and how old that is. The promise: while `check` does not throw, every revocation whose
 * publication ended more than `bound` milliseconds ago is known. Where the log cannot be read for so long, or has lost what was not read,
 * `check` throws, and nothing may be granted on what could have been revoked.
 */
import { SallyportError } from '../errors.ts'
import { Follower } from '../store/follower.ts'
import type { Timer } from '../store/timer.ts'
import { type Entry, readEntry, type TenantRevocation, writeEntry } from './entry.ts'
import { limited } from './limited.ts'
import type { AppendLog, LogEntry } from './port.ts'

export interface FeedOptions {
  readonly log: AppendLog
  readonly timer: Timer
  /** How old knowledge may be, in milliseconds. */
  readonly bound: number
  /** How long to wait between two readings; half of `bound` if left out. Where the log tells of entries, they are read at once. */
  readonly interval?: number
  /** How long the log may take for an answer, in milliseconds, what it waits for by itself included; 10,000 if left out. */
  readonly timeout?: number
  /**
   * All that is revoked, from where it is sure to be kept, such as the store: asked when the log has lost something. Without it, knowledge
   * stays too old then.
   */
  readonly resync?: () => Promise<Iterable<TenantRevocation>>
  /** A reading failed; the next one follows after the interval. */
  readonly onFault?: (error: unknown) => void
}

/** What the guard and verifiers ask. */
export interface RevocationView {
  /** @throws SallyportError `E_REVOCATION_STALE` */
  check(): void
  has(tenant: string, kind: string, id: string): boolean
}

interface Known {
  readonly expiresAt: number
  /** In the log as it is now, and not only before it lost something. */
  readonly logged: boolean
}

const PAGE = 500

export class RevocationFeed implements RevocationView {
  readonly #options: FeedOptions
  readonly #log: ReturnType<typeof limited>
  readonly #follower: Follower
  #known = new Map<string, Known>()
  /** When the entries that were read are over, by their numbers; those that say what was trimmed are over at once. */
  #ends = new Map<number, number>()
  /** The last entry that was read. */
  #last: LogEntry = { number: 0, text: '' }
  /** Up to where entries were missing or could not be read; were over before they were deleted; were made up for. */
  #missing = 0
  #trimmed = 0
  #resynced = 0
  #reading: Promise<void> | undefined
  #restarts = 0

  constructor(options: FeedOptions) {
    this.#options = options
    const { log, timer, bound, interval = bound / 2, timeout = 10_000, onFault } = options
    this.#log = limited(log, timer, timeout)
    this.#follower = new Follower({
      timer,
      interval,
      read: () => this.refresh(),
      watch: (wake, lost) => log.watch?.(wake, lost),
      onFault,
    })
  }

  /** How long ago, in milliseconds, a reading began that has ended well; infinite before the first. */
  get age(): number {
    return this.#follower.age
  }

  /** How often it had to begin again, as the log was another one or had lost its end. */
  get restarts(): number {
    return this.#restarts
  }

  check(): void {
    const { bound } = this.#options
    if (this.age <= bound) return
    const lost = this.#missing > Math.max(this.#trimmed, this.#resynced)
    const why = lost ? `the log has lost entries up to ${this.#missing}` : `nothing was heard for more than ${bound} ms`
    throw new SallyportError('E_REVOCATION_STALE', `what is revoked is not known: ${why}`)
  }

  has(tenant: string, kind: string, id: string): boolean {
    return this.#known.has(keyOf({ tenant, kind, id }))
  }

  /**
   * What is known of a tenant's delegations, as `verifyProof` of `sallyport/identity` takes it; its age is that of the knowledge.
   *
   * @param now milliseconds since 1970
   * @example verifyProof(proof, { …, revocations: { list: feed.list({ tenant, issuer, now }), within: 5000 } })
   */
  list({ tenant, issuer, now }: { readonly tenant: string; readonly issuer: string; readonly now: number }) {
    return { issuer, asOf: now - this.age, has: (id: string) => this.has(tenant, 'delegation', id) }
  }

  /** Whether the log itself has it, so that others hear of it. */
  isLogged(revocation: Pick<TenantRevocation, 'tenant' | 'kind' | 'id'>): boolean {
    return this.#known.get(keyOf(revocation))?.logged === true
  }

  /** Tells the fleet; resolves once the log keeps it. Doing so twice does no harm. */
  async publish(revocation: TenantRevocation): Promise<void> {
    await this.#log.append(writeEntry({ type: 'revoked', ...revocation }))
    this.#follower.wake()
  }

  /** Reads all that was appended before the call. */
  async refresh(): Promise<void> {
    // A reading that is under way may have passed the end already.
    while (this.#reading !== undefined) await this.#reading.catch(() => {})
    this.#reading = this.#read().finally(() => {
      this.#reading = undefined
    })
    return this.#reading
  }

  /** Reads until `stop`. */
  run(): Promise<void> {
    return this.#follower.run()
  }

  stop(): void {
    this.#follower.stop()
  }

  /**
   * Deletes from the log, and forgets, what is over: as many entries from its beginning as have all ended. Who reads later is told that
   * nothing is lost. To be called now and then, by any process.
   *
   * @param before milliseconds since 1970: the present, less what clocks may be apart; where proofs are verified by `list`, less twice their
   * `tolerance` at least, as a proof is taken for that much longer
   * @returns how many entries were deleted
   */
  async trim(before: number): Promise<number> {
    await this.refresh()
    let upTo = 0
    let count = 0
    let revocations = 0
    for (const [number, end] of this.#ends) {
      if (!(end < before)) break
      upTo = number
      count++
      if (end > OVER) revocations++
    }
    if (revocations === 0) return 0
    await this.#log.append(writeEntry({ type: 'trimmed', upTo }))
    await this.#log.purge(upTo)
    for (const number of [...this.#ends.keys()].slice(0, count)) this.#ends.delete(number)
    for (const [key, { expiresAt }] of this.#known) if (expiresAt < before) this.#known.delete(key)
    return count
  }

  async #read(): Promise<void> {
    const start = this.#options.timer.now()
    for (;;) {
      // From the last one that was read, to see that it is still the same.
      const from = Math.max(this.#last.number, 1)
      const { first, last, entries } = await this.#log.read(from, PAGE)
      if (!this.#continues(first, last, entries)) {
        this.#restart()
        continue
      }
      const before = this.#last.number
      for (const entry of entries) this.#take(entry)
      if (this.#last.number >= last) break
      // Those that were deleted before they were read leave none behind them to tell.
      if (this.#last.number === before) this.#skipTo(last)
    }
    await this.#makeUp()
    this.#follower.heard(start)
  }

  /**
   * Whether what is there now is the log whose beginning was read: no text is written twice, so that one which lost its end or was replaced
   * has another one there, whatever it has come to hold since.
   */
  #continues(first: number, last: number, entries: readonly LogEntry[]): boolean {
    const { number, text } = this.#last
    if (number === 0) return true
    if (last < number) return false
    return first > number || entries[0]?.number !== number || entries[0].text === text
  }

  /** What was known stays known; that others hear of it is no longer certain. */
  #restart(): void {
    this.#restarts++
    this.#last = { number: 0, text: '' }
    this.#missing = 0
    this.#trimmed = 0
    this.#resynced = 0
    this.#ends.clear()
    this.#known = new Map([...this.#known].map(([key, known]) => [key, { ...known, logged: false }]))
  }

  #take(entry: LogEntry): void {
    if (entry.number <= this.#last.number) return
    if (entry.number > this.#last.number + 1) this.#missing = entry.number - 1
    this.#last = entry
    const read = readEntry(entry.text)
    if (read === undefined) this.#missing = entry.number
    else this.#learn(read, entry.number)
  }

  #learn(entry: Entry, number: number): void {
    if (entry.type === 'trimmed') {
      this.#trimmed = Math.max(this.#trimmed, entry.upTo)
      this.#ends.set(number, OVER)
      return
    }
    this.#ends.set(number, entry.expiresAt)
    this.#know(entry, true)
  }

  #know(revocation: TenantRevocation, logged: boolean): void {
    const key = keyOf(revocation)
    const before = this.#known.get(key)
    this.#known.set(key, { expiresAt: revocation.expiresAt, logged: logged || before?.logged === true })
  }

  #skipTo(number: number): void {
    this.#missing = number
    this.#last = { number, text: '' }
  }

  /** @throws SallyportError `E_REVOCATION_STALE` when something is missing that nobody can tell */
  async #makeUp(): Promise<void> {
    if (this.#missing <= Math.max(this.#trimmed, this.#resynced)) return
    const { resync } = this.#options
    if (resync === undefined) {
      throw new SallyportError('E_REVOCATION_STALE', `the log has lost entries up to ${this.#missing}; give resync`)
    }
    const missing = this.#missing
    for (const revocation of await resync()) this.#know(revocation, false)
    this.#resynced = missing
  }
}

const OVER = Number.MIN_SAFE_INTEGER

function keyOf({ tenant, kind, id }: Pick<TenantRevocation, 'tenant' | 'kind' | 'id'>): string {
  return JSON.stringify([tenant, kind, id])
}
