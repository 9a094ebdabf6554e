/** Attacks on administration: ids of other tenants, names that are paths, bombs, and giving oneself rights. */
import { beforeAll, expect, test } from 'vitest'
import { adminOperations } from '../../../src/service/admin/api.ts'
import { type Filled, fill, policies, type Service, startService } from './support.ts'

let service: Service
let theirs: Filled
beforeAll(async () => {
  service = await startService()
  await fill(service, 'acme')
  theirs = await fill(service, 'other')
})
const base = '/tenants/acme/admin/v1'

test('ids of another tenant are not there, in any route', async () => {
  const before = JSON.stringify(await service.guard('other').delegations.get(theirs.delegation))
  for (const [path, method] of [
    [`/delegations/${theirs.delegation}`, 'GET'],
    [`/delegations/${theirs.delegation}/revoke`, 'POST'],
    [`/delegations/${theirs.delegation}/suspend`, 'POST'],
    [`/delegations/${theirs.delegation}/resume`, 'POST'],
    [`/approvals/${theirs.approval}`, 'GET'],
    [`/approvals/${theirs.approval}/withdraw`, 'POST'],
    [`/sessions/${theirs.session}`, 'GET'],
    [`/sessions/${theirs.session}/end`, 'POST'],
    [`/tasks/${theirs.task}`, 'GET'],
  ] as const) {
    expect((await service.call('*:owner', method, base + path)).status, path).toBe(404)
  }
  expect((await service.call('*:owner', 'POST', `${base}/tasks/${theirs.task}/cancel`, {})).status).toBe(404)
  expect(JSON.stringify(await service.guard('other').delegations.get(theirs.delegation))).toBe(before)
  expect((await service.guard('other').sessions.get(theirs.session)).state).toBe('active')
})

test('a cursor of another tenant, or one that is made up, shows nothing of it', async () => {
  const zoe = { add: ['document:theirs#viewer@user:zoe', 'document:theirs2#viewer@user:zoe'] }
  await service.call('other:admin', 'POST', '/tenants/other/admin/v1/relations', zoe)
  const { body } = await service.call('other:admin', 'GET', '/tenants/other/admin/v1/relations?limit=1')
  const here = await service.call('acme:admin', 'GET', `${base}/relations?cursor=${body.cursor}`)
  expect(JSON.stringify(here.body)).not.toContain('theirs')
  for (const cursor of ['x', 'e30', btoa('{"object":1}'), btoa('null'), '%00', btoa('[1,2,3]')]) {
    const { status, body: problem } = await service.call('acme:admin', 'GET', `${base}/relations?cursor=${cursor}`)
    expect([status, problem.code], cursor).toEqual([400, 'E_CURSOR'])
  }
})

test('names of sources are no paths out of anywhere', async () => {
  const { text } = policies('rules: []')
  for (const name of [
    '../x',
    '/etc/passwd',
    'a/../b',
    'a//b',
    '.hidden',
    'a/.b',
    'a\\b',
    'a\nb',
    'a:b',
    '',
    'a\u0000',
    'x'.repeat(300),
  ]) {
    const reply = await service.call('acme:admin', 'POST', `${base}/policies/validate`, { sources: [{ name, text }] })
    expect(reply.status, JSON.stringify(name)).toBe(400)
  }
  const twice = {
    sources: [
      { name: 'a', text },
      { name: 'a', text },
    ],
  }
  expect((await service.call('acme:admin', 'POST', `${base}/policies/validate`, twice)).status).toBe(400)
})

test('names that no store keeps are refused by what they are, and not by a column', async () => {
  const entity = { kind: 'resource', type: 'page', id: '1' }
  for (const [method, path, body, code] of [
    ['POST', '/relations', { add: [`document:${'é'.repeat(300)}#viewer@user:bob`] }, 'E_TUPLE'],
    ['POST', '/relations', { add: ['document:a\u0000#viewer@user:bob'] }, 'E_TUPLE'],
    ['POST', '/entities', { put: [{ ...entity, id: 'é'.repeat(300) }] }, 'E_REQUEST'],
    ['POST', '/entities', { put: [{ ...entity, id: 'a\u0000' }] }, 'E_REQUEST'],
    ['POST', '/entities', { remove: [{ ...entity, type: 'a\u0000' }] }, 'E_REQUEST'],
    ['GET', '/relations?object=document:a%00', undefined, 'E_REQUEST'],
    ['GET', '/relations?relation=%00', undefined, 'E_REQUEST'],
    ['GET', '/entities?type=%00', undefined, 'E_REQUEST'],
    ['GET', '/delegations?grantor=user:%00', undefined, 'E_REQUEST'],
    ['GET', '/delegations/a%00', undefined, 'E_REQUEST'],
    ['POST', '/sessions/a%00/end', undefined, 'E_REQUEST'],
  ] as const) {
    const { status, body: problem } = await service.call('acme:admin', method, base + path, body)
    expect([status, problem.code], `${path} ${JSON.stringify(body)?.slice(0, 80)}`).toEqual([400, code])
    expect(problem.detail).not.toMatch(/relation_tuples|entities\.|delegations\.|sessions\./)
  }
})

test('a page of another site ends nothing with the certificate of a browser', async () => {
  const { delegation, session } = await fill(await startService(), 'acme')
  const site = { 'Content-Type': 'text/plain', 'Sec-Fetch-Site': 'cross-site' }
  for (const path of [`/sessions/${session}/end`, `/delegations/${delegation}/revoke`]) {
    const { status, body } = await service.call('acme:admin', 'POST', base + path, undefined, site)
    expect([status, body.code], path).toEqual([403, 'E_FORBIDDEN'])
  }
})

test('names of tenants are no paths, no patterns, and no parts of keys', async () => {
  for (const name of ['../x', 'a/b', '.', '', 'a:b', 'a b', 'x'.repeat(64), 'é', 'a\u0000b', '__proto__x/..']) {
    const { status } = await service.call('*:owner', 'POST', `${base}/tenants`, { name })
    expect(status, name).toBe(400)
  }
})

test('policies that are too large are refused before they are read', async () => {
  const text = `version: 1\ntenant: acme\n# ${'x'.repeat(1024 * 1024)}\nrules: []`
  const reply = await service.call('acme:admin', 'POST', `${base}/policies/validate`, {
    sources: [{ name: 'a', text }],
  })
  expect(reply.body).toMatchObject({ status: 413, code: 'E_TOO_LARGE' })
})

test('a bomb of aliases costs little', async () => {
  const level = (name: string, of: string) => `${name}: &${name} [${Array(50).fill(`*${of}`).join(', ')}]`
  const properties = [
    'a: &a [1, 1, 1, 1, 1]',
    level('b', 'a'),
    level('c', 'b'),
    level('d', 'c'),
    level('e', 'd'),
    level('f', 'e'),
  ]
  const rules = `entities:\n  subjects:\n    - type: user\n      id: ann\n      properties:\n${properties.map((line) => `        ${line}`).join('\n')}\nrules: []`
  const started = performance.now()
  const { body } = await service.call('acme:admin', 'POST', `${base}/policies/validate`, { sources: [policies(rules)] })
  expect(body.ok).toBe(false)
  expect((body.diagnostics as { code: string }[])[0]?.code).toBe('E_LIMIT')
  expect(performance.now() - started).toBeLessThan(5000)
})

test('nobody gives rights to themselves: not by tuples, entities or policies; an owner may', async () => {
  const tuple = { add: ['document:1#viewer@user:admin'] }
  const entity = { put: [{ kind: 'subject', type: 'user', id: 'admin', roles: ['editor'] }] }
  const sources = [policies('rules: [{ id: mine, allow: read, on: page, to: { type: user, id: admin } }]')]
  const tag = { 'If-Match': '"r1"' }
  for (const [method, path, body, headers] of [
    ['POST', '/relations', tuple, {}],
    ['POST', '/entities', entity, {}],
    ['PUT', '/policies', { sources }, tag],
  ] as const) {
    const { status, body: problem } = await service.call('acme:admin', method, base + path, body, headers)
    expect([status, problem.code], path).toEqual([403, 'E_FORBIDDEN'])
    expect(problem.detail).toContain('nobody gives rights to themselves')
  }
  for (const rule of [
    'to: { type: user, id: "[a]dmin" }',
    'when: { subject.id: admin }',
    'when: { subject.id: { in: [bob, admin] } }',
    "when: \"subject.id == 'ad' + 'min'\"",
  ]) {
    const mine = [policies(`rules: [{ id: mine, allow: read, on: page, ${rule} }]`)]
    expect((await service.call('acme:admin', 'PUT', `${base}/policies`, { sources: mine }, tag)).status, rule).toBe(403)
  }
  // For somebody else it is an admin's to do, and an owner may do both.
  expect((await service.call('acme:admin:boss', 'POST', `${base}/relations`, tuple)).status).toBe(200)
  expect((await service.call('acme:owner:admin', 'POST', `${base}/relations`, tuple)).status).toBe(200)
  expect((await service.call('acme:owner:admin', 'PUT', `${base}/policies`, { sources }, tag)).status).toBe(200)
})

test('nobody removes or rewrites a kept tuple whose condition names them', async () => {
  const named = { object: 'document:1', relation: 'viewer', subject: 'user:*' }
  const condition = { name: 'not-for', context: { them: 'admin' } }
  const write = (who: string, body: object) => service.call(who, 'POST', `${base}/relations`, body)
  expect((await write('acme:admin:boss', { add: [{ ...named, condition }] })).status).toBe(200)
  for (const body of [{ remove: [named] }, { add: [named] }]) {
    expect((await write('acme:admin', body)).body, JSON.stringify(body)).toMatchObject({ code: 'E_FORBIDDEN' })
    expect(
      (await write('acme:admin:boss', { add: [{ ...named, condition: { ...condition, context: {} } }] })).status,
    ).toBe(200)
    expect((await write('acme:admin', body)).status, JSON.stringify(body)).toBe(200)
    expect((await write('acme:admin:boss', { add: [{ ...named, condition }] })).status).toBe(200)
  }
})

test('nobody takes away what denies them by naming the revision that is about to come', async () => {
  const readers = '{ id: readers, allow: read, on: page }'
  const denied = [policies(`rules: [${readers}, { id: not-ann, deny: read, to: { type: user, id: ann } }]`)]
  const open = [policies(`rules: [${readers}]`)]
  for (const [method, path, body] of [
    ['PUT', '/policies', { sources: open }],
    ['POST', '/policies/rollback', { to: 1 }],
  ] as const) {
    // The denial comes between two looks at the newest revision: after the first, or a later one.
    for (let look = 0; look < 4; look++) {
      const own = await startService()
      const replace = async (sources: unknown, tag: string) => {
        const headers = { 'If-Match': tag }
        const { status } = await own.call('acme:admin:bob', 'PUT', `${base}/policies`, { sources }, headers)
        expect(status).toBe(200)
      }
      await replace(open, '"r0"')
      const { revisions } = own.tenants.get('acme')!.tenant
      const head = revisions.head.bind(revisions)
      let looks = 0
      revisions.head = async () => {
        const found = await head()
        if (looks++ === look) await replace(denied, '"r1"')
        return found
      }
      const { status } = await own.call('acme:admin:ann', method, base + path, body, { 'If-Match': '"r2"' })
      expect([403, 412], `${path} at look ${look}`).toContain(status)
    }
  }
})

test('what a tenant says of roles gives no permission to administer', async () => {
  const put = [{ kind: 'subject', type: 'user', id: 'eve', roles: ['sallyport:owner'] }]
  expect((await service.call('acme:admin', 'POST', `${base}/entities`, { put })).status).toBe(204)
  expect((await service.call('acme::eve', 'GET', `${base}/policies`)).status).toBe(403)
})

test('members, parameters and headers that nobody knows are refused', async () => {
  expect((await service.call('acme:admin', 'POST', `${base}/relations`, { add: [], tenant: 'other' })).status).toBe(400)
  for (const { method, path } of adminOperations) {
    if (method !== 'GET' || path.includes('{')) continue
    const { status } = await service.call('acme:admin', 'GET', `/tenants/acme${path}?tenant=other`)
    expect(status, path).toBe(400)
  }
  expect(
    (await service.call('acme:admin', 'POST', `${base}/relations`, { add: [] }, { 'If-Match': '"r1"' })).status,
  ).toBe(400)
})
