/**
 * From a tenant's store to the log: every revocation that is in the store comes to be in the log, whoever wrote it and whatever failed in
 * between. It compares the two and keeps no place of its own, so that it may be killed, and run by several processes.
 */
import { Freshness } from '../store/freshness.ts'
import type { ChangeEntry, TenantStore } from '../store/port.ts'
import type { Row } from '../store/schema/index.ts'
import { tell } from '../store/tell.ts'
import type { Timer } from '../store/timer.ts'
import type { TenantRevocation } from './entry.ts'
import type { RevocationFeed } from './feed.ts'

export interface RelayOptions {
  readonly store: TenantStore
  /** Of the log that is written to. */
  readonly feed: RevocationFeed
  readonly timer: Timer
  /** How long a revocation may wait for its way into the log, in milliseconds, while store and log answer. */
  readonly bound: number
  readonly onFault?: (error: unknown) => void
}

const PAGE = 500

export class RevocationRelay {
  readonly #options: RelayOptions
  readonly #freshness: Freshness
  readonly #stop = new AbortController()
  /** Keys of rows to look at: until the log is seen to have them. */
  readonly #waiting = new Map<string, { readonly kind: string; readonly id: string }>()
  #all = true
  #restarts = 0

  constructor(options: RelayOptions) {
    this.#options = options
    const { store, timer, bound } = options
    this.#freshness = new Freshness({ store, timer, bound, forget: (what) => this.#note(what) })
  }

  /** Publishes what is in the store and not in the log. */
  async once(): Promise<void> {
    const { feed, store } = this.#options
    await this.#freshness.refresh()
    await feed.refresh()
    if (feed.restarts !== this.#restarts) this.#all = true
    this.#restarts = feed.restarts
    if (this.#all) {
      for await (const { kind, id } of revocationsIn(store)) this.#wait({ kind, id })
      this.#all = false
    }
    for (const [name, key] of this.#waiting) {
      const row = await store.get('revocations', key)
      if (row === undefined || feed.isLogged(revocationOf(row, store.tenant))) this.#waiting.delete(name)
      else await feed.publish(revocationOf(row, store.tenant))
    }
  }

  /** Does so until `stop`. */
  async run(): Promise<void> {
    const { bound, timer, onFault } = this.#options
    while (!this.#stop.signal.aborted) {
      try {
        await this.once()
      } catch (error) {
        tell(onFault, error)
      }
      if (!this.#stop.signal.aborted) await timer.wait(bound / 2, this.#stop.signal)
    }
  }

  stop(): void {
    this.#stop.abort()
    this.#freshness.stop()
  }

  #note(what: readonly ChangeEntry[] | 'everything'): void {
    if (what === 'everything') {
      this.#all = true
      return
    }
    for (const { table, kind, key } of what) {
      if (table !== 'revocations' || kind === 'delete') continue
      const [kindOf, id] = key
      this.#wait({ kind: String(kindOf), id: String(id) })
    }
  }

  #wait(key: { readonly kind: string; readonly id: string }): void {
    this.#waiting.set(JSON.stringify([key.kind, key.id]), key)
  }
}

/** All that a tenant's store says is revoked: for `resync` of a feed. */
export async function storedRevocations(store: TenantStore): Promise<readonly TenantRevocation[]> {
  const found: TenantRevocation[] = []
  for await (const row of revocationsIn(store)) found.push(revocationOf(row, store.tenant))
  return found
}

async function* revocationsIn(store: TenantStore): AsyncGenerator<Row<'revocations'>> {
  for (let after: { readonly kind: string; readonly id: string } | undefined; ; ) {
    const page = await store.find('revocations', { limit: PAGE, ...(after !== undefined && { after }) })
    yield* page
    const last = page.at(-1)
    if (page.length < PAGE || last === undefined) return
    after = { kind: last.kind, id: last.id }
  }
}

function revocationOf({ kind, id, at, expires_at }: Row<'revocations'>, tenant: string): TenantRevocation {
  return { tenant, kind, id, at, expiresAt: expires_at }
}
