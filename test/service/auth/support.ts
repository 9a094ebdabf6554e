/** What the tests of callers share: keys, tokens, and an app with two tenants that says who it took the caller for. */

import type { Hono } from 'hono'
import { createLocalJWKSet, exportJWK, generateKeyPair, SignJWT } from 'jose'
import { createEngine } from '../../../src/engine/index.ts'
import { createApp } from '../../../src/service/app.ts'
import {
  apiKeys,
  createApiKey,
  type IdentifyCaller,
  InvalidCredentials,
  jwtCallers,
  readApiKeys,
} from '../../../src/service/auth/index.ts'

export const now = Date.parse('2026-05-01T12:00:00Z')
export const issuer = 'https://as.example.com'
export const audience = 'https://pdp.example.com'
export const random = (length: number) => crypto.getRandomValues(new Uint8Array(length))

const pair = await generateKeyPair('RS256', { extractable: true })
export const publicJwk = { ...(await exportJWK(pair.publicKey)), kid: 'k1', alg: 'RS256' }
export const jwks = createLocalJWKSet({ keys: [publicJwk] })

/** A token of the issuer for an hour, unless told otherwise. */
export async function tokenOf(
  claims: Readonly<Record<string, unknown>> = {},
  header: object = {},
  key: CryptoKey | Uint8Array = pair.privateKey,
): Promise<string> {
  const iat = now / 1000
  const payload = { iss: issuer, aud: audience, sub: 'pep-jwt', iat, exp: iat + 3600, tenants: ['acme'], ...claims }
  return new SignJWT(payload).setProtectedHeader({ alg: 'RS256', typ: 'at+jwt', kid: 'k1', ...header }).sign(key)
}

export const byToken = jwtCallers({
  issuer,
  audience,
  keys: jwks,
  type: 'at+jwt',
  tenants: { claim: 'tenants' },
  attributes: ['roles'],
  now: () => now,
})

/** Keys of callers, with what `apiKeys` takes. */
export async function keysOf(records: readonly object[]) {
  const made = await Promise.all(records.map(() => createApiKey(random)))
  const keys = made.map(({ id, sha256 }, i) => ({ id, sha256, caller: 'pep', tenants: ['acme'], ...records[i] }))
  return { made, identify: apiKeys({ keys: readApiKeys({ keys }), now: () => now }), document: { keys } }
}

/** Who a request is of; `invalid` for credentials that are wrong. */
export async function who(identify: IdentifyCaller, headers: HeadersInit, peer?: string) {
  try {
    return await identify(new Request('https://pdp.example.com/', { headers }), { peer })
  } catch (error) {
    if (error instanceof InvalidCredentials) return 'invalid'
    throw error
  }
}

export const bearer = (token: string) => ({ Authorization: `Bearer ${token}` })

const policies = (tenant: string) => ({
  version: 1 as const,
  tenant,
  rules: [{ id: `${tenant}-reads`, allow: 'read' }],
})
export const engines = new Map(
  await Promise.all(
    ['default', 'acme', 'bolt'].map(
      async (tenant) => [tenant, await createEngine({ policies: policies(tenant) })] as const,
    ),
  ),
)

export function appFor(identify: IdentifyCaller): Hono {
  return createApp({
    engines,
    identify,
    now: () => now,
    logger: {
      error: (_message, cause) => {
        throw cause
      },
    },
  })
}
