/** Revisions of policies: kept, checked, in force; of two changes to one revision, one wins. */
import { expect, test } from 'vitest'
import { AdministeredTenant } from '../../src/pap/administered-tenant.ts'
import { splitText } from '../../src/pap/text-parts.ts'
import type { PolicyError } from '../../src/policy/diagnostic.ts'
import { memoryStore } from '../../src/store/memory/index.ts'
import { refusal } from '../unit/guard/support.ts'
import { ann, environmentOver, openOver, readers, root, text, writers } from './support.ts'

const reading = { subject: ann, action: { name: 'read' }, resource: { type: 'page', id: '1' } }
const writing = { ...reading, action: { name: 'write' } }

test('a tenant begins without policies, and denies', async () => {
  const tenant = await openOver()
  expect(tenant.revision).toBeUndefined()
  expect(tenant.engine.evaluate(reading).code).toBe('no_policies')
})

test('what is replaced is in force, kept, and there after a restart', async () => {
  const store = memoryStore()
  const tenant = await openOver(store)
  const { revision } = await tenant.replace({ sources: [readers], onto: 0, by: root, note: 'first' })
  expect(revision).toMatchObject({ revision: 1, by: 'service:root', at: 1_000_000, note: 'first' })
  expect(tenant.engine.evaluate(reading).decision).toBe(true)

  const again = await openOver(store)
  expect(again.revision).toBe(1)
  expect(again.engine.evaluate(reading).decision).toBe(true)
  expect(again.engine.image.id).toBe(tenant.engine.image.id)
})

test('mistakes are all told, and nothing is changed', async () => {
  const tenant = await openOver()
  await tenant.replace({ sources: [readers], onto: 0, by: root })
  const wrong = text('rules: [{ id: a, allow: read, on: page, when: { nothing: 1 } }, { id: a, deny: x }]')
  const error = await tenant.replace({ sources: [wrong], onto: 1, by: root }).catch((caught: PolicyError) => caught)
  expect((error as PolicyError).diagnostics.map(({ code }) => code)).toEqual(['E_PATH', 'E_DUPLICATE'])
  expect(tenant.revision).toBe(1)
  expect(await tenant.revisions.list(10)).toHaveLength(1)
  expect(tenant.engine.evaluate(reading).decision).toBe(true)
})

test('policies of another tenant are refused, and not silently kept', async () => {
  const tenant = await openOver(memoryStore(), 'acme')
  const { ok, diagnostics } = await tenant.check([readers])
  expect(ok).toBe(false)
  expect(diagnostics.map(({ code }) => code)).toEqual(['E_TENANT'])
  const own = text('tenant: acme\nrules: [{ id: readers, allow: read, on: page }]')
  expect((await tenant.check([own])).ok).toBe(true)
  expect((await tenant.check([own, { ...readers, name: 'other' }])).ok).toBe(false)
})

test('of many who change one revision, one wins', async () => {
  const store = memoryStore()
  const tenants = await Promise.all([openOver(store), openOver(store), openOver(store)])
  const ends = await Promise.all(
    tenants.map((tenant, i) =>
      tenant.replace({ sources: [text(`rules: [{ id: r${i}, allow: read, on: page }]`)], onto: 0, by: root }).then(
        () => 'made',
        (error: { code: string }) => error.code,
      ),
    ),
  )
  expect(ends.sort()).toEqual(['E_POLICY_CONFLICT', 'E_POLICY_CONFLICT', 'made'])
  expect(await tenants[0].revisions.list(10)).toHaveLength(1)
})

test('rolling back makes a new revision of old sources', async () => {
  const tenant = await openOver()
  await tenant.replace({ sources: [readers], onto: 0, by: root })
  await tenant.replace({ sources: [writers], onto: 1, by: root })
  expect(tenant.engine.evaluate(writing).decision).toBe(true)
  const { revision } = await tenant.rollBack({ to: 1, onto: 2, by: ann })
  expect(revision).toMatchObject({ revision: 3, from: 1, by: 'user:ann' })
  expect(tenant.engine.evaluate(writing).decision).toBe(false)
  expect(tenant.engine.evaluate(reading).decision).toBe(true)
  expect(await tenant.revisions.sources(3)).toEqual([readers])
  expect(await refusal(tenant.rollBack({ to: 9, onto: 3, by: ann }))).toBe('E_POLICY_REVISION')
  const listed = await tenant.revisions.list(2)
  expect(listed.map(({ revision }) => revision)).toEqual([3, 2])
  expect((await tenant.revisions.list(2, 2)).map(({ revision }) => revision)).toEqual([1])
})

test('long policies are kept in pieces, none within a pair of surrogates', async () => {
  const long = 'a'.repeat(9) + '😀'.repeat(40)
  const parts = splitText(long, 10)
  expect(parts.join('')).toBe(long)
  expect(parts.every((part) => part.isWellFormed() && part.length <= 10)).toBe(true)

  const rules = Array.from({ length: 6000 }, (_, i) => `  - { id: r${i}, allow: 'a${i}', on: page, because: '😀é' }`)
  const store = memoryStore()
  const large = text(`rules:\n${rules.join('\n')}`)
  expect(large.text.length).toBeGreaterThan(300_000)
  await (await openOver(store)).replace({ sources: [large], onto: 0, by: root })
  expect(await (await openOver(store)).revisions.sources(1)).toEqual([large])
})

test('sources that are not those that were written are refused at start', async () => {
  const store = memoryStore()
  const tenant = await openOver(store)
  await tenant.replace({ sources: [readers], onto: 0, by: root })
  await store
    .tenant('default')
    .write([{ update: 'policy_parts', key: { revision: 1, part: 0 }, set: { text: JSON.stringify([writers]) } }])
  expect(await refusal(openOver(store))).toBe('E_STORE_CORRUPT')
})

test('policies that the host keeps are read-only; entities and tuples beside them are not', async () => {
  const fixed = async () => [readers]
  const tenant = await AdministeredTenant.open({ ...environmentOver(memoryStore()), fixed })
  expect(tenant.engine.evaluate(reading).decision).toBe(true)
  expect(await refusal(tenant.replace({ sources: [writers], onto: 0, by: root }))).toBe('E_POLICY_READ_ONLY')
  await tenant.writeEntities({ put: [{ kind: 'resource', type: 'page', id: '1' }], remove: [], by: root })
  expect(tenant.engine.entities('resource', 'page')).toEqual(['1'])
})

test('each change leaves an event with who, what, and the digests before and after', async () => {
  const store = memoryStore()
  const tenant = await openOver(store)
  const first = await tenant.replace({ sources: [readers], onto: 0, by: root })
  const second = await tenant.replace({ sources: [writers], onto: 1, by: ann })
  const rows = await store.tenant('default').find('decision_log', { limit: 10 })
  const events = rows.map(({ document }) => JSON.parse(document)).sort((a, b) => a.data.revision - b.data.revision)
  expect(events[1]).toMatchObject({
    specversion: '1.0',
    type: 'sallyport.change.v1',
    source: '/tenants/default',
    subject: 'user:ann',
    data: {
      action: 'policies:replace',
      resource: { type: 'policies', id: 'default' },
      outcome: 'done',
      before: first.revision.digest,
      after: second.revision.digest,
      revision: 2,
    },
  })
  expect(events[0].data.before).toBeNull()
})

test('a dry run warns of policies that leave nobody anything, and of none at all', async () => {
  const tenant = await openOver()
  const codes = async (rules: string) => (await tenant.check([text(rules)])).diagnostics.map(({ code }) => code)
  expect(await codes("rules: [{ id: none, deny: '*' }]")).toEqual(['W_LOCKOUT'])
  expect(await codes('rules: []')).toContain('W_NO_RULES')
})

test('a bomb of aliases is refused', async () => {
  const tenant = await openOver()
  const level = (name: string, of: string) => `        ${name}: &${name} [${Array(20).fill(`*${of}`).join(', ')}]`
  const bomb = [
    'entities:',
    '  subjects:',
    '    - type: user',
    '      id: ann',
    '      properties:',
    '        a: &a [1, 1, 1, 1, 1]',
    level('b', 'a'),
    level('c', 'b'),
    level('d', 'c'),
    level('e', 'd'),
    level('f', 'e'),
  ]
  const started = performance.now()
  const { ok, diagnostics } = await tenant.check([text(bomb.join('\n'))])
  expect(ok).toBe(false)
  expect(diagnostics.map(({ code }) => code)).toContain('E_LIMIT')
  expect(performance.now() - started).toBeLessThan(5000)
})
