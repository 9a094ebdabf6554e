import { describe, expect, it } from 'vitest'
import { post, readAnswer, recordsApp, request } from './support.ts'

const app = await recordsApp({
  identify: ({ headers }) =>
    headers.get('authorization') === 'Bearer good' ? { id: 'pep-1', tenants: 'all' } : undefined,
  challenge: 'Bearer realm="https://as.example.com"',
})

describe('callers', () => {
  it.each(['evaluation', 'evaluations', 'search/subject', 'search/resource', 'search/action'])(
    'that do not prove who they are get 401 from %s, and how to do it',
    async (name) => {
      for (const headers of [{}, { Authorization: 'Bearer bad' }]) {
        const answer = await post(app, `/access/v1/${name}`, request, headers)
        expect(answer).toMatchObject({ status: 401, body: { code: 'E_UNAUTHENTICATED', title: 'Unauthorized' } })
        expect(answer.headers.get('www-authenticate')).toBe('Bearer realm="https://as.example.com"')
        expect(answer.headers.get('content-type')).toBe('application/problem+json')
      }
    },
  )

  it('that do are answered', async () => {
    const answer = await post(app, '/access/v1/evaluation', request, { Authorization: 'Bearer good' })
    expect(answer).toMatchObject({ status: 200, body: { decision: true } })
  })

  it('learn nothing about tenants before', async () => {
    expect((await post(app, '/tenants/nobody/access/v1/evaluation', request)).status).toBe(401)
  })

  it('need no proof for discovery and health', async () => {
    for (const path of ['/.well-known/authzen-configuration', '/healthz', '/readyz']) {
      expect((await readAnswer(await app.request(path))).status).toBe(200)
    }
  })
})
