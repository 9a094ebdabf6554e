/** The decision API over real guards, and its own client: for tests. */
import type { Hono } from 'hono'
import { exportJWK, generateKeyPair } from 'jose'
import { type Client, createClient } from '../../../src/client/index.ts'
import { createEngine } from '../../../src/engine/index.ts'
import type { Engine, Subject } from '../../../src/engine/types.ts'
import { createGuard } from '../../../src/guard/guard.ts'
import { createProofIssuer } from '../../../src/identity/index.ts'
import type { Turns } from '../../../src/pace.ts'
import { decisionApi } from '../../../src/service/api/index.ts'
import { createApp } from '../../../src/service/app.ts'
import type { Api } from '../../../src/service/operation/api.ts'
import { memoryStore } from '../../../src/store/memory/index.ts'

export const start = Date.parse('2026-05-01T12:00:00Z')

export const policies = (tenant: string) => ({
  version: 1 as const,
  tenant,
  roles: { editor: [], manager: [] },
  entities: {
    subjects: [
      { type: 'user', id: 'ann', roles: ['editor'] },
      { type: 'user', id: 'mia', roles: ['manager'] },
    ],
    resources: [
      { type: 'trip', id: 't1' },
      { type: 'trip', id: 't2' },
    ],
  },
  rules: [
    { id: 'people', allow: 'travel:*', on: 'trip', to: { type: 'user' } },
    { id: 'edit', allow: 'edit', to: { role: 'editor' } },
    { id: 'vip', allow: 'lounge', when: { 'subject.vip': true } },
    { id: 'checked', allow: 'checked', when: { 'context.ok': { eq: true, trusted: true } } },
    { id: 'purge', review: 'purge', on: 'record', approval: { by: 'role:manager', within: '4h' } },
  ],
})

export interface ApiUnderTest {
  readonly app: Hono
  readonly engines: Map<string, Engine>
  /** The operations in force. */
  readonly api: Api
  now: number
  /** A client of a caller: `pep` may state any subject, `user-ann` is Ann, others are nothing. */
  as(caller: string, tenant?: string): Client
}

/** Callers of tests: `x-caller` names them. */
function subjectOf(id: string): Subject | undefined {
  const [type, name] = id.split('-')
  if (type === 'user' && name !== undefined) return { type, id: name, properties: { vip: name === 'ann' } }
  return type === 'agent' && name !== undefined ? { type, id: name } : undefined
}

/** Who signs proofs, as verifiers know it. */
export const issuer = 'https://authz.example.com'
const { privateKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true })
const proofs = createProofIssuer({ issuer, jwk: await exportJWK(privateKey) })

export async function apiUnderTest({
  proving = true,
  turns,
}: {
  readonly proving?: boolean
  readonly turns?: Turns
} = {}): Promise<ApiUnderTest> {
  const engines = new Map<string, Engine>()
  for (const tenant of ['default', 'acme']) {
    engines.set(tenant, await createEngine({ policies: policies(tenant) }))
  }
  const store = memoryStore()
  const guard = (engine: Engine) =>
    createGuard({
      engine,
      store,
      clock: () => under.now,
      random: (length) => crypto.getRandomValues(new Uint8Array(length)),
      approvals: { sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)) },
    })
  const api = decisionApi({ guard, subjectOf: ({ id }) => subjectOf(id), ...(proving && { proofs }) })
  const app = createApp({
    engines,
    apis: [api],
    now: () => under.now,
    ...(turns && { turns }),
    identify: ({ headers }) => {
      const [id, type = 'service'] = headers.get('x-caller')?.split('/').reverse() ?? []
      if (id === undefined) return undefined
      return { id, type, tenants: 'all', attributes: id.startsWith('pep') ? { permissions: ['act_for:any'] } : {} }
    },
  })
  const under: ApiUnderTest = {
    app,
    engines,
    api,
    now: start,
    as: (caller, tenant) =>
      createClient({
        url: 'http://localhost',
        headers: { 'X-Caller': caller },
        fetch: async (request) => app.fetch(request),
        ...(tenant !== undefined && { tenant }),
      }),
  }
  return under
}
