import { describe, expect, it } from 'vitest'
import { createEngine } from '../../src/engine/index.ts'
import type { Engine } from '../../src/engine/types.ts'
import { createApp } from '../../src/service/app.ts'
import { post, readAnswer, request } from './support.ts'

async function tenant(name: string, action: string, user: string): Promise<[string, Engine]> {
  const engine = await createEngine({
    policies: {
      version: 1,
      tenant: name,
      actions: [action],
      entities: { subjects: [{ type: 'user', id: user }] },
      rules: [{ id: `${name}-rule`, allow: action }],
    },
  })
  return [name, engine]
}
const can = (action: string) => ({ ...request, action: { name: action } })
const search = (action: string) => ({ ...can(action), subject: { type: 'user' } })

const engines = new Map([
  await tenant('default', 'read', 'dora'),
  await tenant('acme', 'write', 'anna'),
  await tenant('a b/ü', 'fly', 'uli'),
])
const app = createApp({ engines })

describe('tenants', () => {
  it('have their own policies and entities', async () => {
    for (const [prefix, action, user] of [
      ['', 'read', 'dora'],
      ['/tenants/default', 'read', 'dora'],
      ['/tenants/acme', 'write', 'anna'],
      [`/tenants/${encodeURIComponent('a b/ü')}`, 'fly', 'uli'],
    ] as const) {
      for (const other of ['read', 'write', 'fly']) {
        const { body } = await post(app, `${prefix}/access/v1/evaluation`, can(other))
        expect(body.decision, `${prefix} ${other}`).toBe(other === action)
      }
      const { body } = await post(app, `${prefix}/access/v1/search/subject`, search(action))
      expect(body).toEqual({ results: [{ type: 'user', id: user }] })
    }
  })

  it('are found by discovery at both places', async () => {
    for (const path of [
      '/.well-known/authzen-configuration/tenants/acme',
      '/tenants/acme/.well-known/authzen-configuration',
    ]) {
      const { status, body } = await readAnswer(await app.request(`https://pdp.test${path}`))
      expect(status).toBe(200)
      expect(body.policy_decision_point).toBe('https://pdp.test/tenants/acme')
      expect(body.search_action_endpoint).toBe('https://pdp.test/tenants/acme/access/v1/search/action')
    }
    const path = `/.well-known/authzen-configuration/tenants/${encodeURIComponent('a b/ü')}`
    const { body } = await readAnswer(await app.request(`https://pdp.test${path}`))
    expect(body.policy_decision_point).toBe('https://pdp.test/tenants/a%20b%2F%C3%BC')
  })

  it('that are unknown do not exist', async () => {
    for (const answer of [
      await post(app, '/tenants/other/access/v1/evaluation', can('read')),
      await post(app, '/tenants/__proto__/access/v1/evaluation', can('read')),
      await readAnswer(await app.request('/.well-known/authzen-configuration/tenants/other')),
      await readAnswer(await app.request('/tenants/other/.well-known/authzen-configuration')),
    ]) {
      expect(answer).toMatchObject({ status: 404, body: { code: 'E_TENANT' } })
    }
  })

  it('decide no request that names another one', async () => {
    const body = { ...can('write'), tenant: 'default' }
    expect((await post(app, '/tenants/acme/access/v1/evaluation', body)).body).toMatchObject({
      decision: false,
      context: { code: 'unknown_tenant' },
    })
  })

  it('do not share page tokens', async () => {
    const live = new Map([await tenant('one', 'read', 'a'), await tenant('two', 'read', 'a')])
    const both = createApp({ engines: live })
    const first = await post(both, '/tenants/one/access/v1/search/subject', { ...search('read'), page: { limit: 0 } })
    const page = first.body.page as { next_token: string }
    const rest = { ...search('read'), page: { token: page.next_token } }
    expect((await post(both, '/tenants/one/access/v1/search/subject', rest)).status).toBe(200)
    expect((await post(both, '/tenants/two/access/v1/search/subject', rest)).status).toBe(400)
  })

  it('come and go while the service runs', async () => {
    const live = new Map([await tenant('one', 'read', 'a')])
    const changing = createApp({ engines: live })
    expect((await post(changing, '/access/v1/evaluation', can('read'))).body.decision).toBe(true)
    live.set(...(await tenant('two', 'read', 'a')))
    expect(await post(changing, '/access/v1/evaluation', can('read'))).toMatchObject({
      status: 404,
      body: { code: 'E_TENANT' },
    })
    expect((await post(changing, '/tenants/two/access/v1/evaluation', can('read'))).body.decision).toBe(true)
    live.clear()
    expect((await post(changing, '/tenants/two/access/v1/evaluation', can('read'))).status).toBe(404)
    expect((await changing.request('/readyz')).status).toBe(503)
  })
})
