import { describe, expect, it } from 'vitest'
import { createApp, type RateOptions } from '../../../src/service/app.ts'
import { bearer, engines, keysOf } from '../auth/support.ts'
import { postInit, readAnswer, request } from '../support.ts'

const second = { requests: 2, per: 1000 }
const { made, identify } = await keysOf([
  { caller: 'pep-1', tenants: ['acme', 'bolt'] },
  { caller: 'pep-1', tenants: ['acme', 'bolt'] },
  { caller: 'pep-2', tenants: ['acme', 'bolt'] },
])
const [key, second_, other] = made.map((one) => one.key) as [string, string, string]

function service(rates: RateOptions, authenticated = true) {
  let now = 0
  const app = createApp({ engines, rates, now: () => now, ...(authenticated ? { identify } : {}) })
  const ask = async (token: string | undefined, tenant = 'acme', peer?: string, path = 'access/v1/evaluation') => {
    const init = postInit({ ...request }, token === undefined ? {} : bearer(token))
    return readAnswer(await app.request(`/tenants/${tenant}/${path}`, init, { peer }))
  }
  return {
    ask,
    status: async (...args: Parameters<typeof ask>) => (await ask(...args)).status,
    wait: (time: number) => {
      now += time
    },
  }
}

describe('the rate of callers', () => {
  it('is theirs, by whichever key and in all tenants, and says what is left', async () => {
    const { ask, status, wait } = service({ caller: second })
    const first = await ask(key)
    expect(first.headers.get('ratelimit-policy')).toBe('"caller";q=2;w=1')
    expect(first.headers.get('ratelimit')).toBe('"caller";r=1;t=1')
    expect(await status(second_, 'bolt')).toBe(200)
    const refused = await ask(key)
    expect(refused).toMatchObject({ status: 429, body: { code: 'E_RATE', title: 'Too Many Requests' } })
    expect(refused.headers.get('retry-after')).toBe('1')
    expect(refused.headers.get('ratelimit')).toBe('"caller";r=0;t=1')
    expect(await status(other)).toBe(200)
    wait(500)
    expect(await status(key)).toBe(200)
  })

  it('counts probes for tenants that are not theirs', async () => {
    const { status } = service({ caller: second })
    expect([await status(key, 'x'), await status(key, 'y'), await status(key, 'z')]).toEqual([404, 404, 429])
  })

  it('is of addresses where nobody says who they are', async () => {
    const { status } = service({ caller: second }, false)
    const ask = (peer: string) => status(undefined, 'acme', peer)
    expect([await ask('1.1.1.1'), await ask('1.1.1.1'), await ask('1.1.1.1'), await ask('1.1.1.2')]).toEqual([
      200, 200, 429, 200,
    ])
    // The same half of an address of IPv6, and the same address of IPv4 by a socket for both.
    expect([await ask('2001:db8::1'), await ask('2001:db8:0:0:ffff::2'), await ask('2001:db8::3')]).toEqual([
      200, 200, 429,
    ])
    expect(await ask('2001:db8:0:1::1')).toBe(200)
    expect(await ask('::ffff:1.1.1.1')).toBe(429)
  })

  it('holds on every route of the API', async () => {
    const paths = ['evaluation', 'evaluations', 'search/subject', 'search/resource', 'search/action']
    for (const path of paths) {
      const { status } = service({ caller: { requests: 1, per: 1000 } })
      await status(key)
      expect(await status(key, 'acme', undefined, `access/v1/${path}`), path).toBe(429)
    }
  })
})

it('the rate of a tenant is of all its callers', async () => {
  const { ask, status } = service({ tenant: second, caller: { requests: 10, per: 1000 } })
  expect((await ask(key)).headers.get('ratelimit')).toBe('"caller";r=9;t=1, "tenant";r=1;t=1')
  expect([await status(other), await status(other), await status(other, 'bolt')]).toEqual([200, 429, 200])
})

describe('the rate of failures', () => {
  it('is of an address: after it, credentials are not even looked at', async () => {
    const { ask, status, wait } = service({ failures: second })
    const wrong = `${key.slice(0, -1)}${key.endsWith('A') ? 'B' : 'A'}`
    expect([await status(wrong, 'acme', '9.9.9.9'), await status(undefined, 'acme', '9.9.9.9')]).toEqual([401, 401])
    const refused = await ask(key, 'acme', '9.9.9.9')
    expect(refused).toMatchObject({ status: 429, body: { code: 'E_RATE' } })
    expect(await status(key, 'acme', '9.9.9.8')).toBe(200)
    wait(500)
    expect(await status(key, 'acme', '9.9.9.9')).toBe(200)
  })

  it('counts attempts that come at once one after the other, and lets a crowd of callers through', async () => {
    const { status } = service({ failures: second })
    const crowd = (token: string, peer: string) =>
      Promise.all(Array.from({ length: 50 }, () => status(token, 'acme', peer)))
    const wrong = await crowd('x', '9.9.9.9')
    expect([401, 429].map((code) => wrong.filter((one) => one === code).length)).toEqual([2, 48])
    expect(new Set(await crowd(key, '9.9.9.8'))).toEqual(new Set([200]))
    expect(await status(key, 'acme', '9.9.9.9')).toBe(429)
  })

  it('does not count what succeeds, nor requests whose address is not known', async () => {
    const { status } = service({ failures: second })
    for (let i = 0; i < 5; i++) expect(await status(key, 'acme', '9.9.9.9')).toBe(200)
    for (let i = 0; i < 5; i++) expect(await status('x')).toBe(401)
    expect(await status(key)).toBe(200)
  })
})

it.each([
  { requests: 0, per: 1 },
  { requests: 1.5, per: 1 },
  { requests: 1, per: 0 },
  { requests: 1, per: Number.NaN },
])('%j is no rate', (caller) => {
  expect(() => createApp({ engines, rates: { caller } })).toThrow('a rate is { requests, per }')
})
