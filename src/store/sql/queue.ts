/**
 * The writes of one tenant, in the order in which they came. They could not overlap in the database anyway; so those that wait while another is
 * under way are sent together, in one transaction, as if each had been sent alone: a commit then waits for the disk once for all of them.
 *
 * When a guard of one of them does not hold, or the database refuses a statement of one, all are undone and each is sent by itself. Where that
 * happens often, fewer are sent together. When it is not known what became of them, nothing is sent again.
 */
import { SallyportError } from '../../errors.ts'
import type { SqlDriver, SqlStatement } from './driver.ts'

/** What became of a write: its revision, or the place of the statement that failed. */
export type Written = { readonly failed?: undefined; readonly revision: number } | { readonly failed: number }

/** The statements of a write, of which the first counts it, and whoever waits for it. */
interface Waiting {
  readonly statements: readonly SqlStatement[]
  readonly resolve: (written: Written) => void
  readonly reject: (error: unknown) => void
}

const MOST_WRITES = 64
const MOST_STATEMENTS = 512

export class WriteQueue {
  readonly #driver: SqlDriver
  readonly #idle: () => void
  readonly #waiting: Waiting[] = []
  /** How many are sent together at most: twice as many after each success, half as many after each that was undone. */
  #most = MOST_WRITES
  #running = false

  /** @param idle is called when nothing waits any more */
  constructor(driver: SqlDriver, idle: () => void) {
    this.#driver = driver
    this.#idle = idle
  }

  write(statements: readonly SqlStatement[]): Promise<Written> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ statements, resolve, reject })
      if (!this.#running) void this.#run()
    })
  }

  async #run(): Promise<void> {
    this.#running = true
    while (this.#waiting.length > 0) {
      await this.#driver.gather?.()
      await this.#send(this.#next())
    }
    this.#running = false
    this.#idle()
  }

  #next(): Waiting[] {
    let statements = 0
    let count = 0
    for (const waiting of this.#waiting) {
      statements += waiting.statements.length
      if (count > 0 && (count >= this.#most || statements > MOST_STATEMENTS)) break
      count++
    }
    return this.#waiting.splice(0, count)
  }

  async #send(group: readonly Waiting[]): Promise<void> {
    try {
      const outcome = await this.#driver.transact(group.flatMap(({ statements }) => statements))
      if (outcome.failed === undefined) {
        this.#most = Math.min(MOST_WRITES, this.#most * 2)
        const revision = Number(outcome.first[0]?.revision)
        for (const [i, { resolve }] of group.entries()) resolve({ revision: revision + i })
      } else if (group.length === 1) group[0]!.resolve(outcome)
      else await this.#sendEach(group)
    } catch (error) {
      if (group.length > 1 && isRefusal(error)) await this.#sendEach(group)
      else for (const { reject } of group) reject(error)
    }
  }

  async #sendEach(group: readonly Waiting[]): Promise<void> {
    this.#most = Math.max(1, this.#most >> 1)
    for (const waiting of group) await this.#send([waiting])
  }
}

/**
 * Whether the database refused a statement, so that nothing was applied. With any other fault, sending each by itself would wait for it again, or
 * apply twice what had been applied.
 */
function isRefusal(error: unknown): boolean {
  return error instanceof SallyportError && error.code === 'E_STORE'
}
