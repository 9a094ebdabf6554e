import { generateKeyPair } from 'jose'
import { describe, expect, it } from 'vitest'
import { subjectFromJwt } from '../../src/middleware/index.ts'
import { audience, issuer, keys, now, subject, tokenOf } from './support.ts'

const incoming = (authorization: string | undefined) => ({
  method: 'GET',
  url: '/',
  params: {},
  header: (name: string) => (name === 'authorization' ? authorization : undefined),
})
const ask = async (token: string, identify = subject) => identify(incoming(`Bearer ${token}`))
const seconds = now / 1000

describe('a bearer token', () => {
  it('is the subject, with the actors of act', async () => {
    expect(await ask(await tokenOf({ sub: 'ann', client_id: 'app' }))).toEqual({
      type: 'user',
      id: 'ann',
      properties: { iss: issuer, client_id: 'app' },
    })
    expect(await ask(await tokenOf({ sub: 'ann', act: { sub: 'b', act: { sub: 'a' } } }))).toMatchObject({
      type: 'agent',
      id: 'b',
      on_behalf_of: { type: 'agent', id: 'a', on_behalf_of: { type: 'user', id: 'ann' } },
    })
  })

  it.each([
    ['expired', { exp: seconds }],
    ['without an end', { exp: undefined }],
    ['not yet valid', { nbf: seconds + 1 }],
    ['of another issuer', { iss: 'https://evil.example.com' }],
    ['of no issuer', { iss: undefined }],
    ['for someone else', { aud: 'https://other.example.com' }],
    ['for nobody', { aud: undefined }],
    ['about nobody', { sub: undefined }],
    ['about an empty name', { sub: '' }],
    ['with a broken act', { act: 'b' }],
    [
      'with too many actors',
      { act: Array.from({ length: 70 }).reduce<object>((act) => ({ sub: 'x', act }), { sub: 'x' }) },
    ],
  ])('is none when it is %s', async (_name, claims) => {
    expect(await ask(await tokenOf({ sub: 'ann', ...claims }))).toBeUndefined()
  })

  it('is none under another key, algorithm or name of a key', async () => {
    const [header = '', payload = '', signature = ''] = (await tokenOf({ sub: 'ann' })).split('.')
    const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
    const other = await generateKeyPair('ES256')
    const shared = new TextEncoder().encode('a secret that is long enough for it')
    for (const token of [
      await tokenOf({ sub: 'ann' }, {}, other.privateKey),
      await tokenOf({ sub: 'ann' }, { alg: 'HS256' }, shared),
      await tokenOf({ sub: 'ann' }, { kid: 'k2' }),
      `${encode({ alg: 'none' })}.${payload}.`,
      `${encode({ alg: 'none' })}.${payload}.${signature}`,
      `${encode({ alg: 'HS256', kid: 'k1' })}.${payload}.${signature}`,
      `${header}.${encode({ iss: issuer, aud: audience, sub: 'root', exp: seconds + 60 })}.${signature}`,
      `${header}.${payload}`,
    ]) {
      expect(await ask(token), token).toBeUndefined()
    }
  })

  it('is one token in one header', async () => {
    const token = await tokenOf({ sub: 'ann' })
    for (const header of [
      undefined,
      '',
      token,
      `Basic ${token}`,
      `Bearer ${token}, Bearer ${token}`,
      `Bearer  ${token}`,
    ]) {
      expect(await subject(incoming(header)), header).toBeUndefined()
    }
    expect(await subject(incoming(`bearer ${token}`))).toMatchObject({ id: 'ann' })
  })

  it('may have to be of a type, and clocks may differ', async () => {
    const strict = subjectFromJwt({ issuer, audience, keys, now: () => now, type: 'at+jwt', tolerance: 10_000 })
    expect(await ask(await tokenOf({ sub: 'ann' }), strict)).toBeUndefined()
    expect(await ask(await tokenOf({ sub: 'ann' }, { typ: 'at+jwt' }), strict)).toMatchObject({ id: 'ann' })
    expect(await ask(await tokenOf({ sub: 'ann', exp: seconds - 5 }, { typ: 'at+jwt' }), strict)).toMatchObject({
      id: 'ann',
    })
  })

  it('does not hold for ever by a clock or a tolerance that is no number', async () => {
    const token = await tokenOf({ sub: 'ann', exp: seconds - 5 })
    for (const tolerance of [Number.NaN, -1, 300_001, '10s' as never]) {
      expect(() => subjectFromJwt({ issuer, audience, keys, now: () => now, tolerance })).toThrow('tolerance must be')
    }
    for (const time of [Number.NaN, Number.POSITIVE_INFINITY, 1e16, '2026' as never]) {
      const broken = subjectFromJwt({ issuer, audience, keys, now: () => time })
      await expect(ask(token, broken)).rejects.toMatchObject({ code: 'E_USAGE' })
    }
  })

  it('that cannot be verified for lack of keys is no missing token', async () => {
    const down = subjectFromJwt({
      issuer,
      audience,
      keys: () => Promise.reject(new Error('cannot be reached')),
      now: () => now,
    })
    await expect(ask(await tokenOf({ sub: 'ann' }), down)).rejects.toThrow('cannot be reached')
  })

  it('is never symmetric', () => {
    for (const algorithms of [['HS256'], ['none'], []]) {
      expect(() => subjectFromJwt({ issuer, audience, keys, now: () => now, algorithms })).toThrow('algorithms may be')
    }
  })
})
