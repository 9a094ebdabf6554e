/** An administered tenant over the store in memory, with a clock that stands still and ids that are counted. */
import { AdministeredTenant } from '../../src/pap/administered-tenant.ts'
import type { PapEnvironment } from '../../src/pap/environment.ts'
import type { PolicyText } from '../../src/pap/policy-text.ts'
import { memoryStore } from '../../src/store/memory/index.ts'
import type { Store } from '../../src/store/port.ts'

export const ann = { type: 'user', id: 'ann' }
export const root = { type: 'service', id: 'root' }

export function environmentOver(store: Store, tenant = 'default'): PapEnvironment {
  let made = 0
  return {
    store: store.tenant(tenant),
    now: () => 1_000_000,
    newId: (prefix) => `${prefix}_${++made}_${Math.random()}`,
  }
}

export async function openOver(store: Store = memoryStore(), tenant = 'default'): Promise<AdministeredTenant> {
  return AdministeredTenant.open(environmentOver(store, tenant))
}

export function text(rules: string, name = 'policies.yaml'): PolicyText {
  return { name, text: `version: 1\n${rules}` }
}

export const readers = text('rules: [{ id: readers, allow: read, on: page }]')
export const writers = text('rules: [{ id: writers, allow: write, on: page }]')

/** Whoever is an owner or a viewer of a document may read it. */
export const documents = text(`relations:
  user: {}
  document: { viewer: [user], owner: [user] }
rules:
  - { id: viewers, allow: read, on: document, to: { relation: viewer } }
`)
