/** What `serve` tells of what happens: its flags for streams and webhooks. */
import type { AppOptions } from '../service/app.ts'
import { EventHub, eventWebhook } from '../service/events/index.ts'
import type { Send } from '../service/public-fetch.ts'
import { systemTimer } from '../service/timer.ts'
import { usage } from './arguments.ts'
import type { Options } from './command.ts'
import { type Io, print } from './io.ts'

export const eventOptions = {
  events: { type: 'boolean', description: 'Stream what happens in a tenant at /v1/events. Needs --keys or --auth.' },
  webhook: {
    type: 'string',
    hint: 'URL',
    description: 'Post what happens in all tenants there, signed with SALLYPORT_WEBHOOK_SECRET of the environment.',
  },
} as const satisfies Options

interface EventFlags {
  readonly events: boolean
  readonly webhook: string | undefined
  /** Those of the callers. */
  readonly keys: string | undefined
  readonly auth: string | undefined
}

/** How long a webhook has for what is still to be sent when the service stops, in milliseconds. */
const LAST_CHANCE = 5_000

type Engines = NonNullable<AppOptions['engines']>

export interface ServedEvents {
  /** Undefined when nothing is told to anybody. */
  readonly hub: EventHub | undefined
  /** For `createApp`. */
  readonly options: Pick<AppOptions, 'events'>
  /** Policies were loaded again. */
  readonly reloaded: () => Promise<void>
  readonly end: () => Promise<void>
}

/** @throws SallyportError `E_USAGE`, `E_ADDRESS` */
export async function startEvents(
  { events, webhook, keys, auth }: EventFlags,
  engines: Engines,
  send: Send,
  io: Io,
): Promise<ServedEvents> {
  if (!events && webhook === undefined)
    return { hub: undefined, options: {}, reloaded: async () => {}, end: async () => {} }
  if (events && keys === undefined && auth === undefined) {
    throw usage('--events needs --keys or --auth: events tell who did what, so it has to be known who reads them')
  }
  const hub = new EventHub({ now: io.now, newId: () => crypto.randomUUID() })
  hub.policies(engines)
  const sender = webhook === undefined ? undefined : await startWebhooks(webhook, hub, engines, send, io)
  return {
    hub,
    options: { events: { hub, stream: events ? {} : 'none' } },
    async reloaded() {
      await sender?.follow()
      hub.policies(engines)
    },
    async end() {
      hub.end()
      await sender?.end()
    },
  }
}

/** A sender for each tenant; for those that come later, too. */
async function startWebhooks(url: string, hub: EventHub, engines: Engines, post: Send, io: Io) {
  const secret = io.env.SALLYPORT_WEBHOOK_SECRET
  if (secret === undefined) throw usage('--webhook needs SALLYPORT_WEBHOOK_SECRET in the environment: whsec_…')
  const stop = new AbortController()
  const send: Send = async (to, init) => {
    const response = await post(to, init)
    // Nobody reads it, and until then it holds the connection.
    await response.body?.cancel()
    return response
  }
  const sending = new Map<string, Promise<void>>()
  const onLost = (error: unknown) => {
    const detail = error instanceof Error ? error.message : String(error)
    print(io.stderr, `warning: events for the webhook were lost: ${detail}  E_WEBHOOK`)
  }
  const start = async (tenant: string) => {
    const run = await eventWebhook({ hub, tenant, url, secret, timer: systemTimer, now: io.now, onLost, send })
    const sent = run(stop.signal).finally(() => sending.delete(tenant))
    sending.set(tenant, sent)
  }
  const follow = async () => {
    for (const tenant of engines.keys()) if (!sending.has(tenant)) await start(tenant)
  }
  await follow()
  return {
    follow,
    async end() {
      // No more events come: the senders end when all are delivered.
      const sent = Promise.allSettled(sending.values())
      await Promise.race([sent, systemTimer.wait(LAST_CHANCE, stop.signal)])
      stop.abort()
      await sent
    },
  }
}
