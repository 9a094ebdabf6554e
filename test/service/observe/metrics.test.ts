import { describe, expect, it } from 'vitest'
import { createApp } from '../../../src/service/app.ts'
import { Registry } from '../../../src/service/metrics/registry.ts'
import { serviceMetrics } from '../../../src/service/observe/index.ts'
import { bearer, engines, keysOf } from '../auth/support.ts'
import { post, request } from '../support.ts'

const now = () => 1_777_636_800_000
function service(options: object = {}) {
  const metrics = serviceMetrics(engines, now)
  return createApp({ engines, metrics, now, ...options })
}
const rowsOf = (text: string, name: string) =>
  text.split('\n').filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `))

describe('/metrics', () => {
  it('counts requests by route, and decisions by tenant, outcome and code', async () => {
    const app = service()
    await post(app, '/tenants/acme/access/v1/evaluation', request)
    await post(app, '/tenants/acme/access/v1/evaluation', { ...request, action: { name: 'write' } })
    const batch = { ...request, evaluations: [{}, { action: { name: 'write' } }] }
    await post(app, '/tenants/bolt/access/v1/evaluations', batch)
    await post(app, '/tenants/nobody/access/v1/evaluation', request)
    await app.request('/nothing/here?secret=1')
    const response = await app.request('/metrics')
    expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8')
    const text = await response.text()
    expect(rowsOf(text, 'sallyport_decisions_total')).toEqual([
      'sallyport_decisions_total{tenant="acme",outcome="allow",code="matched"} 1',
      'sallyport_decisions_total{tenant="acme",outcome="deny",code="no_match"} 1',
      'sallyport_decisions_total{tenant="bolt",outcome="allow",code="matched"} 1',
      'sallyport_decisions_total{tenant="bolt",outcome="deny",code="no_match"} 1',
    ])
    expect(rowsOf(text, 'sallyport_http_requests_total')).toEqual([
      'sallyport_http_requests_total{method="POST",route="/tenants/:tenant/access/v1/evaluation",status="200"} 2',
      'sallyport_http_requests_total{method="POST",route="/tenants/:tenant/access/v1/evaluations",status="200"} 1',
      'sallyport_http_requests_total{method="POST",route="/tenants/:tenant/access/v1/evaluation",status="404"} 1',
      'sallyport_http_requests_total{method="GET",route="none",status="404"} 1',
    ])
    expect(rowsOf(text, 'sallyport_http_requests_in_flight')).toEqual(['sallyport_http_requests_in_flight 1'])
    expect(text).toMatch(/_duration_seconds_bucket\{method="POST",route="[^"]+evaluation",le="\+Inf"\} 3\n/)
    expect(text).toMatch(/^sallyport_image_since_timestamp_seconds\{tenant="acme",image="[0-9a-f]{12}"\} 1777636800$/m)
    expect(text).not.toContain('secret')
  })

  it('are in a form that Prometheus reads', async () => {
    const app = service()
    await post(app, '/tenants/acme/access/v1/evaluation', request)
    const label = String.raw`[a-z_]+="(?:[^"\\\n]|\\[\\"n])*"`
    const line = new RegExp(
      String.raw`^(?:# (?:HELP|TYPE) [a-z_]+ .+|[a-z_]+(?:\{${label}(?:,${label})*\})? [\d.e+-]+)$`,
    )
    const text = await (await app.request('/metrics')).text()
    expect(text.endsWith('\n')).toBe(true)
    for (const row of text.trimEnd().split('\n')) expect(row).toMatch(line)
  })

  it('tell of rates', async () => {
    const app = service({ rates: { tenant: { requests: 1, per: 1000 } } })
    for (let i = 0; i < 3; i++) await post(app, '/tenants/acme/access/v1/evaluation', request)
    expect(rowsOf(await (await app.request('/metrics')).text(), 'sallyport_rate_limited_total')).toEqual([
      'sallyport_rate_limited_total{limit="tenant"} 2',
    ])
  })

  it('are of all tenants, and so not for callers of some', async () => {
    const { made, identify } = await keysOf([{}, { tenants: 'all' }])
    const app = service({ identify })
    const status = async (i: number) => (await app.request('/metrics', { headers: bearer(made[i]?.key ?? '') })).status
    expect([(await app.request('/metrics')).status, await status(0), await status(1)]).toEqual([401, 404, 200])
  })

  it('are not there when nobody asked for them', async () => {
    expect((await createApp({ engines }).request('/metrics')).status).toBe(404)
  })
})

describe('a registry', () => {
  it('keeps so many rows of a metric, and one for all others', () => {
    const registry = new Registry()
    const count = registry.counter('c', 'Counts.', ['name'])
    for (let i = 0; i < 5000; i++) count([`name ${i}`])
    count(['name 3'])
    const rows = rowsOf(registry.text(), 'c')
    expect(rows.length).toBe(1001)
    expect(rows).toContain('c{name="name 3"} 2')
    expect(rows).toContain('c{name="other"} 4000')
  })

  it('escapes values of labels', () => {
    const registry = new Registry()
    registry.counter('c', 'Counts.', ['name'])(['a"b\\c\nd'])
    expect(rowsOf(registry.text(), 'c')).toEqual(['c{name="a\\"b\\\\c\\nd"} 1'])
  })

  it('puts what is on the edge of a bucket into it, and counts buckets up', () => {
    const registry = new Registry()
    const observe = registry.histogram('h', 'Spreads.', [], [1, 2])
    for (const value of [0.5, 1, 1.5, 2, 3]) observe([], value)
    expect(registry.text().split('\n').slice(2, 7)).toEqual([
      'h_bucket{le="1"} 2',
      'h_bucket{le="2"} 4',
      'h_bucket{le="+Inf"} 5',
      'h_sum 8',
      'h_count 5',
    ])
  })
})
