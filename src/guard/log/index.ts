/** The decision log: every answer of the guard, without slowing it. */
import type { AccessRequest } from '../../engine/types.ts'
import type { GuardDecision } from '../decision.ts'
import type { GuardEnvironment } from '../environment.ts'
import { type DecisionEvent, decisionEvent } from './event.ts'
import { BoundedQueue, type WhenFull } from './queue.ts'
import type { DecisionSink } from './sinks.ts'

export interface DecisionLogOptions {
  readonly sink: DecisionSink
  /** What happens when more is decided than the sink takes: the answer waits, the event is dropped and counted, or the request is denied. */
  readonly whenFull: WhenFull
  /** Events on their way; 10,000 when left out. */
  readonly capacity?: number
  /** Is told what the sink threw, and how many events were lost by it. What it throws itself changes nothing. */
  readonly onError?: (error: unknown, lost: number) => void
}

/** Room in the log for one answer. */
export interface LogPlace {
  /** Logs the answer, and returns it. */
  record<D extends GuardDecision>(request: AccessRequest, answer: D): D
  /** Nothing was decided: there was an error. */
  leave(): void
}

const BATCH = 100

export class DecisionLog {
  readonly #queue: BoundedQueue<DecisionEvent>
  readonly #environment: GuardEnvironment

  constructor(environment: GuardEnvironment, options: DecisionLogOptions) {
    const { sink, whenFull, capacity = 10_000, onError } = options
    this.#environment = environment
    this.#queue = new BoundedQueue({ drain: (events) => sink.write(events), capacity, batch: BATCH, whenFull, onError })
  }

  /** Events that found no room, and those that the sink refused. */
  get missing(): { readonly dropped: number; readonly lost: number } {
    return { dropped: this.#queue.dropped, lost: this.#queue.lost }
  }

  /** Room for one answer; undefined when there is none, and requests are to be denied then. */
  async enter(): Promise<LogPlace | undefined> {
    const place = await this.#queue.enter()
    if (place === undefined) return undefined
    const { store, newId, now } = this.#environment
    return {
      record(request, answer) {
        place.fill(decisionEvent(store.tenant, newId('dec'), now(), request, answer))
        return answer
      },
      leave: () => place.leave(),
    }
  }

  /** Resolves when everything has been given to the sink: before a process ends. */
  flush(): Promise<void> {
    return this.#queue.flush()
  }
}
