/** The guards that `serve` answers the decision API with: its flags, and the store they keep things in. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Caller } from '../authzen/decide.ts'
import type { Engine, Subject } from '../engine/types.ts'
import { createGuard, type Guard } from '../guard/guard.ts'
import type { ProofIssuer } from '../identity/issuer.ts'
import { decisionApi } from '../service/api/index.ts'
import type { AppOptions } from '../service/app.ts'
import { type EventHub, followStore } from '../service/events/index.ts'
import { type Observer, observedSink } from '../service/observe/index.ts'
import { systemTimer } from '../service/timer.ts'
import type { Store } from '../store/port.ts'
import { usage } from './arguments.ts'
import type { Options } from './command.ts'
import { reportFailure } from './failure.ts'
import type { Io } from './io.ts'
import { openStore } from './serve-store.ts'

export const guardOptions = {
  store: {
    type: 'string',
    hint: 'URL',
    description:
      'Where the guard keeps things: sqlite:FILE or postgres://… (sallyport db init), or memory, the default.',
  },
  'subject-type': {
    type: 'string',
    hint: 'TYPE',
    description: 'Callers with a token are subjects of this type in the decision API, and act for themselves.',
  },
} as const satisfies Options

export interface GuardFlags {
  readonly store: string | undefined
  readonly 'subject-type': string | undefined
  readonly host: string | undefined
  readonly 'public-url': string | undefined
}

export interface ServedGuards {
  /** For `createApp`; empty where the decision API is off. */
  readonly options: Pick<AppOptions, 'apis'>
  /** What the operator should know of it; undefined: nothing. */
  readonly notice: string | undefined
  readonly end: () => Promise<void>
}

/** What guards have to do with the rest of the service. */
export interface Surroundings {
  /** Whether callers prove who they are. */
  readonly authenticated: boolean
  readonly hub: EventHub | undefined
  /** Those of the tenants that there are now. */
  readonly engines: ReadonlyMap<string, Engine>
  /** Who looks on at decisions. */
  readonly observers: readonly Observer[]
  readonly pageSecret: string | undefined
  readonly proofs: ProofIssuer | undefined
  /** One that is open already, and closed by who opened it. */
  readonly store: Store | undefined
}

/** How often guards write down what time has brought about, in milliseconds. */
const SWEEP_EVERY = 60_000

/** @throws SallyportError `E_USAGE`, `E_FILE`, `E_PLATFORM`, `E_STORE…` */
export async function startGuards(flags: GuardFlags, around: Surroundings, io: Io): Promise<ServedGuards> {
  const { store: url, 'subject-type': subjectType, host, 'public-url': publicUrl } = flags
  const here = isLoopback(host ?? '127.0.0.1') && publicUrl === undefined
  if (!around.authenticated && !here) {
    if (url !== undefined) throw usage('--store needs --keys or --auth, unless the service is for this machine alone')
    return { options: {}, notice: 'The decision API is off: it needs --keys or --auth.', end: async () => {} }
  }
  const { store, close } =
    around.store === undefined ? await openStore(url ?? 'memory', io) : { store: around.store, close: async () => {} }
  const guards = new Map<string, { readonly guard: Guard; readonly stop: AbortController }>()
  const make = (engine: Engine): Guard => {
    const guard = guardOf(engine, store, around, io)
    // Another engine of the same tenant goes on following.
    const known = guards.get(engine.tenant)
    const stop = known?.stop ?? new AbortController()
    guards.set(engine.tenant, { guard, stop })
    if (known === undefined && around.hub !== undefined) follow(store, engine.tenant, around.hub, stop.signal, io)
    return guard
  }
  const timer = setInterval(() => {
    for (const [tenant, { guard, stop }] of guards) {
      if (around.engines.has(tenant)) sweep(guard, io)
      else {
        // Tenants come and go; one that is back gets a guard at its first request.
        stop.abort()
        guards.delete(tenant)
      }
    }
  }, SWEEP_EVERY)
  timer.unref()
  const api = decisionApi({
    guard: make,
    ...(subjectType !== undefined && { subjectOf: (caller: Caller) => tokenSubject(caller, subjectType) }),
    ...(!around.authenticated && { anonymous: localCaller }),
    ...(around.proofs !== undefined && { proofs: around.proofs }),
    ...(around.pageSecret !== undefined && { pageSecret: around.pageSecret }),
  })
  return {
    options: { apis: [api] },
    notice: undefined,
    async end() {
      clearInterval(timer)
      for (const { stop } of guards.values()) stop.abort()
      await Promise.all([...guards.values()].map(({ guard }) => guard.log?.flush()))
      await close()
    },
  }
}

function guardOf(engine: Engine, store: Store, { hub, observers }: Surroundings, io: Io): Guard {
  const told = hub?.sink(engine.tenant)
  const sink = observers.length > 0 ? observedSink(engine.tenant, observers, told) : told
  return createGuard({
    engine,
    store,
    clock: io.now,
    random: (length) => crypto.getRandomValues(new Uint8Array(length)),
    approvals: { sleep: (milliseconds, signal) => sleep(milliseconds, undefined, { signal, ref: false }) },
    ...(sink && { log: { sink, whenFull: 'drop' } }),
  })
}

/** Who reaches a service that is for this machine alone may do what anybody on it may. Not by another name: a web page could make up one for this address. */
function localCaller(base: string): Caller | undefined {
  if (!isLoopback(new URL(base).hostname)) return undefined
  const attributes = { permissions: ['act_for:any'] }
  return { id: 'local', type: 'service', tenants: 'all', attributes, proof: 'callback' }
}

function isLoopback(host: string): boolean {
  return /^(?:localhost|127(?:\.\d{1,3}){3}|\[?::1\]?)$/.test(host)
}

/** A caller with a token is a subject by what the token says; one with a key is an enforcement point, or nothing. */
function tokenSubject({ id, proof, attributes }: Caller, type: string): Subject | undefined {
  return proof === 'jwt' ? { type, id, properties: attributes } : undefined
}

function follow(store: Store, tenant: string, hub: EventHub, signal: AbortSignal, io: Io): void {
  const onFault = (error: unknown) => reportFailure(error, io)
  followStore({ hub, store: store.tenant(tenant), timer: systemTimer, onFault }, signal).catch(onFault)
}

function sweep(guard: Guard, io: Io): void {
  guard.sweep().catch((error) => reportFailure(error, io))
}
