/**
 * What agents may use: a Durable Object for each, which is the only one that counts for it, with its own SQLite. The policies have allowed the
 * request already, where it came in; here they only say who is counted.
 */
import { DurableObject } from 'cloudflare:workers'
import { type AccessRequest, createEngine } from 'sallyport'
import { createGuard, type Guard } from 'sallyport/guard'
import { durableObjectStore } from 'sallyport/store/durable-object'

interface Env {
  readonly PER_MINUTE: string
}

const policies = {
  version: 1,
  tenant: 'budgets',
  rules: [{ id: 'counted', allow: '*', to: { type: 'agent' } }],
} as const

export class AgentBudget extends DurableObject<Env> {
  #guard: Promise<Guard> | undefined

  /** Takes one use, when there is one left. */
  async spend(request: AccessRequest): Promise<{ decision: boolean; code: string; reason: string }> {
    this.#guard ??= this.#open()
    const { subject, action, resource } = request
    const { decision, code, reason } = await (await this.#guard).authorize({ subject, action, resource })
    return { decision, code, reason }
  }

  async #open(): Promise<Guard> {
    return createGuard({
      engine: await createEngine({ policies }),
      store: await durableObjectStore(this.ctx.storage),
      clock: Date.now,
      random: (length) => crypto.getRandomValues(new Uint8Array(length)),
      limits: [{ name: 'requests', per: 'subject', over: { sliding: '1m' }, denyAbove: Number(this.env.PER_MINUTE) }],
    })
  }
}

export default {
  /** Nobody asks this Worker over HTTP. */
  fetch: () => new Response('not found', { status: 404 }),
}
