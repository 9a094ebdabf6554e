/** The log as a stream of NATS JetStream. https://docs.nats.io/nats-concepts/jetstream */
import {
  type ConsumerMessages,
  DeliverPolicy,
  type JetStreamClient,
  jetstream,
  jetstreamManager,
} from '@nats-io/jetstream'
import { logFault, orLogFault } from './fault.ts'
import type { AppendLog, LogEntry } from './port.ts'

/** A connection of `@nats-io/transport-node`, `@nats-io/nats-core` (WebSocket) or another transport of them. */
export type NatsConnection = Parameters<typeof jetstream>[0]

export interface JetStreamOptions {
  /** The stream. It holds `subject` alone, and deletes nothing by itself: no `max_age`, no other limit that it could reach. */
  readonly stream: string
  readonly subject: string
  /** How long a page may take to arrive, in milliseconds; 5,000 when left out. */
  readonly timeout?: number
}

const KIND = 'jetstream'
/** The least that the client takes. */
const LEAST_WAIT = 1000

/**
 * A log in JetStream (2.9 and 2.15 were tested). An entry is acknowledged when the stream's servers keep it.
 *
 * @example
 * const connection = await connect({ servers }) // of @nats-io/transport-node
 * const log = await jetStreamLog(connection, { stream: 'REVOCATIONS', subject: 'revocations' })
 * @throws SallyportError `E_REVOCATION_LOG` when JetStream does not answer
 */
export async function jetStreamLog(connection: NatsConnection, options: JetStreamOptions): Promise<AppendLog> {
  const { stream, subject, timeout = 5000 } = options
  const client = jetstream(connection)
  const manager = await orLogFault(KIND, () => jetstreamManager(connection))
  return {
    kind: KIND,
    append: (text) => orLogFault(KIND, async () => (await client.publish(subject, text)).seq),
    read: (from, limit) =>
      orLogFault(KIND, async () => {
        const { state } = await manager.streams.info(stream)
        // An empty stream that never had an entry begins at 0.
        const [first, last] = [Math.max(state.first_seq, 1), state.last_seq]
        const start = Math.max(from, first)
        const count = Math.min(limit, last - start + 1)
        if (count <= 0) return { first, last, entries: [] }
        return { first, last, entries: await fetchEntries(client, stream, start, count, Math.max(timeout, LEAST_WAIT)) }
      }),
    async purge(upTo) {
      // Those before the number go.
      await orLogFault(KIND, () => manager.streams.purge(stream, { seq: upTo + 1 }))
    },
    async watch(listener, lost) {
      const subscription = connection.subscribe(subject, { callback: (error) => (error ? lost?.(error) : listener()) })
      subscription.closed.then(() => lost?.(logFault(KIND, new Error('the subscription is closed'))))
      await orLogFault(KIND, () => connection.flush())
      return () => subscription.unsubscribe()
    },
  }
}

async function fetchEntries(
  client: JetStreamClient,
  stream: string,
  start: number,
  count: number,
  expires: number,
): Promise<readonly LogEntry[]> {
  const consumer = await client.consumers.get(stream, {
    deliver_policy: DeliverPolicy.StartSequence,
    opt_start_seq: start,
  })
  const messages: ConsumerMessages = await consumer.fetch({ max_messages: count, expires })
  const entries: LogEntry[] = []
  for await (const message of messages) {
    entries.push({ number: message.seq, text: message.string() })
    // What was deleted within leaves fewer than there were to be.
    if (entries.length === count || message.seq >= start + count - 1) break
  }
  await consumer.delete().catch(() => false)
  if (entries.length === 0) throw new Error('no entry came in time')
  return entries
}
