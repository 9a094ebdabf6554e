/** What happens in all tenants, for those who follow it. A tenant's events are in a feed of its own. */
import type { Engine } from '../../engine/types.ts'
import type { DecisionEvent } from '../../guard/log/event.ts'
import type { DecisionSink } from '../../guard/log/sinks.ts'
import { type Evaluation, evaluationEvent, type ServiceEvent, serviceEvent } from './event.ts'
import { Feed } from './feed.ts'

export interface EventHubOptions {
  /** Milliseconds since the epoch. */
  readonly now: () => number
  /** Makes ids that nobody has made before. */
  readonly newId: () => string
  /** Events of a tenant that are kept for those who come back; 1,000 when left out. */
  readonly kept?: number
}

/** Events are of this process: each instance tells what it decided, and what it heard of. */
export class EventHub {
  /** Names this process in the ids of places, so that those of another are not taken for ours. */
  readonly epoch: string
  readonly #options: EventHubOptions
  readonly #feeds = new Map<string, Feed>()
  readonly #images = new Map<string, string>()
  /** Whether it was told which policies there are. Where there were none, the next ones are news. */
  #remembers = false

  constructor(options: EventHubOptions) {
    this.#options = options
    this.epoch = options.newId()
  }

  publish(tenant: string, event: ServiceEvent): void {
    this.feed(tenant).publish(event)
  }

  /** An event of ours, with id and time. */
  tell(tenant: string, type: string, data: unknown, subject?: string): void {
    const { newId, now } = this.#options
    const about = subject === undefined ? {} : { subject }
    this.publish(tenant, serviceEvent({ type, tenant, id: newId(), now: now(), data, ...about }))
  }

  /** An evaluation by the service. */
  evaluated(made: Omit<Evaluation, 'id'>): void {
    this.publish(made.tenant, evaluationEvent({ ...made, id: this.#options.newId() }))
  }

  /** Where a guard may log its decisions: `createGuard({ …, log: { sink: hub.sink(tenant), whenFull: 'drop' } })`. */
  sink(tenant: string): DecisionSink {
    return {
      write: async (events: readonly DecisionEvent[]) => {
        for (const event of events) this.publish(tenant, event)
      },
    }
  }

  /** Tells of policies that were replaced, or taken away, since the last call. The first call only remembers. */
  policies(engines: ReadonlyMap<string, Engine>): void {
    const first = !this.#remembers
    this.#remembers = true
    for (const [tenant, { image }] of engines) {
      const before = this.#images.get(tenant)
      this.#images.set(tenant, image.id)
      if (!first && before !== image.id) {
        this.tell(tenant, 'sallyport.policies.replaced.v1', { image: image.id, before: before ?? null })
      }
    }
    for (const tenant of this.#images.keys()) {
      if (engines.has(tenant)) continue
      this.#images.delete(tenant)
      this.tell(tenant, 'sallyport.policies.removed.v1', {})
      // Its readers may not read of a tenant that takes its name later.
      this.#feeds.get(tenant)?.end()
      this.#feeds.delete(tenant)
    }
  }

  /** Ends all streams: before a process ends. */
  end(): void {
    for (const feed of this.#feeds.values()) feed.end()
  }

  feed(tenant: string): Feed {
    const found = this.#feeds.get(tenant)
    if (found !== undefined) return found
    const feed = new Feed(this.#options.kept ?? 1000)
    this.#feeds.set(tenant, feed)
    return feed
  }
}
