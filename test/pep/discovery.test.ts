/** How the client finds the endpoints of a PDP. */
import { describe, expect, test } from 'vitest'
import { createPdpClient } from '../../src/pep/index.ts'
import { failureOf, json, metadataOf, request, startPdp } from './support.ts'

describe('discovery', () => {
  test('takes the default paths where there is no metadata', async () => {
    const { url, came } = await startPdp((response, { path }) =>
      path.startsWith('/.well-known') ? json(response, 404, {}) : json(response, 200, { decision: true }),
    )
    expect(await createPdpClient({ pdp: `${url}/tenants/acme/` }).isAllowed(request)).toBe(true)
    expect(came.map(({ path }) => path)).toEqual([
      '/.well-known/authzen-configuration/tenants/acme',
      '/tenants/acme/access/v1/evaluation',
    ])
  })

  test.each([
    ['another PDP', { policy_decision_point: 'https://evil.example' }, 'E_PDP_ANSWER'],
    ['no endpoint', {}, 'E_PDP_ANSWER'],
    ['an endpoint without TLS', { access_evaluation_endpoint: 'http://pdp.example/x' }, 'E_ADDRESS'],
  ])('refuses metadata with %s, and asks again next time', async (_, metadata, code) => {
    const { url, came } = await startPdp((response) => json(response, 200, { policy_decision_point: url, ...metadata }))
    const pdp = createPdpClient({ pdp: url })
    expect((await failureOf(pdp.evaluate(request))).code).toBe(code)
    expect((await failureOf(pdp.evaluate(request))).code).toBe(code)
    expect(came).toHaveLength(2)
  })

  test('sends to the endpoints as they are named, with their slashes and queries', async () => {
    const { url, came } = await startPdp((response, { path }) =>
      json(response, 200, path.startsWith('/.well') ? { ...metadataOf(url), ...endpoints } : { decision: true }),
    )
    const endpoints = { access_evaluation_endpoint: `${url}/e/?v=1&w=/` }
    for (const more of [{}, { endpoints }]) {
      const pdp = createPdpClient({ pdp: url, ...more })
      expect(await pdp.evaluate(request)).toEqual({ decision: true })
      expect(came.at(-1)?.path).toBe('/e/?v=1&w=/')
      expect(await pdp.endpoints()).toEqual(endpoints)
    }
  })

  test.each([
    ['/', '/', true],
    ['/', '', true],
    ['/tenants/acme/', '/tenants/acme/', true],
    ['/tenants/acme/', '/tenants/acme', true],
    ['/tenants/acme', '/tenants/acme/', false],
    ['/tenants/acme/', '/', false],
  ])('of the PDP configured with %j may be about the one with %j: %s', async (configured, named, same) => {
    const { url } = await startPdp((response, { path }) =>
      json(
        response,
        200,
        path.startsWith('/.well') ? { ...metadataOf(url), policy_decision_point: url + named } : { decision: true },
      ),
    )
    const asked = createPdpClient({ pdp: url + configured }).evaluate(request)
    if (same) expect(await asked).toEqual({ decision: true })
    else expect((await failureOf(asked)).code).toBe('E_PDP_ANSWER')
  })

  test('an endpoint that is refused harms those only who use it', async () => {
    const { url, came } = await startPdp((response, { path }) =>
      json(
        response,
        200,
        path.startsWith('/.well')
          ? { ...metadataOf(url), search_subject_endpoint: 'http://pdp.example/s' }
          : { decision: true },
      ),
    )
    const pdp = createPdpClient({ pdp: url })
    expect(await pdp.evaluate(request)).toEqual({ decision: true })
    expect(await pdp.endpoints()).toEqual({ access_evaluation_endpoint: `${url}/e` })
    expect(await failureOf(pdp.searchSubjects(request))).toMatchObject({
      code: 'E_ADDRESS',
      message: expect.stringMatching(/^"search_subject_endpoint" of the PDP's metadata must begin with https/),
    })
    expect(await failureOf(pdp.searchActions(request))).toMatchObject({
      code: 'E_USAGE',
      message: 'the PDP has no search_action_endpoint',
    })
    expect(came).toHaveLength(2)
  })

  test('is asked once for all who wait', async () => {
    const { url, came } = await startPdp((response, { path }) =>
      json(response, 200, path.startsWith('/.well') ? metadataOf(url) : { decision: true }),
    )
    const pdp = createPdpClient({ pdp: url })
    expect(await Promise.all([1, 2, 3].map(() => pdp.isAllowed(request)))).toEqual([true, true, true])
    expect(came.filter(({ method }) => method === 'GET')).toHaveLength(1)
  })
})
