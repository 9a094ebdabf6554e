/** The work on D1, and in Durable Objects, of which each tenant has one. Timed by whoever asks: clocks stand still in Workers. */
import { DurableObject } from 'cloudflare:workers'
import { type D1Binding, d1Store } from '../../../src/store/d1/index.ts'
import { durableObjectStore } from '../../../src/store/durable-object/index.ts'
import type { Store } from '../../../src/store/port.ts'
import { prepare, run, TENANTS, type Work } from '../work.ts'

interface Objects {
  getByName(name: string): { prepare(number: number): Promise<void>; work(work: Work): Promise<void> }
}

interface Env {
  readonly DB: D1Binding
  readonly OBJECT: Objects
}

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    const { pathname } = new URL(request.url)
    if (pathname === '/') return new Response('ready')
    const work = request.method === 'POST' ? ((await request.json()) as Work) : undefined
    if (pathname.startsWith('/d1')) await onD1(env.DB, work)
    else await inObjects(env.OBJECT, work)
    return new Response('done')
  },
}

async function onD1(binding: D1Binding, work: Work | undefined): Promise<void> {
  const store = await d1Store(binding, { migrate: work === undefined })
  if (work !== undefined) return run(store, work)
  for (let number = 0; number < TENANTS; number++) await prepare(store, number)
}

async function inObjects(objects: Objects, work: Work | undefined): Promise<void> {
  const count = work?.tenants ?? TENANTS
  await Promise.all(
    Array.from({ length: count }, (_, number) => {
      const object = objects.getByName(`bench ${number}`)
      if (work === undefined) return object.prepare(number)
      const share = { count: Math.ceil(work.count / count), atOnce: Math.ceil(work.atOnce / count) }
      return object.work({ ...work, ...share, from: number, tenants: 1 })
    }),
  )
}

export class TenantObject extends DurableObject<Env> {
  #store: Promise<Store> | undefined

  async prepare(number: number): Promise<void> {
    await prepare(await this.#open(), number)
  }

  async work(work: Work): Promise<void> {
    await run(await this.#open(), work)
  }

  #open(): Promise<Store> {
    this.#store ??= durableObjectStore(this.ctx.storage)
    return this.#store
  }
}
