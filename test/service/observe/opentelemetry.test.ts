/** With the real SDK: what it would export, kept in memory. */
import { context, propagation, trace } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import { W3CTraceContextPropagator } from '@opentelemetry/core'
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics'
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createApp } from '../../../src/service/app.ts'
import { openTelemetry } from '../../../src/service/opentelemetry.ts'
import { bearer, engines, keysOf } from '../auth/support.ts'
import { post, request } from '../support.ts'

const spans = new InMemorySpanExporter()
const tracerProvider = new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter: spans })] })
const exported = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE)
const metricReader = new PeriodicExportingMetricReader({
  exporter: exported,
  exportIntervalMillis: 1_000_000,
  exportTimeoutMillis: 1000,
})
const meterProvider = new MeterProvider({ readers: [metricReader] })

beforeAll(() => {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
  propagation.setGlobalPropagator(new W3CTraceContextPropagator())
})
afterAll(async () => {
  context.disable()
  propagation.disable()
  await meterProvider.shutdown()
})
beforeEach(() => spans.reset())

const observer = openTelemetry({ tracerProvider, meterProvider })
const app = createApp({ engines, observers: [observer] })
const path = '/tenants/acme/access/v1/evaluation'

describe('a request', () => {
  it('is a span of the trace that it comes with, named by its route', async () => {
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
    await post(app, `${path}?token=secret`, request, { traceparent, 'User-Agent': 'test/1' })
    const [span] = spans.getFinishedSpans()
    expect(span?.name).toBe('POST /tenants/:tenant/access/v1/evaluation')
    expect(span?.spanContext().traceId).toBe('0af7651916cd43dd8448eb211c80319c')
    expect(span?.parentSpanContext).toMatchObject({ spanId: 'b7ad6b7169203331', isRemote: true })
    expect(span?.kind).toBe(1)
    expect(span?.status.code).toBe(0)
    expect(span?.attributes).toEqual({
      'http.request.method': 'POST',
      'http.response.status_code': 200,
      'http.route': '/tenants/:tenant/access/v1/evaluation',
      'sallyport.tenant': 'acme',
      'server.address': 'localhost',
      'url.path': path,
      'url.scheme': 'http',
      'user_agent.original': 'test/1',
    })
  })

  it('begins a trace when it comes with none, or with one that is none', async () => {
    for (const traceparent of [undefined, '00-0-0-0', 'x'.repeat(1000)]) {
      spans.reset()
      await post(app, path, request, traceparent === undefined ? {} : { traceparent })
      const [span] = spans.getFinishedSpans()
      expect(span?.parentSpanContext).toBeUndefined()
      expect(span?.spanContext().traceId).toMatch(/^(?!0+$)[0-9a-f]{32}$/)
    }
  })

  it('is around what is done for it: spans of hosts lie inside', async () => {
    const { made, identify } = await keysOf([{}])
    const tracer = tracerProvider.getTracer('host')
    const inside = createApp({
      engines,
      observers: [observer],
      identify: (incoming, origin) =>
        tracer.startActiveSpan('identify', (span) => {
          span.end()
          return identify(incoming, origin)
        }),
    })
    await post(inside, path, request, bearer(made[0]?.key ?? ''))
    const [child, parent] = spans.getFinishedSpans()
    expect(child?.parentSpanContext?.spanId).toBe(parent?.spanContext().spanId)
    expect(parent?.attributes['sallyport.caller']).toBe('pep')
    expect(trace.getActiveSpan()).toBeUndefined()
  })

  it('that fails for a fault of ours is an error; a denial, or a mistake of the client, is none', async () => {
    await post(app, path, { ...request, action: { name: 'write' } })
    await post(app, path, '{')
    const source = () => {
      throw new Error('gone')
    }
    const broken = createApp({ engines, observers: [observer], source, logger: { error: () => {} } })
    await post(broken, path, request)
    const seen = spans.getFinishedSpans().map(({ status, attributes }) => [status.code, attributes['error.type']])
    expect(seen).toEqual([
      [0, undefined],
      [0, undefined],
      [2, 'E_INTERNAL'],
    ])
  })

  it('to no route has no name but its method', async () => {
    await app.request('/nothing/here')
    await app.request('/healthz', { method: 'BREW' })
    expect(spans.getFinishedSpans().map(({ name }) => name)).toEqual(['GET', '_OTHER'])
  })
})

it('durations, requests that wait, and decisions are measured', async () => {
  await post(app, path, request)
  await metricReader.forceFlush()
  const found = exported.getMetrics().at(-1)?.scopeMetrics[0]?.metrics ?? []
  const metric = (name: string) => found.find(({ descriptor }) => descriptor.name === name)
  expect(metric('http.server.request.duration')?.descriptor.unit).toBe('s')
  const measured = metric('http.server.request.duration')?.dataPoints.map(({ attributes }) => attributes)
  expect(measured).toContainEqual({
    'http.request.method': 'POST',
    'url.scheme': 'http',
    'http.route': '/tenants/:tenant/access/v1/evaluation',
    'http.response.status_code': 200,
  })
  expect(metric('http.server.active_requests')?.dataPoints.every(({ value }) => value === 0)).toBe(true)
  const decided = metric('sallyport.decisions')?.dataPoints ?? []
  expect(decided.map(({ attributes }) => attributes)).toEqual([
    { 'sallyport.tenant': 'acme', 'sallyport.outcome': 'allow', 'sallyport.code': 'matched' },
    { 'sallyport.tenant': 'acme', 'sallyport.outcome': 'deny', 'sallyport.code': 'no_match' },
  ])
})

it('does nothing by itself: without an SDK, answers are the same', async () => {
  const plain = createApp({ engines, observers: [openTelemetry()] })
  expect(await post(plain, path, request)).toMatchObject({ status: 200, body: { decision: true } })
})
