/** What the tests of the middlewares share: policies, tokens, and the same questions to an application in each framework. */
import { createLocalJWKSet, exportJWK, generateKeyPair, SignJWT } from 'jose'
import { describe, expect, it } from 'vitest'
import { createEngine } from '../../src/engine/index.ts'
import { type AuthorizerOptions, createAuthorizer, subjectFromJwt } from '../../src/middleware/index.ts'

export const issuer = 'https://as.example.com'
export const audience = 'https://api.example.com'
export const now = Date.parse('2026-05-01T12:00:00Z')

export const engine = await createEngine({
  policies: {
    version: 1,
    roles: { editor: [] },
    entities: {
      subjects: [{ type: 'user', id: 'ann', roles: ['editor'] }],
      resources: [{ type: 'record', id: 'r-2', properties: { archived: true } }],
    },
    rules: [
      { id: 'ann-reads', allow: 'read', on: 'record', to: { role: 'editor' } },
      {
        id: 'agents-for-editors',
        allow: 'read',
        on: 'record',
        to: { type: 'agent' },
        when: { 'chain.root.id': 'ann' },
      },
      {
        id: 'archive',
        deny: 'read',
        on: 'record',
        when: { 'resource.archived': { eq: true, otherwise: false } },
        because: 'archived',
      },
      { id: 'purge', review: 'purge', on: 'record', to: { role: 'editor' } },
      { id: 'export', allow: 'export', on: 'record', to: { role: 'editor' }, obligations: [{ id: 'watermark' }] },
    ],
  },
})

const { privateKey, publicKey } = await generateKeyPair('ES256')
const kid = 'k1'
export const keys = createLocalJWKSet({ keys: [{ ...(await exportJWK(publicKey)), kid, alg: 'ES256' }] })

/** A token of the issuer for an hour, unless told otherwise. */
export async function tokenOf(
  claims: Readonly<Record<string, unknown>>,
  header: object = {},
  key: CryptoKey | Uint8Array = privateKey,
): Promise<string> {
  const iat = now / 1000
  const payload = { iss: issuer, aud: audience, iat, exp: iat + 3600, ...claims }
  return new SignJWT(payload).setProtectedHeader({ alg: 'ES256', kid, ...header }).sign(key)
}

export const subject = subjectFromJwt({ issuer, audience, keys, now: () => now })

export function authorizer(options: Partial<AuthorizerOptions> = {}) {
  return createAuthorizer({ engine, subject, now: () => now, ...options })
}

/** Routes that each test application has; `who` answers with what the middleware found out. */
export const review = ({ request }: { readonly request: { readonly resource: { readonly id: string } } }) =>
  `https://api.example.com/approvals/${request.resource.id}`

export interface Answered {
  readonly status: number
  readonly headers: Headers
  readonly body: unknown
}

/** Asks an application for a path with a token. */
export type Ask = (method: string, path: string, token?: string) => Promise<Response>

/** What every application has to answer, whatever its framework. */
export function describeRoutes(framework: string, ask: Ask): void {
  const get = async (path: string, token?: string, method = 'GET'): Promise<Answered> => {
    const response = await ask(method, path, token)
    const text = await response.text()
    return { status: response.status, headers: response.headers, body: text === '' ? undefined : JSON.parse(text) }
  }
  describe(framework, () => {
    it('lets pass what is allowed, and tells the handler who asks', async () => {
      const answer = await get('/records/r-1', await tokenOf({ sub: 'ann' }))
      expect(answer).toMatchObject({
        status: 200,
        body: { id: 'r-1', subject: { type: 'user', id: 'ann' }, code: 'matched' },
      })
    })

    it('knows the chain of a delegated token', async () => {
      const claims = { sub: 'ann', act: { sub: 'planner' } }
      const answer = await get('/records/r-1', await tokenOf(claims))
      expect(answer).toMatchObject({
        status: 200,
        body: { subject: { type: 'agent', id: 'planner', on_behalf_of: { type: 'user', id: 'ann' } } },
      })
      expect((await get('/records/r-1', await tokenOf({ sub: 'bob', act: { sub: 'planner' } }))).status).toBe(403)
    })

    it('answers a denial with 403 and Problem Details', async () => {
      for (const [path, sub] of [
        ['/records/r-2', 'ann'],
        ['/records/r-1', 'eve'],
      ] as const) {
        const answer = await get(path, await tokenOf({ sub }))
        expect(answer.status).toBe(403)
        expect(answer.headers.get('content-type')).toBe('application/problem+json')
        expect(answer.headers.get('cache-control')).toBe('no-store')
        expect(answer.body).toEqual({
          title: 'Forbidden',
          status: 403,
          code: 'E_DENIED',
          detail: 'you may not do this',
        })
      }
    })

    it('answers nobody with 401, and how to be somebody', async () => {
      for (const token of [undefined, 'x', `${await tokenOf({ sub: 'ann' })}x`]) {
        const answer = await get('/records/r-1', token)
        expect(answer).toMatchObject({ status: 401, body: { code: 'E_UNAUTHENTICATED' } })
        expect(answer.headers.get('www-authenticate')).toBe('Bearer')
        expect(answer.headers.get('content-type')).toBe('application/problem+json')
      }
    })

    it('answers a review with 202, and where to look', async () => {
      const answer = await get('/records/r-1', await tokenOf({ sub: 'ann' }), 'DELETE')
      expect(answer).toMatchObject({ status: 202, body: { status: 'review' } })
      expect(answer.headers.get('location')).toBe('https://api.example.com/approvals/r-1')
    })

    it('asks for the kind of actor', async () => {
      const delegated = await tokenOf({ sub: 'ann', act: { sub: 'planner' } })
      expect(await get('/agents', delegated)).toMatchObject({ status: 200, body: { subject: { type: 'agent' } } })
      expect(await get('/agents', await tokenOf({ sub: 'ann' }))).toMatchObject({
        status: 403,
        body: { code: 'E_ACTOR' },
      })
      expect((await get('/agents')).status).toBe(401)
    })

    it('lets no handler run when the check itself fails', async () => {
      const answer = await ask('GET', '/broken', await tokenOf({ sub: 'ann' }))
      expect(answer.status).toBe(500)
      expect(await answer.text()).not.toContain('"id"')
    })
  })
}
