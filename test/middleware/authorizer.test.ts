import { describe, expect, it } from 'vitest'
import { expressMiddleware, fetchMiddleware, type Incoming } from '../../src/middleware/index.ts'
import { authorizer } from './support.ts'

const incoming: Incoming = { method: 'GET', url: '/records/r-1?soft=1', header: () => undefined, params: { id: 'r-1' } }
const ann = { subject: () => ({ type: 'user', id: 'ann' }) }
const record = { type: 'record', param: 'id' }
const refusalOf = async (verdict: Promise<object>) => {
  const found = await verdict
  return 'refusal' in found ? (found.refusal as { status: number; body: string }) : undefined
}

describe('a permission', () => {
  it('may depend on the request', async () => {
    const asked: unknown[] = []
    const engine = {
      evaluate: (request: object) => {
        asked.push(request)
        throw new Error('enough')
      },
    }
    const { permission } = authorizer({ ...ann, engine, context: ({ method }) => ({ method }) })
    const check = permission(
      ({ url }) => ({ name: 'read', properties: { soft: url.includes('soft=1') } }),
      ({ params }) => ({ type: 'record', id: `${params.id}` }),
    )
    await expect(check(incoming)).rejects.toThrow('enough')
    expect(asked).toEqual([
      {
        subject: { type: 'user', id: 'ann' },
        action: { name: 'read', properties: { soft: true } },
        resource: { type: 'record', id: 'r-1' },
        context: { method: 'GET' },
      },
    ])
  })

  it('with obligations needs someone who meets them', async () => {
    const nobody = await refusalOf(authorizer(ann).permission('export', record)(incoming))
    expect(nobody).toMatchObject({ status: 403, body: expect.stringContaining('E_OBLIGATION') })
    const met: unknown[] = []
    const able = authorizer({ ...ann, fulfil: (obligations) => met.push(...obligations) > 0 })
    expect(await able.permission('export', record)(incoming)).toHaveProperty('authorization.decision.decision', true)
    expect(met).toEqual([{ id: 'watermark' }])
    const unable = authorizer({ ...ann, fulfil: async () => false })
    expect(await refusalOf(unable.permission('export', record)(incoming))).toMatchObject({ status: 403 })
  })

  it('under review is denied where nobody reviews', async () => {
    expect(await refusalOf(authorizer(ann).permission('purge', record)(incoming))).toMatchObject({
      status: 403,
      body: expect.stringContaining('E_DENIED'),
    })
  })

  it('tells reasons only when told to', async () => {
    const archived = { ...incoming, params: { id: 'r-2' } }
    const quiet = await refusalOf(authorizer(ann).permission('read', record)(archived))
    expect(quiet?.body).not.toContain('archived')
    const open = await refusalOf(authorizer({ ...ann, tellReasons: true }).permission('read', record)(archived))
    expect(JSON.parse(open?.body ?? '')).toMatchObject({ detail: 'archived' })
  })

  it('is not asked for without a subject', async () => {
    const nobody = authorizer({ subject: () => undefined, challenge: 'Bearer realm="api"' })
    expect(await refusalOf(nobody.permission('read', record)(incoming))).toMatchObject({
      status: 401,
      headers: { 'WWW-Authenticate': 'Bearer realm="api"' },
    })
  })

  it('of a route without the parameter is a fault, and so are inherited names', async () => {
    for (const param of ['missing', 'constructor', '__proto__']) {
      await expect(authorizer(ann).permission('read', { type: 'record', param })(incoming)).rejects.toThrow(
        new TypeError(`the route does not give the id of a resource: it has no parameter ${param}`),
      )
    }
  })

  it('takes no list for an id, and tells so', async () => {
    const { permission } = authorizer(ann)
    const message =
      'the route does not give the id of a resource: its parameter id is a list; name the resource by a function'
    const lists = { id: ['r-1'] }
    await expect(permission('read', record)({ ...incoming, params: {}, lists })).rejects.toThrow(new TypeError(message))
  })

  it('may be of a list, which Express and handlers of fetch pass on', async () => {
    const check = [
      'read',
      ({ params, lists }: Incoming) => ({ type: 'record', id: `${params.path}:${lists?.path?.join('/')}` }),
    ] as const
    const engine = {
      evaluate: ({ resource }: { readonly resource: { readonly id: string } }) => {
        throw new Error(resource.id)
      },
    }
    const params = { path: ['a', 'b'] }
    const handler = fetchMiddleware(authorizer({ ...ann, engine })).requirePermission(...check)(
      (_request: Request, _context: object) => new Response(),
    )
    const asked = { params: Promise.resolve(params) }
    await expect(handler(new Request('https://api.example.com/'), asked)).rejects.toThrow('undefined:a/b')
    const passed: unknown[] = []
    const request = { method: 'GET', url: '/', originalUrl: '/', headers: {}, params }
    await expressMiddleware(authorizer({ ...ann, engine })).requirePermission(...check)(request, {} as never, (error) =>
      passed.push(error),
    )
    expect(passed).toEqual([new Error('undefined:a/b')])
  })
})

describe('an actor', () => {
  const agent = { type: 'agent', id: 'a', on_behalf_of: { type: 'user', id: 'ann' } }
  it.each([
    [{}, agent, true],
    [{ type: 'agent' }, agent, true],
    [{ type: ['agent', 'workload'] }, agent, true],
    [{ type: 'user' }, agent, false],
    [{ delegated: true }, agent, true],
    [{ delegated: false }, agent, false],
    [{ delegated: false }, { type: 'agent', id: 'a', delegation_chain: [] }, true],
    [{ delegated: true }, { type: 'agent', id: 'a', delegation_chain: [{ type: 'user', id: 'u' }] }, true],
    [{ type: [] }, agent, false],
  ])('%j of %j: %s', async (requirement, subject, passes) => {
    const verdict = await authorizer({ subject: () => subject }).actor(requirement)(incoming)
    expect('authorization' in verdict).toBe(passes)
  })
})
