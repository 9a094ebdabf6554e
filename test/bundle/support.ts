import { gunzipSync } from 'node:zlib'
import { exportJWK, generateKeyPair, type JWK } from 'jose'
import { parseTar } from 'nanotar'
import { createEngine } from '../../src/index.ts'

export async function newKey(alg = 'EdDSA'): Promise<{ readonly secret: JWK; readonly open: JWK }> {
  const pair = await generateKeyPair(alg, { extractable: true })
  return { secret: { ...(await exportJWK(pair.privateKey)), alg }, open: { ...(await exportJWK(pair.publicKey)), alg } }
}

export async function imageOf(tenant: string, action = 'read'): Promise<Uint8Array> {
  const { image } = await createEngine({ policies: { version: 1, tenant, rules: [{ id: action, allow: action }] } })
  return image.bytes
}

export const ask = (name = 'read') => ({
  subject: { type: 'user', id: 'ann' },
  action: { name },
  resource: { type: 'page', id: '1' },
})

/** What is in a bundle, read by others. */
export function unpack(bundle: Uint8Array): { name: string; data: Uint8Array }[] {
  const tar = new Uint8Array(gunzipSync(bundle))
  return parseTar(tar).map(({ name, data }) => ({ name, data: new Uint8Array(data ?? []) }))
}
