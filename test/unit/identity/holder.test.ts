/** Whoever presents a proof shows that it is theirs. */
import { generateKeyPair, SignJWT } from 'jose'
import { describe, expect, test } from 'vitest'
import { type DpopProof, proveByDpop, proveByNonce } from '../../../src/identity/index.ts'
import { refusal } from '../guard/support.ts'
import { audience, bot, botKeys, issued, nonce, now, otherKeys, publicJwk, verified } from './support.ts'

const proof = await issued()
const url = 'https://edge.example/trips/1'

describe('by DPoP', () => {
  let ids = 0
  const made = (more: object = {}) =>
    proveByDpop({ holder: botKeys, proof, method: 'POST', url, now, id: `id-${ids++}`, ...more })
  const check = async (dpop: string | Promise<string>, more: Partial<DpopProof> = {}, of = proof) =>
    verified(of, botKeys, {
      holder: { kind: 'dpop', dpop: await dpop, method: 'POST', url, seen: () => false, ...more },
    })

  test('it is shown for this request', async () => {
    expect((await check(made())).grantee).toEqual(bot)
    expect((await check(made({ url: `${url}?a=b#c` }), { url: `${url}?x` })).grantee).toEqual(bot)
    expect((await check(made({ nonce: 'n' }), { nonce: 'n' })).grantee).toEqual(bot)
    expect((await check(made({ now: now - 60_000 }))).grantee).toEqual(bot)
  })

  test.each<[string, object, object?]>([
    ['another method', { method: 'GET' }],
    ['another path', { url: 'https://edge.example/trips/2' }],
    ['another host', { url: 'https://evil.example/trips/1' }],
    ['another proof', { proof: 'x' }],
    ['another key', { holder: otherKeys }],
    ['too old', { now: now - 61_000 }],
    ['of the future', { now: now + 61_000 }],
    ['no nonce', {}, { nonce: 'n' }],
    ['a wrong nonce', { nonce: 'm' }, { nonce: 'n' }],
    ['no id', { id: '' }],
    ['used before', {}, { seen: () => true }],
    ['no URL', {}, { url: 'edge' }],
  ])('it is refused: %s', async (_, more, asked = {}) => {
    expect(await refusal(check(made(more), asked))).toBe('E_PROOF_HOLDER')
  })

  test('an id is asked about once all else is right, with the time until which it counts', async () => {
    const asked: [string, number][] = []
    const seen = (id: string, until: number) => {
      asked.push([id, until])
      return false
    }
    await refusal(check(made({ method: 'GET' }), { seen }))
    expect(asked).toEqual([])
    await check(made({ id: 'once' }), { seen })
    expect(asked).toEqual([[expect.stringMatching(/^\S{43} once$/), now + 120_000]])
  })

  test('other tokens and other algorithms are refused', async () => {
    const claims = { htm: 'POST', htu: url, jti: 'a', iat: now / 1000 }
    const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true })
    const { exportJWK } = await import('jose')
    const jwk = await publicJwk(botKeys.publicKey)
    const tokens = [
      new SignJWT(claims).setProtectedHeader({ alg: 'EdDSA', typ: 'JWT', jwk }).sign(botKeys.privateKey),
      new SignJWT(claims).setProtectedHeader({ alg: 'EdDSA', typ: 'dpop+jwt' }).sign(botKeys.privateKey),
      new SignJWT(claims)
        .setProtectedHeader({ alg: 'ES256', typ: 'dpop+jwt', jwk: await exportJWK(publicKey) })
        .sign(privateKey),
      'x',
    ]
    for (const token of tokens) expect(await refusal(check(token))).toBe('E_PROOF_HOLDER')
  })
})

describe('by answering a nonce', () => {
  const check = (signature: string, asked: object = {}) =>
    verified(proof, botKeys, { holder: { kind: 'nonce', signature, nonce, audience, ...asked } })
  const made = (more: object = {}) => proveByNonce({ holder: botKeys, proof, nonce, audience, now, ...more })

  test('it is shown to this verifier', async () => {
    expect((await check(await made())).grantee).toEqual(bot)
  })

  test.each<[string, object, object?]>([
    ['another nonce', { nonce: 'n-2' }],
    ['no nonce at all', { nonce: '' }, { nonce: '' }],
    ['another verifier', { audience: 'https://evil.example' }],
    ['another proof', { proof: 'x' }],
    ['another key', { holder: otherKeys }],
  ])('it is refused: %s', async (_, more, asked = {}) => {
    expect(await refusal(made(more).then((signature) => check(signature, asked)))).toBe('E_PROOF_HOLDER')
  })

  test('a DPoP proof is no answer', async () => {
    const dpop = await proveByDpop({ holder: botKeys, proof, method: 'POST', url, nonce, now, id: 'x' })
    expect(await refusal(check(dpop))).toBe('E_PROOF_HOLDER')
  })
})
