/** What the service counts for Prometheus. */
import type { Engine } from '../../engine/types.ts'
import type { Observer } from '../observe/observer.ts'
import { Registry } from './registry.ts'

/** Seconds. Most answers take less than a millisecond; the rest is what waits for databases and slow clients. */
const DURATIONS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

export interface ServiceMetrics extends Observer {
  /** In the exposition format, 0.0.4. */
  text(): string
  /** Measures something at every reading. */
  gauge: Registry['gauge']
}

/**
 * Metrics of one app, for `createApp({ metrics })`, which has them look on as well.
 *
 * @param engines the same map that the app has
 * @param now milliseconds since the epoch
 */
export function serviceMetrics(engines: ReadonlyMap<string, Engine>, now: () => number): ServiceMetrics {
  const registry = new Registry()
  let inFlight = 0
  const requests = registry.counter('sallyport_http_requests_total', 'Requests answered.', [
    'method',
    'route',
    'status',
  ])
  const durations = registry.histogram(
    'sallyport_http_request_duration_seconds',
    'From the head of a request to that of its answer.',
    ['method', 'route'],
    DURATIONS,
  )
  const decisions = registry.counter('sallyport_decisions_total', 'Decisions by outcome and reason code.', [
    'tenant',
    'outcome',
    'code',
  ])
  const limited = registry.counter('sallyport_rate_limited_total', 'Requests refused for coming too soon.', ['limit'])
  registry.gauge('sallyport_http_requests_in_flight', 'Requests that wait for their answer.', [], () => [
    [[], inFlight],
  ])
  registry.gauge(
    'sallyport_image_since_timestamp_seconds',
    'Since when the policies in force are, as far as readings tell; the image is the first digits of its id.',
    ['tenant', 'image'],
    sightings(engines, now),
  )
  return {
    async around(seen, next) {
      const start = performance.now()
      inFlight++
      try {
        await next()
      } finally {
        inFlight--
        const route = seen.route ?? 'none'
        requests([seen.method, route, String(seen.status)])
        durations([seen.method, route], (performance.now() - start) / 1000)
      }
    },
    decided: (tenant, outcome, code) => decisions([tenant, outcome, code]),
    limited: (limit) => limited([limit]),
    text: () => registry.text(),
    gauge: registry.gauge.bind(registry),
  }
}

/** Tenant and image → when they were first seen together. */
function sightings(engines: ReadonlyMap<string, Engine>, now: () => number) {
  const since = new Map<string, { readonly image: string; readonly at: number }>()
  const read = (): [string[], number][] => {
    for (const tenant of since.keys()) if (!engines.has(tenant)) since.delete(tenant)
    return [...engines].map(([tenant, engine]) => {
      const image = engine.image.id.slice(0, 12)
      const before = since.get(tenant)
      const sight = before?.image === image ? before : { image, at: now() / 1000 }
      since.set(tenant, sight)
      return [[tenant, image], sight.at]
    })
  }
  read()
  return read
}
