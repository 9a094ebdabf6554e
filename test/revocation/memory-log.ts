/** A log in memory that tests can make forget, lose its end, or fail. */
import type { AppendLog, LogEntry } from '../../src/revocation/port.ts'

export class MemoryLog implements AppendLog {
  readonly kind = 'memory'
  entries: LogEntry[] = []
  last = 0
  fault: Error | undefined
  /** Readings wait for it. */
  pause: Promise<void> | undefined

  async append(text: string): Promise<number> {
    this.#fail()
    this.entries.push({ number: ++this.last, text })
    return this.last
  }

  async read(from: number, limit: number) {
    this.#fail()
    await this.pause
    const first = this.entries[0]?.number ?? this.last + 1
    return { first, last: this.last, entries: this.entries.filter(({ number }) => number >= from).slice(0, limit) }
  }

  async purge(upTo: number): Promise<void> {
    this.#fail()
    this.entries = this.entries.filter(({ number }) => number > upTo)
  }

  /** As after a failover to a server that had not heard of the last ones. */
  loseEnd(count: number): void {
    this.last -= count
    this.entries = this.entries.filter(({ number }) => number <= this.last)
  }

  #fail(): void {
    if (this.fault !== undefined) throw this.fault
  }
}
