/** What the client takes for an answer, and what not. */
import { describe, expect, test } from 'vitest'
import { createPdpClient, type EvaluationsRequest, type PdpError } from '../../src/pep/index.ts'
import { at, failureOf, json, request, startPdp } from './support.ts'

describe('answers', () => {
  test.each<[string, unknown, boolean | string]>([
    ['true', { decision: true }, true],
    ['no decision', {}, false],
    ['null', { decision: null }, false],
    ['a text', { decision: 'true' }, 'E_PDP_ANSWER'],
    ['a number', { decision: 1 }, 'E_PDP_ANSWER'],
    ['a list', [true], 'E_PDP_ANSWER'],
    ['a context that is none', { decision: true, context: 'x' }, 'E_PDP_ANSWER'],
  ])('with %s', async (_, body, expected) => {
    const { url } = await startPdp((response) => json(response, 200, body))
    const pdp = createPdpClient({ ...at(url), retries: 0 })
    const got = await pdp.evaluate(request).then(
      ({ decision }) => decision,
      ({ code }: PdpError) => code,
    )
    expect(got).toBe(expected)
    expect(await pdp.isAllowed(request)).toBe(expected === true)
  })

  test.each<[unknown, boolean]>([
    [[{ id: 'o1', type: 'step-up', properties: {} }], false],
    [['log'], false],
    [{ log: true }, false],
    ['log', false],
    [[], true],
    [null, true],
  ])('an allow with the obligations %j is one for `isAllowed`: %s', async (obligations, expected) => {
    const { url } = await startPdp((response) => json(response, 200, { decision: true, context: { obligations } }))
    const pdp = createPdpClient(at(url))
    expect(await pdp.isAllowed(request)).toBe(expected)
    expect(await pdp.evaluate(request)).toEqual({ decision: true, context: { obligations } })
  })

  test('search results keep their obligations', async () => {
    const obligations = [{ id: 'o1', type: 'step-up', properties: { acr_value: 'loa3' } }]
    const searching = async (duties: object) => {
      const results = [
        { type: 'record', id: 'r1', name: 'read' },
        { type: 'record', id: 'r2', name: 'sign', ...duties },
      ]
      const { url } = await startPdp((response) => json(response, 200, { results }))
      const search_resource_endpoint = `${url}/resources`
      return createPdpClient({
        pdp: url,
        endpoints: { search_resource_endpoint, search_action_endpoint: `${url}/actions` },
      })
    }
    const pdp = await searching({ obligations })
    expect((await pdp.searchResources(request)).results).toEqual([
      { type: 'record', id: 'r1' },
      { type: 'record', id: 'r2', obligations },
    ])
    expect((await pdp.searchActions(request)).results).toEqual([{ name: 'read' }, { name: 'sign', obligations }])
    for (const wrong of ['log', { log: true }, ['log']]) {
      const odd = await searching({ obligations: wrong })
      expect((await failureOf(odd.searchResources(request))).code).toBe('E_PDP_ANSWER')
    }
  })

  test.each([
    ['two decisions in one', '{"decision":false,"decision":true}'],
    ['half an answer', '{"decision":tr'],
    ['nothing', ''],
    ['no UTF-8', Buffer.from([0x7b, 0xff, 0x7d])],
    ['far too much', `{"decision":true,"context":{"x":"${'y'.repeat(5 << 20)}"}}`],
  ])('%s is no answer', async (_, body) => {
    const { url } = await startPdp((response) => void response.writeHead(200).end(body))
    expect((await failureOf(createPdpClient(at(url)).evaluate(request))).code).toBe('E_PDP_ANSWER')
  })

  test('fewer decisions than evaluations are none', async () => {
    const { url } = await startPdp((response) => json(response, 200, { evaluations: [{ decision: true }] }))
    const pdp = createPdpClient({ pdp: url, endpoints: { access_evaluations_endpoint: `${url}/es` } })
    expect((await failureOf(pdp.evaluateMany({ ...request, evaluations: [{}, {}] }))).code).toBe('E_PDP_ANSWER')
  })

  test.each<[readonly boolean[], NonNullable<EvaluationsRequest['options']>['evaluations_semantic'], boolean]>([
    [[], 'execute_all', false],
    [[true, false], 'execute_all', false],
    [[true, true, true, true], 'execute_all', false],
    [[], 'deny_on_first_deny', false],
    [[true], 'deny_on_first_deny', false],
    [[false, true], 'deny_on_first_deny', false],
    [[true, false], 'deny_on_first_deny', true],
    [[true, true, true], 'deny_on_first_deny', true],
    [[true, true, true, false], 'deny_on_first_deny', false],
    [[], 'permit_on_first_permit', false],
    [[false], 'permit_on_first_permit', false],
    [[false, true], 'permit_on_first_permit', true],
    [[false, false, false], 'permit_on_first_permit', true],
    [[true], 'else' as never, false],
  ])('%j on three evaluations with %s is a whole batch: %s', async (said, semantic, whole) => {
    const decisions = said.map((decision) => ({ decision }))
    const { url } = await startPdp((response) => json(response, 200, { evaluations: decisions }))
    const pdp = createPdpClient({ pdp: url, endpoints: { access_evaluations_endpoint: `${url}/es` } })
    const options = { evaluations_semantic: semantic ?? 'execute_all' }
    const got = pdp.evaluateMany({ ...request, evaluations: [{}, {}, {}], options })
    if (whole) expect(await got).toEqual(decisions)
    else expect((await failureOf(got)).code).toBe('E_PDP_ANSWER')
  })

  test('no evaluations are a mistake of the caller, and not sent', async () => {
    const { url, came } = await startPdp((response) => json(response, 200, { decision: true }))
    const pdp = createPdpClient({ pdp: url, endpoints: { access_evaluations_endpoint: `${url}/es` } })
    expect(await failureOf(pdp.evaluateMany({ ...request, evaluations: [] }))).toMatchObject({
      code: 'E_USAGE',
      message: 'there are no evaluations; use evaluate for one',
    })
    expect(came).toHaveLength(0)
  })

  test('a redirect is not followed', async () => {
    const { url, came } = await startPdp((response) => void response.writeHead(307, { Location: '/elsewhere' }).end())
    expect(await failureOf(createPdpClient(at(url)).evaluate(request))).toMatchObject({
      code: 'E_PDP_STATUS',
      status: 307,
    })
    expect(came).toHaveLength(1)
  })
})
