/** `/v1/events`: the events of a tenant, for callers that may use it. */
import type { Handler } from 'hono'
import { askedOf, type PointOptions } from '../point.ts'
import { ProblemError } from '../problem.ts'
import type { EventHub } from './hub.ts'
import { eventStream, readPlace, type StreamOptions, streamDefaults } from './stream.ts'

export interface EventOptions {
  readonly hub: EventHub
  /** Of the streams at `/v1/events`; `none`: the hub has other readers. */
  readonly stream?: StreamOptions | 'none'
}

const headers = {
  'Content-Type': 'text/event-stream',
  'Cache-Control': 'no-cache, no-transform',
  // nginx would gather it.
  'X-Accel-Buffering': 'no',
}

export function eventsRoute(hub: EventHub, stream: StreamOptions, options: PointOptions): Handler {
  const settings = { ...streamDefaults, ...stream }
  return async (c) => {
    const { tenant } = await askedOf(c, options)
    if (hub.feed(tenant.name).listeners >= settings.readers) {
      const later = { headers: { 'Retry-After': '60' } }
      throw new ProblemError(429, 'E_RATE', 'too many follow the events of this tenant; try again in 60 s', later)
    }
    const place = readPlace(c.req.header('Last-Event-ID'), hub.epoch)
    // Nobody would read, or cancel, the stream of an answer to HEAD.
    if (c.req.method === 'HEAD') return c.body(null, 200, headers)
    return c.body(eventStream({ hub, tenant: tenant.name, place, now: options.now }, settings), 200, headers)
  }
}
