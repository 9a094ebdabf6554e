/**
 * Events as a stream of server-sent events (WHATWG HTML, section 9.2). A reader goes through the feed at its own speed; who is so slow that
 * what comes next is no longer kept gets an event that says so, and the end. Whoever comes back with `Last-Event-ID` goes on where it was.
 */
import { serviceEvent } from './event.ts'
import type { Placed } from './feed.ts'
import type { EventHub } from './hub.ts'

export interface StreamOptions {
  /** How often a comment is sent when nothing happens, so that nobody on the way takes the stream for dead, in milliseconds; 15,000. */
  readonly heartbeat?: number
  /** How long a stream may be, in milliseconds, so that a caller has to prove again who it is; 10 minutes when left out. */
  readonly maxAge?: number
  /** Streams of one tenant at the same time; 100 when left out. */
  readonly readers?: number
}

export const streamDefaults = { heartbeat: 15_000, maxAge: 600_000, readers: 100 }

/** Events that are made text at once. */
const PAGE = 100

/** The place after which a reader wants to go on: nothing for one that comes first, −1 for one that another process gave it. */
export function readPlace(header: string | undefined, epoch: string): number | undefined {
  if (header === undefined || header === '') return undefined
  const at = header.lastIndexOf('.')
  const place = header.slice(at + 1)
  return header.slice(0, at) === epoch && /^\d{1,15}$/.test(place) ? Number(place) : -1
}

export interface StreamTerms {
  readonly hub: EventHub
  readonly tenant: string
  /** Of `readPlace`. */
  readonly place: number | undefined
  /** Milliseconds since the epoch. */
  readonly now: () => number
}

export function eventStream(terms: StreamTerms, options: Required<StreamOptions>): ReadableStream<Uint8Array> {
  const { hub, tenant, place } = terms
  const feed = hub.feed(tenant)
  let after = place ?? feed.last
  let begun = false
  let over = false
  let wake = (): void => {}
  const end = (): void => {
    over = true
    wake()
  }
  const stopListening = feed.listen(() => wake())
  const stop = (): void => {
    clearTimeout(limit)
    stopListening()
  }
  const limit = setTimeout(() => {
    end()
    // Also where nobody has ever read.
    stop()
  }, options.maxAge)
  /** What can be sent now; undefined when that is nothing. */
  const take = (): string | undefined => {
    const { gap, events } = feed.read(after, PAGE)
    const first = !begun
    begun = true
    after = events.at(-1)?.place ?? feed.last
    if (gap && !first) {
      over = true
      return ownEvent(terms, 'sallyport.events.cut.v1', 'read too slowly: what came next is no longer kept')
    }
    const missed = gap
      ? ownEvent(terms, 'sallyport.events.gap.v1', 'events between the last one and these were missed')
      : ''
    const text = missed + events.map((placed) => frame(hub.epoch, placed)).join('')
    // An answer without a byte may not be passed on: a comment shows that the stream has begun.
    return text === '' && !first ? undefined : text || ': \n\n'
  }
  const encoder = new TextEncoder()
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        let text = take()
        while (text === undefined && !over && !feed.ended) text = (await pause(options.heartbeat)) ? take() : ': \n\n'
        if (text !== undefined) controller.enqueue(encoder.encode(text))
        if (!over && !feed.ended) return
        stop()
        controller.close()
      },
      cancel() {
        end()
        stop()
      },
    },
    // Nothing is made before somebody reads.
    { highWaterMark: 0 },
  )

  /** Until something happens (true), or for so long. */
  function pause(milliseconds: number): Promise<boolean> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve(false), milliseconds)
      wake = () => {
        clearTimeout(timer)
        resolve(true)
      }
    })
  }
}

/** JSON has no ends of lines outside of its escapes, so that one `data` line holds it. */
function frame(epoch: string, { place, event }: Placed): string {
  return `id: ${epoch}.${place}\nevent: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`
}

/** An event for this reader alone. It has no place, so that the reader comes back to the one before it. */
function ownEvent({ tenant, now }: StreamTerms, type: string, reason: string): string {
  const event = serviceEvent({ type, tenant, id: crypto.randomUUID(), now: now(), data: { reason } })
  return `event: ${type}\ndata: ${JSON.stringify(event)}\n\n`
}
