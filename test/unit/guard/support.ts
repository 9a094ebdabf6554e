/** A guard over the store in memory, with a clock that tests move and ids that are counted. */
import { expect } from 'vitest'
import type { AccessRequest } from '../../../src/engine/types.ts'
import { createGuard, type DelegationTerms, type Guard, type GuardOptions } from '../../../src/guard/index.ts'
import { createEngine } from '../../../src/index.ts'
import type { PolicyInput } from '../../../src/policy/index.ts'
import { memoryStore } from '../../../src/store/memory/index.ts'
import type { Store } from '../../../src/store/port.ts'
import { countedBytes } from '../../support/counted-bytes.ts'

export const start = Date.UTC(2026, 0, 1)

export interface Setting {
  readonly guard: Guard
  readonly store: Store
  /** Moves on by so many milliseconds. */
  readonly pass: (milliseconds: number) => void
}

export async function guardOver(policies: PolicyInput, options: Partial<GuardOptions> = {}): Promise<Setting> {
  let now = start
  const store = options.store ?? memoryStore()
  const guard = createGuard({
    engine: await createEngine({ policies }),
    store,
    clock: () => now,
    random: countedBytes(),
    ...options,
  })
  return {
    guard,
    store,
    pass: (milliseconds) => {
      now += milliseconds
    },
  }
}

export const user = (id: string, properties?: Record<string, unknown>) => ({
  type: 'user',
  id,
  ...(properties && { properties }),
})
export const agent = (id: string) => ({ type: 'agent', id })
export const ann = user('ann')
export const bob = user('bob')
export const bot = agent('bot')
export const sub = agent('sub')

/** Ann and bob may do everything to trips but delete them; agents may do nothing. */
export const trips: PolicyInput = {
  version: 1,
  rules: [
    { id: 'people', allow: ['travel:*', 'read'], on: 'trip', to: { type: 'user', id: ['ann', 'bob'] } },
    { id: 'frozen', deny: '*', on: { type: 'trip', id: 'frozen' } },
  ],
}

export function ask(subject: AccessRequest['subject'], action: string, id = 't1', type = 'trip'): AccessRequest {
  return { subject, action: { name: action }, resource: { type, id } }
}

export function terms(more: Partial<DelegationTerms> = {}): DelegationTerms {
  return { by: ann, grantor: ann, grantee: bot, scopes: [{ actions: 'travel:*', on: 'trip' }], ...more }
}

export async function refusal(promise: Promise<unknown>): Promise<string> {
  const error: unknown = await promise.then(
    () => undefined,
    (caught: unknown) => caught,
  )
  expect(error, 'it is refused').toBeInstanceOf(Error)
  return (error as { code: string }).code
}
