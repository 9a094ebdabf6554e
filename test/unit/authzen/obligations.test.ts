import { describe, expect, it } from 'vitest'
import { describePdp } from '../../../src/authzen/metadata.ts'
import { obligationsProfile } from '../../../src/authzen/profiles/obligations.ts'
import { createEngine } from '../../../src/engine/index.ts'
import { createApp } from '../../../src/service/app.ts'
import { post } from '../../service/support.ts'

const engine = await createEngine({
  policies: {
    version: 1,
    algorithm: 'deny-overrides',
    actions: ['read', 'open', 'export', 'wipe', 'mark'],
    entities: { resources: ['d1', 'd2'].map((id) => ({ type: 'doc', id, properties: { marked: id === 'd2' } })) },
    rules: [
      { id: 'free', allow: 'read' },
      {
        id: 'step-up',
        allow: 'open',
        obligations: [{ id: 'login', type: 'step-up', properties: { acr_value: 'urn:com:example:loa:3' } }],
      },
      { id: 'own', allow: 'export', obligations: [{ id: 'keep', days: 30 }] },
      { id: 'own-too', allow: 'export', obligations: [{ id: 'keep', days: 60 }] },
      { id: 'no-wiping', deny: 'wipe', obligations: [{ id: 'tell', type: 'notification', to: 'boss', body: 'wiped' }] },
      { id: 'plain', allow: 'mark', when: { 'resource.marked': false } },
      {
        id: 'marked',
        allow: 'mark',
        when: { 'resource.marked': true },
        obligations: [{ id: 'n', type: 'notification', to: 'boss', body: 'marked' }],
      },
    ],
  },
})
const profile = obligationsProfile({ supported: ['step-up', 'notification', 'custom'] })
const app = createApp({ engine, profiles: [profile] })
const request = (name: string, context?: object) => ({
  subject: { type: 'user', id: 'ann' },
  action: { name },
  resource: { type: 'doc', id: 'd1' },
  ...(context === undefined ? {} : { context }),
})
const ask = async (name: string, context?: object) =>
  (await post(app, '/access/v1/evaluation', request(name, context))).body

describe('the Obligations Profile', () => {
  it('is declared in the metadata, and only where it is spoken', async () => {
    const metadata = await (await app.request('/.well-known/authzen-configuration')).json()
    expect(metadata).toMatchObject({ supported_obligations: ['step-up', 'notification', 'custom'] })
    expect(describePdp('https://pdp')).not.toHaveProperty('supported_obligations')
  })

  it('gives each obligation an id of its own, a type and properties, whatever the decision', async () => {
    expect(await ask('open')).toEqual({
      decision: true,
      context: {
        obligations: [{ id: 'login', type: 'step-up', properties: { acr_value: 'urn:com:example:loa:3' } }],
      },
    })
    expect((await ask('export')).context).toEqual({
      obligations: [
        { id: 'keep', type: 'custom', properties: { days: 30 } },
        { id: 'keep#2', type: 'custom', properties: { days: 60 } },
      ],
    })
    expect(await ask('wipe')).toMatchObject({
      decision: false,
      context: { obligations: [{ id: 'tell', type: 'notification', properties: { to: 'boss', body: 'wiped' } }] },
    })
    expect(await ask('read')).toEqual({ decision: true })
  })

  it('denies what would need an obligation that the enforcement point does not support', async () => {
    const only = (...supported_obligations: string[]) => ({ supported_obligations })
    expect(await ask('open', only('step-up'))).toMatchObject({ decision: true })
    expect(await ask('open', only('notification'))).toEqual({
      decision: false,
      context: {
        code: 'unsupported_obligation',
        reason: 'an obligation of type step-up would have to be met, which is not supported',
      },
    })
    expect(await ask('open', only())).toMatchObject({ decision: false })
    expect(await ask('read', only())).toEqual({ decision: true })
    // A denial stays one, with what must be done about it.
    expect(await ask('wipe', only())).toMatchObject({ decision: false, context: { rules: ['no-wiping'] } })
  })

  it('ignores declared types that are not advertised', async () => {
    const narrow = createApp({ engine, profiles: [obligationsProfile({ supported: ['notification'] })] })
    const body = request('open', { supported_obligations: ['step-up', 'notification'] })
    expect((await post(narrow, '/access/v1/evaluation', body)).body.decision).toBe(false)
  })

  it('refuses a declaration that is none', async () => {
    for (const supported_obligations of ['step-up', [1], {}, null]) {
      const answer = await post(app, '/access/v1/evaluation', request('read', { supported_obligations }))
      expect(answer).toMatchObject({ status: 400, body: { code: 'E_REQUEST' } })
    }
  })

  it('ends a batch by what it denies', async () => {
    const body = {
      ...request('read', { supported_obligations: [] }),
      options: { evaluations_semantic: 'deny_on_first_deny' },
      evaluations: [{}, { action: { name: 'open' } }, {}],
    }
    const { evaluations } = (await post(app, '/access/v1/evaluations', body)).body
    expect((evaluations as { decision: boolean }[]).map(({ decision }) => decision)).toEqual([true, false])
  })

  it('puts obligations at the results of a search, and leaves out those that are not supported', async () => {
    const search = { ...request('mark'), resource: { type: 'doc' } }
    const all = await post(app, '/access/v1/search/resource', search)
    expect(all.body.results).toEqual([
      { type: 'doc', id: 'd1' },
      {
        type: 'doc',
        id: 'd2',
        obligations: [{ id: 'n', type: 'notification', properties: { to: 'boss', body: 'marked' } }],
      },
    ])
    const unable = await post(app, '/access/v1/search/resource', { ...search, context: { supported_obligations: [] } })
    expect(unable.body.results).toEqual([{ type: 'doc', id: 'd1' }])
  })
})
