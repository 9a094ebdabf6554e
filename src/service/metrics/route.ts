/** `/metrics`, for a Prometheus server. */
import type { Handler } from 'hono'
import type { Authenticate } from '../authenticate.ts'
import { unknownPath } from '../problem.ts'
import type { ServiceMetrics } from './service-metrics.ts'

/** Metrics are of all tenants: where callers say who they are, only those see them who may use all. */
export function metricsRoute(metrics: ServiceMetrics, authenticate: Authenticate | undefined): Handler {
  return async (c) => {
    const caller = await authenticate?.(c)
    if (caller !== undefined && caller.tenants !== 'all') throw unknownPath()
    return c.text(metrics.text(), 200, { 'Content-Type': 'text/plain; version=0.0.4; charset=utf-8' })
  }
}
