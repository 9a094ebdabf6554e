/** What the service is told, checked, with what was left out filled in. */
import type { Profile } from '../authzen/decide.ts'
import { defaultLimits, type Limits } from '../authzen/limits.ts'
import type { Signer } from '../authzen/signer.ts'
import type { Engine } from '../engine/types.ts'
import { SallyportError } from '../errors.ts'
import { createPace, type Turns } from '../pace.ts'
import { memorySource } from '../store/entities/memory.ts'
import type { EntitySource } from '../store/entities/source.ts'
import type { IdentifyCaller } from './auth/identify.ts'
import { requireCaller } from './authenticate.ts'
import { basesBelow } from './discovery.ts'
import type { EventOptions } from './events/route.ts'
import { type RateOptions, requestLimits } from './limit/limits.ts'
import type { ServiceMetrics } from './metrics/service-metrics.ts'
import { watchDecisions } from './observe/decisions.ts'
import type { Observer } from './observe/observer.ts'
import type { Api } from './operation/api.ts'
import { pageTokens } from './page-secret.ts'
import type { PdpOptions } from './pdp.ts'
import { createTenants } from './tenants.ts'
import { systemTurns } from './timer.ts'

/** Where faults of our own go; `console` fits. */
export interface Logger {
  /** @param about by which the line of the request is found */
  error(message: string, cause: unknown, about?: { readonly requestId: string }): void
}

export interface AppOptions {
  /** The one engine, answering at the root and below `/tenants/NAME`. Give this or `engines`. */
  readonly engine?: Engine
  /**
   * Tenant → engine, each below `/tenants/NAME`; the one named `default`, or the only one, answers at the root too.
   * The map is read at every request: changes to it take effect at once.
   */
  readonly engines?: ReadonlyMap<string, Engine>
  /** Where search gets a tenant's candidates from; left out: the entities in its policies. */
  readonly source?: (engine: Engine) => EntitySource
  /** The URL under which clients reach the service, for discovery; left out: as each request sees it. */
  readonly publicUrl?: string
  /** Tells who asks; left out: everyone may, or something in front of the service sees to it. Discovery stays open. */
  readonly identify?: IdentifyCaller
  /** `WWW-Authenticate` of the answer to those whom `identify` does not know; `Bearer` when left out. */
  readonly challenge?: string
  /** How often callers, tenants and failing addresses may ask; left out: as often as they like. */
  readonly rates?: RateOptions
  /** Logs, metrics, traces: who looks on. The first one is outermost. */
  readonly observers?: readonly Observer[]
  /** Answered at `/metrics`: for everyone, or with `identify` for callers that may use all tenants. */
  readonly metrics?: ServiceMetrics
  /** What happens in a tenant, for streams at `/v1/events`, which need `identify`, and other readers. */
  readonly events?: EventOptions
  /** Whether the service is about to stop: then it is not ready, and answers all the same. */
  readonly draining?: () => boolean
  readonly limits?: Partial<Limits>
  /** The longest request body, in bytes; 1 MiB when left out. */
  readonly maxBodyBytes?: number
  /** How long a body may take to arrive, in milliseconds; 10,000 when left out. */
  readonly bodyTimeout?: number
  /**
   * Under which page tokens are sealed: 32 bytes or more, as bytes or as text of any kind, the same in all instances. Left out:
   * random, so that a token is good in this instance, until it ends.
   */
  readonly pageSecret?: string | Uint8Array
  /** URNs of AuthZEN's registry of capabilities, to declare in discovery beside those of the profiles. */
  readonly capabilities?: readonly string[]
  /** Signs the metadata, and what profiles issue; needs `publicUrl`. `createSigner` of `sallyport/authzen` makes one. */
  readonly signer?: Signer
  /** What the PDP speaks beyond the API, from `sallyport/authzen`; the last one has the last word on a decision. */
  readonly profiles?: readonly Profile[]
  /** What answers besides AuthZEN, each at the root and below every tenant's path. */
  readonly apis?: readonly Api[]
  /** The clock: milliseconds since the epoch. */
  readonly now?: () => number
  /** How long work takes, and how it lets others have a turn; left out: by the machine. */
  readonly turns?: Turns
  readonly logger?: Logger
}

/** What the app needs besides the PDP. */
export interface AppParts {
  readonly logger: Logger
  readonly observers: readonly Observer[]
  readonly metrics: ServiceMetrics | undefined
  readonly draining: () => boolean
  readonly events: EventOptions | undefined
  /** The path of the public URL, without a slash at its end; often empty. */
  readonly basePath: string
  readonly apis: readonly Api[]
}

/** @throws SallyportError `E_USAGE` when the options do not fit together. */
export function readOptions(options: AppOptions): PdpOptions & AppParts {
  const limits = { ...defaultLimits, ...options.limits }
  const publicUrl = options.publicUrl === undefined ? undefined : checkPublicUrl(options.publicUrl)
  // Else we would sign whatever a client writes into its Host header.
  if (options.signer !== undefined && publicUrl === undefined) {
    throw new SallyportError('E_USAGE', 'signer needs publicUrl: the URL that is vouched for')
  }
  const profiles = options.profiles ?? []
  if (options.identify === undefined && profiles.some(({ needsCaller }) => needsCaller)) {
    throw new SallyportError('E_USAGE', 'a profile needs to know who asks: give identify')
  }
  const streams = options.events !== undefined && options.events.stream !== 'none'
  if (options.identify === undefined && streams) {
    throw new SallyportError('E_USAGE', 'events tell who did what: give identify, so that it is known who reads them')
  }
  const { metrics } = options
  const observers = [...(options.observers ?? []), ...(metrics === undefined ? [] : [metrics])]
  const now = options.now ?? Date.now
  const rates =
    options.rates &&
    requestLimits(options.rates, now, (by) => {
      for (const observer of observers) observer.limited?.(by)
    })
  const turns = options.turns ?? systemTurns
  const authenticate = options.identify && requireCaller(options.identify, options.challenge ?? 'Bearer')
  return {
    tenants: createTenants(enginesOf(options), options.source ?? memorySource),
    limits,
    pace: () => createPace(turns, limits.time),
    body: {
      maxBytes: options.maxBodyBytes ?? 1024 * 1024,
      timeout: options.bodyTimeout ?? 10_000,
      depth: limits.depth,
    },
    tokens: pageTokens(options.pageSecret),
    profiles,
    apis: options.apis ?? [],
    capabilities: options.capabilities ?? [],
    signer: options.signer,
    baseOf: basesBelow(publicUrl),
    basePath: publicUrl === undefined ? '' : new URL(publicUrl).pathname.replace(/\/+$/, ''),
    authenticate: authenticate && rates ? rates.around(authenticate) : authenticate,
    requestLimits: rates,
    watch: watchDecisions(observers, options.events?.hub),
    events: options.events,
    observers,
    metrics,
    draining: options.draining ?? (() => false),
    now,
    logger: options.logger ?? console,
  }
}

function enginesOf({ engine, engines }: AppOptions): ReadonlyMap<string, Engine> {
  if ((engine === undefined) === (engines === undefined)) {
    throw new SallyportError('E_USAGE', 'createApp needs either engine or engines')
  }
  return engines ?? new Map(engine === undefined ? [] : [[engine.tenant, engine]])
}

function checkPublicUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined
  const isPlain = !/[?#\s]/.test(text) && url?.username === ''
  if (url === undefined || !/^https?:$/.test(url.protocol) || !isPlain || !canDecode(url.pathname)) {
    throw new SallyportError(
      'E_USAGE',
      'publicUrl must be an http or https URL without user, blanks, query and fragment, its path in UTF-8',
    )
  }
  return text.replace(/\/+$/, '')
}

function canDecode(path: string): boolean {
  try {
    return decodeURI(path) !== ''
  } catch {
    return false
  }
}
