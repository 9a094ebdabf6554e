/**
 * The port to a log that a fleet has anyway: entries in one order, numbered without holes from 1, which all processes can read again from any
 * place. Revocations travel by it to processes that do not ask the store.
 *
 * Every method may reject with a `SallyportError` with the code `E_REVOCATION_LOG`, and settles at some time, also when its connection was lost: a
 * feed asks nothing more while an answer is overdue.
 */
export interface AppendLog {
  /** `jetstream`, `redis` … for messages and metrics. */
  readonly kind: string

  /**
   * Resolves to the entry's number once the log keeps it; when it rejects, it may be there all the same. No text is given twice, and a log
   * keeps it as it is: by it readers see whether the log is still the one that they have read.
   */
  append(text: string): Promise<number>

  /** At most `limit` entries from a number on, in their order. */
  read(from: number, limit: number): Promise<LogPage>

  /** Deletes the entries up to a number. */
  purge(upTo: number): Promise<void>

  /**
   * Tells when something was appended, by whoever; resolves once it does, to what ends it. A hint, which may be lost.
   *
   * @param lost is called when it can tell no more
   */
  watch?(listener: () => void, lost?: (reason: unknown) => void): Promise<() => void>
}

export interface LogPage {
  /** Numbers of the first and the last entry that there are; of an empty log the first is one more than the last. */
  readonly first: number
  readonly last: number
  readonly entries: readonly LogEntry[]
}

export interface LogEntry {
  readonly number: number
  readonly text: string
}
