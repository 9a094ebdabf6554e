/** Issuers whose keys cannot be had: tokens are not judged by that, and the issuer is left alone. */
import { afterEach, expect, it, vi } from 'vitest'
import { jwtCallers, remoteKeys } from '../../../src/service/auth/index.ts'
import { post, request } from '../support.ts'
import { appFor, audience, bearer, issuer, now, publicJwk, tokenOf } from './support.ts'

afterEach(() => void vi.useRealTimers())

const path = '/tenants/acme/access/v1/evaluation'

function issuerWith(first: () => Response) {
  const state = { answer: first, asked: 0, told: [] as string[] }
  const fetch = async () => {
    state.asked++
    return state.answer()
  }
  const onFault = ({ code }: { code: string }) => void state.told.push(code)
  const keys = remoteKeys({ url: 'https://as.example.com/jwks.json', fetch, onFault })
  const app = appFor(jwtCallers({ issuer, audience, keys, tenants: { claim: 'tenants' }, now: () => now }))
  return { state, ask: async (token: string) => post(app, path, request, bearer(token)) }
}

it.each([
  ['answers with 503', () => new Response('later', { status: 503 })],
  ['redirects', () => new Response(null, { status: 302, headers: { Location: 'https://other.example.com/' } })],
  ['answers no JSON', () => new Response('<html>')],
  ['answers no JWK Set', () => Response.json([])],
  ['answers more than keys', () => Response.json({ keys: [], more: 'x'.repeat(300_000) })],
  [
    'is not there',
    () => {
      throw new TypeError('fetch failed')
    },
  ],
])('one that %s: 503, and one request however many tokens come', async (_, answer) => {
  vi.useFakeTimers({ toFake: ['performance'] })
  const { state, ask } = issuerWith(answer)
  const token = await tokenOf()
  for (let i = 0; i < 20; i++) {
    const { status, headers, body } = await ask(i % 2 === 0 ? token : `${token.slice(0, -4)}AAAA`)
    expect([status, headers.get('retry-after'), body.code]).toEqual([503, '1', 'E_ISSUER_UNAVAILABLE'])
  }
  expect([state.asked, state.told]).toEqual([1, ['E_ISSUER_UNAVAILABLE']])
})

it('is asked again after pauses that double, and forgiven at once', async () => {
  vi.useFakeTimers({ toFake: ['performance'] })
  const { state, ask } = issuerWith(() => new Response('', { status: 500 }))
  const token = await tokenOf()
  const after = async (milliseconds: number) => {
    vi.advanceTimersByTime(milliseconds)
    const { status } = await ask(token)
    return [status, state.asked]
  }
  expect(await after(0)).toEqual([503, 1])
  expect(await after(999)).toEqual([503, 1])
  expect(await after(1)).toEqual([503, 2])
  expect(await after(1999)).toEqual([503, 2])
  state.answer = () => Response.json({ keys: [publicJwk] })
  expect(await after(1)).toEqual([200, 3])
  expect(await after(0)).toEqual([200, 3])
})
