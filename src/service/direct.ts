/**
 * The direct way to an evaluation, for requests about which nothing but their head, their body and the engine has a say:
 * without a Request and a Response, which cost more than the decision. It answers what is in order, with 200. All else is
 * the app's, which then sees the request as if nothing had been tried; so there is one place that refuses.
 */
import { defaultLimits } from '../authzen/limits.ts'
import { paths } from '../authzen/metadata.ts'
import type { Engine } from '../engine/types.ts'
import { isRequestError, SallyportError } from '../errors.ts'
import { contentTypeMistake } from './body.ts'
import { readFields } from './head.ts'
import type { AppOptions } from './options.ts'
import type { PdpOptions } from './pdp.ts'
import { isRequestId } from './request-id.ts'
import { isAmbiguousTarget } from './target.ts'

/** The request line and the head. */
export interface RequestHead {
  readonly method: string | undefined
  /** As it came: a path, with a query if it has one. */
  readonly target: string | undefined
  /** Names and values in turn. */
  readonly fields: readonly string[]
}

export interface DirectQuestion {
  readonly engine: Engine
  /** Bytes of the body. */
  readonly length: number
  /** To be echoed. */
  readonly requestId: string | undefined
}

export interface DirectWay {
  /** What a request asks whose body the app would read; undefined where it is the app's. */
  ask(head: RequestHead): DirectQuestion | undefined
  /** The body of the answer, JSON, in `into` where that has room; undefined where it is the app's. */
  answer(question: DirectQuestion, body: Uint8Array, into: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> | undefined
}

/** Options that leave an evaluation as it is. Closed: with any other, among them all that are still to come, requests are the app's. */
const withoutSay: ReadonlySet<string> = new Set<keyof AppOptions>([
  'engine',
  'engines',
  'source',
  'apis',
  'publicUrl',
  'challenge',
  'limits',
  'maxBodyBytes',
  'bodyTimeout',
  'pageSecret',
  'capabilities',
  'signer',
  'draining',
  'now',
  'turns',
  'logger',
])

/** The way that goes with an app, by the function that would be called: who wraps that has a say. */
const ways = new WeakMap<object, DirectWay>()

export function directWayOf(fetch: object): DirectWay | undefined {
  return ways.get(fetch)
}

export function offerDirectWay(fetch: object, way: DirectWay): void {
  ways.set(fetch, way)
}

/** The direct way with these options; undefined when something has a say. */
export function directWay(options: AppOptions, pdp: PdpOptions): DirectWay | undefined {
  const given = Object.entries(options).flatMap(([name, value]) => (value === undefined ? [] : name))
  if (!given.every((name) => withoutSay.has(name)) || pdp.body.depth !== defaultLimits.depth) return undefined
  return {
    ask({ method, target, fields }) {
      const tenant = method === 'POST' && target !== undefined ? tenantAt(target) : null
      if (tenant === null) return undefined
      const head = readFields(fields)
      if (head?.host === undefined || !plainHost.test(head.host)) return undefined
      if (head.length === undefined || contentTypeMistake(head.type) !== undefined) return undefined
      const length = Number(head.length)
      const engine = length > 0 && length <= pdp.body.maxBytes ? pdp.tenants.find(tenant)?.engine : undefined
      const { requestId } = head
      return engine && { engine, length, requestId: requestId && isRequestId(requestId) ? requestId : undefined }
    },
    answer({ engine }, body, into) {
      try {
        return engine.evaluateJson(body, { now: pdp.now(), into })
      } catch (error) {
        if (error instanceof SallyportError && isRequestError(error)) return undefined
        throw error
      }
    },
  }
}

/** Hosts of which there is nothing to find out. */
const plainHost = /^[a-z0-9._-]+(?::\d{1,5})?$/i

/** The tenant that a target names, undefined for the one at the root; null when it is no evaluation. */
function tenantAt(target: string): string | undefined | null {
  if (target === paths.evaluation) return undefined
  if (!target.endsWith(paths.evaluation) || isAmbiguousTarget(target)) return null
  return /^\/tenants\/([\w.~-]+)$/.exec(target.slice(0, -paths.evaluation.length))?.[1] ?? null
}
