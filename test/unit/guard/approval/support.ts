/** A tenant in which purging is reviewed, with people who may approve it. */
import { createEngine } from '../../../../src/engine/index.ts'
import type { AccessRequest, Subject } from '../../../../src/engine/types.ts'
import { SallyportError } from '../../../../src/errors.ts'
import { type ApprovalSettings, Approvals } from '../../../../src/guard/approval/index.ts'
import type { Review } from '../../../../src/guard/approval/review.ts'
import type { Approval } from '../../../../src/policy/document.ts'
import { memoryStore } from '../../../../src/store/memory/index.ts'
import type { TenantStore } from '../../../../src/store/port.ts'

export const hour = 3_600_000
export const start = Date.UTC(2026, 3, 15, 10)

export function user(id: string, ...roles: string[]): Subject {
  return { type: 'user', id, ...(roles.length > 0 && { properties: { roles } }) }
}

export function purge(subject: Subject = user('eve'), id = 'r1'): AccessRequest {
  return { subject, action: { name: 'purge' }, resource: { type: 'record', id }, context: { why: 'old' } }
}

export interface World {
  readonly approvals: Approvals
  readonly store: TenantStore
  /** Reviews the request as the policies of now decide it. */
  readonly ask: (request?: AccessRequest) => Promise<Review>
  /** The id of the first pending request that it makes. */
  readonly open: (request?: AccessRequest) => Promise<string>
  readonly pass: (milliseconds: number) => void
  readonly replace: (approval: Approval) => Promise<void>
}

const policies = (approval: Approval) => ({
  version: 1 as const,
  roles: { director: ['manager'], manager: [] },
  relations: { user: {}, agent: {}, group: { member: ['user'] }, record: { owner: ['user', 'group#member'] } },
  entities: {
    subjects: [
      { type: 'user', id: 'mia', roles: ['manager'] },
      { type: 'user', id: 'max', roles: ['manager'] },
      { type: 'user', id: 'dan', roles: ['director'] },
    ],
    tuples: [
      'group:eng#member@user:gil',
      'group:eng#member@user:eve',
      'record:r1#owner@user:olga',
      'record:r1#owner@group:eng#member',
    ],
  },
  rules: [{ id: 'purge', review: 'purge', on: 'record', approval }],
})

export async function world(approval: Approval, settings?: ApprovalSettings): Promise<World> {
  let now = start
  const engine = await createEngine({ policies: policies(approval) })
  const store = memoryStore().tenant('default')
  const approvals = new Approvals({ engine, relations: undefined, store, now: () => now }, settings)
  const ask = async (request: AccessRequest = purge()) => {
    const decision = engine.evaluate(request, { now })
    return approvals.review({ request, imageId: decision.imageId, required: approvals.demandedBy(decision) })
  }
  return {
    approvals,
    store,
    ask,
    open: async (request) => {
      const review = await ask(request)
      if (review.outcome !== 'pending') throw new Error(`not pending: ${review.outcome}`)
      return review.rows[0]?.id ?? ''
    },
    pass: (milliseconds) => {
      now += milliseconds
    },
    replace: (other) => engine.replacePolicies(policies(other)),
  }
}

/** The code of the error that a promise rejects with. */
export async function codeOf(work: Promise<unknown>): Promise<string> {
  try {
    await work
  } catch (error) {
    if (error instanceof SallyportError) return error.code
    throw error
  }
  return 'no error'
}

/** Writes what an approved review claims: whether it could be used. */
export async function use({ store }: World, review: Review): Promise<boolean> {
  if (review.outcome !== 'approved') return false
  return (await store.write(review.claims)).applied
}
