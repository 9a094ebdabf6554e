/**
 * Traces and metrics by OpenTelemetry's semantic conventions for HTTP servers. It needs `@opentelemetry/api`, and does nothing until the host has registered an SDK there.
 */
import {
  type Attributes,
  context,
  type MeterProvider,
  metrics,
  propagation,
  type Span,
  SpanKind,
  SpanStatusCode,
  type TracerProvider,
  trace,
} from '@opentelemetry/api'
import type { Observer, SeenRequest } from './observe/observer.ts'

export interface OpenTelemetryOptions {
  /** Left out: those that are registered. */
  readonly tracerProvider?: TracerProvider
  readonly meterProvider?: MeterProvider
}

const NAME = 'sallyport'

/** Seconds; the boundaries that the conventions advise. */
const DURATIONS = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10]

/**
 * A span of kind SERVER for each request, which goes on with the trace that `traceparent` names where the registered propagator reads it
 * (W3C Trace Context), and `http.server.request.duration`, `http.server.active_requests`, `sallyport.decisions`, `sallyport.rate_limited`.
 *
 * @example createApp({ engine, observers: [openTelemetry()] })
 */
export function openTelemetry(options: OpenTelemetryOptions = {}): Observer {
  const tracer = (options.tracerProvider ?? trace).getTracer(NAME)
  const meter = (options.meterProvider ?? metrics).getMeter(NAME)
  const duration = meter.createHistogram('http.server.request.duration', {
    description: 'Duration of HTTP server requests.',
    unit: 's',
    advice: { explicitBucketBoundaries: DURATIONS },
  })
  const active = meter.createUpDownCounter('http.server.active_requests', {
    description: 'Number of active HTTP server requests.',
    unit: '{request}',
  })
  const decisions = meter.createCounter('sallyport.decisions', { description: 'Decisions.', unit: '{decision}' })
  const limited = meter.createCounter('sallyport.rate_limited', {
    description: 'Requests refused for coming too soon.',
    unit: '{request}',
  })
  return {
    async around(seen, next) {
      const known = startAttributes(seen)
      const metered = { 'http.request.method': seen.method, 'url.scheme': known['url.scheme'] }
      const parent = propagation.extract(context.active(), seen.headers, headersGetter)
      // The name gets its route when there is one.
      const span = tracer.startSpan(seen.method, { kind: SpanKind.SERVER, attributes: known }, parent)
      const start = performance.now()
      active.add(1, metered)
      try {
        await context.with(trace.setSpan(parent, span), next)
      } finally {
        active.add(-1, metered)
        const ended = endAttributes(seen)
        duration.record((performance.now() - start) / 1000, { ...metered, ...ended })
        endSpan(span, seen, ended)
      }
    },
    decided(tenant, outcome, code) {
      decisions.add(1, { 'sallyport.tenant': tenant, 'sallyport.outcome': outcome, 'sallyport.code': code })
    },
    limited: (limit) => limited.add(1, { 'sallyport.limit': limit }),
  }
}

const headersGetter = {
  get: (headers: Headers, name: string) => headers.get(name) ?? undefined,
  keys: (headers: Headers) => [...headers.keys()],
}

/** What is known before a request is answered. The query is left out: it may hold what nobody should read. */
function startAttributes({ method, url, headers }: SeenRequest): Attributes {
  const { protocol, pathname, hostname, port } = new URL(url)
  const agent = headers.get('user-agent')
  return {
    'http.request.method': method,
    'url.scheme': protocol.slice(0, -1),
    'url.path': pathname,
    'server.address': hostname,
    ...(port === '' ? {} : { 'server.port': Number(port) }),
    ...(agent === null ? {} : { 'user_agent.original': agent }),
  }
}

/** `error.type` is for what is the server's fault, and is the status where nothing better is known. */
function endAttributes({ route, status, code }: SeenRequest): Attributes {
  return {
    'http.response.status_code': status,
    ...(route === undefined ? {} : { 'http.route': route }),
    ...(status >= 500 ? { 'error.type': code ?? String(status) } : {}),
  }
}

function endSpan(span: Span, seen: SeenRequest, ended: Attributes): void {
  const { method, route, tenant, caller, status } = seen
  if (route !== undefined) span.updateName(`${method} ${route}`)
  span.setAttributes(ended)
  if (tenant !== undefined) span.setAttribute('sallyport.tenant', tenant)
  if (caller !== undefined) span.setAttribute('sallyport.caller', caller.id)
  if (status >= 500) span.setStatus({ code: SpanStatusCode.ERROR })
  span.end()
}
