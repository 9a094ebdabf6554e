/** Tokens of OAuth token exchange become actor chains once they are verified. */
import { generateKeyPair, SignJWT } from 'jose'
import { expect, test } from 'vitest'
import { subjectFromToken } from '../../../src/identity/index.ts'
import { refusal } from '../guard/support.ts'
import { audience, hour, issuer, now } from './support.ts'

const { privateKey, publicKey } = await generateKeyPair('ES256')
const claims = { sub: 'alice', act: { sub: 'booker', act: { sub: 'planner' } } }

function token(more: object = {}, typ = 'at+jwt', key: CryptoKey | Uint8Array = privateKey, alg = 'ES256') {
  return new SignJWT({ ...claims, ...more })
    .setProtectedHeader({ alg, typ })
    .setIssuer(issuer)
    .setAudience(audience)
    .setIssuedAt(now / 1000)
    .setExpirationTime((now + hour) / 1000)
    .sign(key)
}

const expected = { issuer, audience, key: publicKey, algorithms: ['ES256'], typ: 'at+jwt', now }

test('the current actor asks, on behalf of those before it', async () => {
  expect(await subjectFromToken(await token(), expected)).toEqual({
    type: 'agent',
    id: 'booker',
    on_behalf_of: {
      type: 'agent',
      id: 'planner',
      on_behalf_of: { type: 'user', id: 'alice', properties: { iss: issuer } },
    },
  })
  const alone = await subjectFromToken(await token({ act: undefined }), {
    ...expected,
    rootType: 'person',
    properties: [],
  })
  expect(alone).toEqual({ type: 'person', id: 'alice' })
})

test('what is not verified is nobody', async () => {
  const other = (await generateKeyPair('ES256')).privateKey
  const refused = async (made: Promise<string> | string, more: object = {}) =>
    refusal(subjectFromToken(await made, { ...expected, ...more }))
  expect(await refused(token({}, 'at+jwt', other))).toBe('E_PROOF')
  expect(await refused(token({}, 'JWT'))).toBe('E_PROOF')
  expect(await refused('x')).toBe('E_PROOF')
  expect(await refused(token(), { issuer: 'https://other.example' })).toBe('E_PROOF')
  expect(await refused(token(), { audience: 'https://other.example' })).toBe('E_PROOF')
  expect(await refused(token(), { algorithms: ['RS256'] })).toBe('E_PROOF')
  expect(await refused(token(), { now: now + hour })).toBe('E_PROOF_EXPIRED')
  expect(await refused(token({ act: 'planner' }))).toBe('E_REQUEST')
})

test('a clock or a tolerance that is no number lets nothing pass', async () => {
  const made = await token()
  const late = { ...expected, now: now + 2 * hour }
  for (const tolerance of [Number.NaN, -1, 300_001, '2h' as never]) {
    expect(await refusal(subjectFromToken(made, { ...late, tolerance }))).toBe('E_USAGE')
  }
  for (const time of [Number.NaN, Number.POSITIVE_INFINITY, 1e16]) {
    expect(await refusal(subjectFromToken(made, { ...expected, now: time }))).toBe('E_USAGE')
  }
})

test('shared secrets are not accepted', async () => {
  const secret = new TextEncoder().encode('0123456789abcdef0123456789abcdef')
  const made = await token({}, 'at+jwt', secret, 'HS256')
  for (const algorithms of [['HS256'], ['none'], ['ES256', 'HS256'], []]) {
    expect(await refusal(subjectFromToken(made, { ...expected, algorithms }))).toBe('E_USAGE')
  }
})
