/** Events as signed webhooks: for receivers that do not keep a stream open. */
import { SallyportError } from '../../errors.ts'
import { webhookSigner } from '../../guard/webhook-signature.ts'
import { checkAddress } from '../../http/address.ts'
import type { Timer } from '../../store/timer.ts'
import type { ServiceEvent } from './event.ts'
import type { Feed } from './feed.ts'
import type { EventHub } from './hub.ts'

export interface EventWebhookOptions {
  readonly hub: EventHub
  readonly tenant: string
  /** https, or http on this machine. */
  readonly url: string
  /** 24 to 64 random bytes, in base64 and after `whsec_`. */
  readonly secret: string
  readonly timer: Timer
  /** Milliseconds since the epoch. */
  readonly now: () => number
  /** Which events; left out: all. */
  readonly wants?: (event: ServiceEvent) => boolean
  readonly send?: (url: string, init: RequestInit) => Promise<Pick<Response, 'ok' | 'status'>>
  /** How often an event is sent again when it is not taken; 5 when left out. Waits are 1 s, 2 s, 4 s and so on. */
  readonly retries?: number
  /** How long an answer may take, in milliseconds; 10,000 when left out. */
  readonly timeout?: number
  /** Events were not delivered: this one, or with the code of a gap those that came faster than they were taken. */
  readonly onLost?: (error: unknown, event: ServiceEvent | undefined) => void
}

const PAGE = 100

/** Sends events, one after the other and in order, until the signal is aborted. */
export type SendEvents = (signal: AbortSignal) => Promise<void>

/**
 * Makes what sends the events of a tenant from now on.
 *
 * A receiver sees each event once or more; `webhook-id` and the event's `id` are the same each time.
 *
 * @throws SallyportError `E_ADDRESS` for an address without TLS, `E_USAGE` for a secret that is none
 * @example const send = await eventWebhook({ hub, tenant: 'acme', url, secret, timer, now: Date.now }); send(stop.signal)
 */
export async function eventWebhook(options: EventWebhookOptions): Promise<SendEvents> {
  const { hub, tenant, wants = () => true, onLost, timer } = options
  checkAddress(options.url, 'the address of the webhook')
  const feed = hub.feed(tenant)
  // Before anything is waited for: from now on means from this call on.
  let after = feed.last
  const post = await poster(options)
  return async (signal) => {
    while (!signal.aborted) {
      const { gap, events } = feed.read(after, PAGE)
      if (gap)
        onLost?.(new SallyportError('E_WEBHOOK', 'the webhook takes events more slowly than they come'), undefined)
      for (const { place, event } of events) {
        if (signal.aborted) break
        if (wants(event)) await deliver(post, event, options, signal)
        after = place
      }
      if (events.length > 0) continue
      if (feed.ended) return
      const wake = new AbortController()
      const stop = feed.listen(() => wake.abort())
      await timer.wait(60_000, AbortSignal.any([signal, wake.signal]))
      stop()
    }
    const left = unsent(feed, after, wants)
    if (left > 0) onLost?.(new SallyportError('E_WEBHOOK', `it was stopped before ${left} events were sent`), undefined)
  }
}

/** How many events are still to be sent. */
function unsent(feed: Feed, first: number, wants: (event: ServiceEvent) => boolean): number {
  let count = 0
  for (let after = first; ; ) {
    const { events } = feed.read(after, PAGE)
    count += events.filter(({ event }) => wants(event)).length
    const last = events.at(-1)
    if (last === undefined) return count
    after = last.place
  }
}

async function deliver(
  post: Post,
  event: ServiceEvent,
  { retries = 5, timer, onLost }: EventWebhookOptions,
  signal: AbortSignal,
): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await post(event, signal)
    } catch (error) {
      if (attempt >= retries || signal.aborted) return onLost?.(error, event)
      await timer.wait(1000 * 2 ** attempt, signal)
    }
  }
}

/** The signal ends a request that is under way. */
type Post = (event: ServiceEvent, signal: AbortSignal) => Promise<void>

async function poster(options: EventWebhookOptions): Promise<Post> {
  const { url, secret, now, send = fetch, timeout = 10_000 } = options
  const sign = webhookSigner(secret)
  // A wrong secret is told at once, and not at the first event.
  await sign('', 0, '')
  return async (event, stopped) => {
    const body = JSON.stringify(event)
    // The structured mode of the HTTP binding (CloudEvents 1.0, HTTP protocol binding, section 3.2).
    const headers = { 'content-type': 'application/cloudevents+json', ...(await sign(event.id, now(), body)) }
    const signal = AbortSignal.any([AbortSignal.timeout(timeout), stopped])
    const { ok, status } = await send(url, { method: 'POST', headers, body, redirect: 'error', signal })
    if (!ok) throw new SallyportError('E_WEBHOOK', `the webhook answered with status ${status}`)
  }
}
