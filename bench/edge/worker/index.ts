/**
 * What the Worker of examples/edge does for a request, but for the origin and the budget, as many times as the query says. The clock of a
 * Worker stands still while it computes, so the client reads the clock.
 */
import { createLocalJWKSet, exportJWK, generateKeyPair, SignJWT } from 'jose'
import { loadEngine } from 'sallyport/edge'
import { createAuthorizer, fetchMiddleware, subjectFromJwt } from 'sallyport/middleware'
import image from '../../../build/bench/edge.image'
import { actionOf, resourceOf } from '../../../examples/edge/edge/src/question.ts'

type Work = (times: number) => Promise<number> | number

const NOW = 1_767_225_600_000

let prepared: Promise<Readonly<Record<string, Work>>> | undefined

async function prepare(): Promise<Readonly<Record<string, Work>>> {
  const engine = await loadEngine(new Uint8Array(image))
  const { privateKey, publicKey } = await generateKeyPair('ES256')
  const [issuer, audience] = ['https://as.example.com', 'https://cdn.example.com']
  const token = await new SignJWT({ sub: 'ann', act: { sub: 'crawler' } })
    .setProtectedHeader({ alg: 'ES256' })
    .setIssuer(issuer)
    .setAudience(audience)
    .setExpirationTime('1h')
    .sign(privateKey)
  const keys = createLocalJWKSet({ keys: [{ ...(await exportJWK(publicKey)), alg: 'ES256' }] })
  const subject = subjectFromJwt({ issuer, audience, keys, now: Date.now })
  const authorizer = createAuthorizer({ engine, subject, now: Date.now })
  const check = fetchMiddleware(authorizer).requirePermission('read', resourceOf)(() => new Response('let through'))
  const agent = { type: 'agent', id: 'crawler', on_behalf_of: { type: 'user', id: 'ann' } }
  const asked = Array.from({ length: 4096 }, (_, i) => ({
    subject: agent,
    action: { name: 'read' },
    resource: { type: 'path', id: `/reports/${i}` },
  }))
  return {
    /** From requests to decisions. */
    evaluate(times) {
      let allowed = 0
      for (let i = 0; i < times; i++) {
        if (engine.evaluate(asked[i & 4095] ?? asked[0]!, { now: NOW }).decision) allowed++
      }
      return allowed
    },
    /** From a URL and a subject to a decision. */
    decide(times) {
      let allowed = 0
      for (let i = 0; i < times; i++) {
        const incoming = {
          method: 'GET',
          url: `https://cdn.example.com/reports/${i % 4096}`,
          header: () => undefined,
          params: {},
        }
        const request = {
          subject: agent,
          action: { name: actionOf(incoming.method) ?? '' },
          resource: resourceOf(incoming),
        }
        if (engine.evaluate(request, { now: NOW }).decision) allowed++
      }
      return allowed
    },
    /** From a request with a token to a response of the handler. */
    async check(times) {
      let allowed = 0
      for (let i = 0; i < times; i++) {
        const headers = { Authorization: `Bearer ${token}` }
        const response = await check(new Request(`https://cdn.example.com/reports/${i}`, { headers }))
        if (response.status === 200) allowed++
      }
      return allowed
    },
  }
}

export default {
  async fetch(request: Request): Promise<Response> {
    const { pathname, searchParams } = new URL(request.url)
    prepared ??= prepare()
    const work = (await prepared)[pathname.slice(1)]
    return Response.json(work === undefined ? 'ready' : await work(Number(searchParams.get('times'))))
  },
}
