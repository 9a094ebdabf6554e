/** Runs the contract in a Worker: on D1, and inside a Durable Object. Answers with what failed, by the name of the check. */
import { DurableObject } from 'cloudflare:workers'
import { type D1Binding, d1Store } from '../../../src/store/d1/index.ts'
import { durableObjectStore } from '../../../src/store/durable-object/index.ts'
import { type Report, reportOf } from '../report.ts'

interface Env {
  readonly DB: D1Binding
  readonly OBJECT: { getByName(name: string): { run(): Promise<Report> } }
}

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    const { pathname } = new URL(request.url)
    if (pathname === '/d1')
      return Response.json(await reportOf(await d1Store(env.DB, { migrate: true }), await d1Store(env.DB)))
    if (pathname === '/durable-object') return Response.json(await env.OBJECT.getByName('acme').run())
    if (pathname === '/d1/migrations') return Response.json(await migrateAtOnce(env.DB))
    return new Response('ready')
  },
}

export class TenantObject extends DurableObject<Env> {
  async run(): Promise<Report> {
    return reportOf(await durableObjectStore(this.ctx.storage))
  }
}

/** Two openings at once of a database without a schema, and one that then finds it. */
async function migrateAtOnce(binding: D1Binding): Promise<Report> {
  const opened = await Promise.allSettled([1, 2, 3].map(() => d1Store(binding, { migrate: true })))
  const last = await Promise.allSettled([d1Store(binding)])
  return Object.fromEntries(
    [...opened, ...last].map((it, i) => [String(i), it.status === 'fulfilled' ? null : String(it.reason)]),
  )
}
