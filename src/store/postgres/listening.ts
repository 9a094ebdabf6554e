/** Hearing of other processes' writes with LISTEN: one connection for all tenants that somebody watches. */
import type { PostgresClient } from './pool.ts'

const CHANNEL = 'sallyport_changes'

interface Watcher {
  readonly tenant: string
  readonly listener: (revision: number) => void
  readonly lost: ((reason: unknown) => void) | undefined
}

export class Listening {
  readonly #connect: () => Promise<PostgresClient>
  readonly #timeout: number
  readonly #watchers = new Set<Watcher>()
  /** Once a connection is lost, the next watcher makes a new one. */
  #client: Promise<PostgresClient> | undefined

  /** @param timeout how long to wait until it hears, in milliseconds */
  constructor(connect: () => Promise<PostgresClient>, timeout: number) {
    this.#connect = connect
    this.#timeout = timeout
  }

  tell(tenant: string, revision: number): { sql: string; parameters: string[] } {
    return { sql: 'select pg_notify($1, $2)', parameters: [CHANNEL, `${revision} ${tenant}`] }
  }

  /**
   * Resolves once it hears.
   *
   * @param lost is called when the connection breaks; after that this watcher hears nothing
   */
  async add(tenant: string, listener: Watcher['listener'], lost: Watcher['lost']): Promise<() => void> {
    this.#client ??= this.#listen()
    const client = this.#client
    const watcher = { tenant, listener, lost }
    // Before it hears, so that no other's end closes the connection meanwhile.
    this.#watchers.add(watcher)
    try {
      await client
    } catch (error) {
      this.#watchers.delete(watcher)
      if (this.#client === client) this.#client = undefined
      throw error
    }
    return () => {
      this.#watchers.delete(watcher)
      if (this.#watchers.size === 0) void this.close()
    }
  }

  async close(): Promise<void> {
    const client = this.#client
    this.#client = undefined
    this.#watchers.clear()
    const listening = await client?.catch(() => undefined)
    // The pool must not give a connection that listens to others.
    listening?.release(true)
  }

  async #listen(): Promise<PostgresClient> {
    const client = await this.#connect()
    try {
      client.on('notification', ({ payload = '' }) => this.#hear(payload))
      client.on('error', (error) => this.#lose(client, error))
      client.on('end', () => this.#lose(client, new Error('the connection ended')))
      await client.query({ text: `listen ${CHANNEL}`, query_timeout: this.#timeout })
      return client
    } catch (error) {
      client.release(true)
      throw error
    }
  }

  #hear(payload: string): void {
    const space = payload.indexOf(' ')
    const tenant = payload.slice(space + 1)
    const revision = Number(payload.slice(0, space))
    for (const watcher of this.#watchers) if (watcher.tenant === tenant) watcher.listener(revision)
  }

  async #lose(client: PostgresClient, reason: unknown): Promise<void> {
    // An earlier connection, given up on purpose.
    if ((await this.#client?.catch(() => undefined)) !== client) return
    const watchers = [...this.#watchers]
    await this.close()
    for (const { lost } of watchers) lost?.(reason)
  }
}
