/** The decision log: every answer of the guard, without slowing it. */
import type { AccessRequest } from '../../engine/types.ts'
import type { GuardDecision } from '../decision.ts'
import type { GuardEnvironment } from '../environment.ts'
import { type DecisionEvent, decisionEvent, sourceOf } from './event.ts'
import { BoundedQueue, type Place, type WhenFull } from './queue.ts'
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

/** Room in the log for one answer; to be left where there is none, as there was an error. */
export type LogPlace = Place<DecisionEvent>

const BATCH = 100

export class DecisionLog {
  readonly #queue: BoundedQueue<DecisionEvent>
  readonly #environment: GuardEnvironment
  readonly #source: string

  constructor(environment: GuardEnvironment, options: DecisionLogOptions) {
    const { sink, whenFull, capacity = 10_000, onError } = options
    this.#environment = environment
    this.#source = sourceOf(environment.store.tenant)
    this.#queue = new BoundedQueue({ drain: (events) => sink.write(events), capacity, batch: BATCH, whenFull, onError })
  }

  /** Events that found no room, and those that the sink refused. */
  get missing(): { readonly dropped: number; readonly lost: number } {
    return { dropped: this.#queue.dropped, lost: this.#queue.lost }
  }

  /** Room for one answer; undefined when there is none, and requests are to be denied then. A promise only where it has to wait. */
  enter(): LogPlace | undefined | Promise<LogPlace> {
    return this.#queue.enter()
  }

  record(place: LogPlace, request: AccessRequest, answer: GuardDecision): void {
    const { newId, now } = this.#environment
    place.fill(decisionEvent(this.#source, newId('dec'), now(), request, answer))
  }

  /** Resolves when everything has been given to the sink: before a process ends. */
  flush(): Promise<void> {
    return this.#queue.flush()
  }
}
