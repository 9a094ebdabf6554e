/** Tuples and entities beside the policies: kept, in force, and told to other processes. */
import { expect, test } from 'vitest'
import { follow } from '../../src/pap/following.ts'
import { memoryStore } from '../../src/store/memory/index.ts'
import { ManualTimer } from '../store/manual-timer.ts'
import { refusal } from '../unit/guard/support.ts'
import { ann, documents, openOver, readers, root, text } from './support.ts'

const reading = (id: string, subject = ann) => ({
  subject,
  action: { name: 'read' },
  resource: { type: 'document', id },
})
const tuple = 'document:1#viewer@user:ann'

async function withDocuments(store = memoryStore()) {
  const tenant = await openOver(store)
  await tenant.replace({ sources: [documents], onto: 0, by: root })
  return { store, tenant }
}

test('tuples count at once, and after a restart', async () => {
  const { store, tenant } = await withDocuments()
  await tenant.writeTuples({ add: [tuple], remove: [], by: root })
  expect(tenant.engine.evaluate(reading('1')).decision).toBe(true)
  expect(await tenant.tuples.list({ limit: 10 })).toEqual([
    { object: 'document:1', relation: 'viewer', subject: 'user:ann', by: 'service:root', at: 1_000_000 },
  ])
  expect((await openOver(store)).engine.evaluate(reading('1')).decision).toBe(true)
  await tenant.writeTuples({
    add: ['document:2#viewer@user:ann'],
    remove: [tuple, 'document:9#viewer@user:bob'],
    by: root,
  })
  expect(tenant.engine.evaluate(reading('1')).decision).toBe(false)
  expect(tenant.engine.evaluate(reading('2')).decision).toBe(true)
})

test('a change of tuples is whole or not at all', async () => {
  const { tenant } = await withDocuments()
  expect(await refusal(tenant.writeTuples({ add: [tuple, 'nonsense'], remove: [], by: root }))).toBe('E_TUPLE')
  expect(await tenant.tuples.list({ limit: 10 })).toEqual([])
})

test('a thousand tuples or entities are one change', async () => {
  const { store, tenant } = await withDocuments()
  const numbers = Array.from({ length: 1000 }, (_, i) => i)
  const add = numbers.map((i) => `document:${i}#viewer@user:ann`)
  await tenant.writeTuples({ add, remove: [], by: root })
  expect(await tenant.tuples.list({ limit: 1000 })).toHaveLength(1000)
  expect(tenant.engine.evaluate(reading('999')).decision).toBe(true)
  const put = numbers.map((i) => ({ kind: 'resource', type: 'document', id: `${i}` }) as const)
  await tenant.writeEntities({ put, remove: [], by: root })
  expect(await tenant.entities.all()).toHaveLength(1000)
  // Entities of two changes at once do not undo each other, however many they are.
  await Promise.all([
    tenant.writeEntities({ put: [], remove: put, by: root }),
    (await openOver(store)).writeEntities({ put: [{ ...put[0]!, id: 'new' }], remove: [], by: root }),
  ])
  expect((await tenant.entities.all()).map(({ id }) => id)).toEqual(['new'])
  await tenant.writeTuples({ add: [], remove: add, by: root })
  expect(tenant.engine.evaluate(reading('999')).decision).toBe(false)
  expect(await refusal(tenant.writeTuples({ add, remove: [tuple], by: root }))).toBe('E_TUPLE')
  const more = [...put, { ...put[0]!, id: 'one too many' }]
  expect(await refusal(tenant.writeEntities({ put: more, remove: [], by: root }))).toBe('E_REQUEST')
})

test('what the policies do not allow stays kept, and counts when they do', async () => {
  const store = memoryStore()
  const tenant = await openOver(store)
  await tenant.replace({ sources: [readers], onto: 0, by: root })
  expect(await tenant.writeTuples({ add: [tuple], remove: [], by: root })).toEqual({ leftOut: [tuple] })
  const { leftOut } = await tenant.replace({ sources: [documents], onto: 1, by: root })
  expect(leftOut).toEqual([])
  expect(tenant.engine.evaluate(reading('1')).decision).toBe(true)
  expect((await tenant.replace({ sources: [readers], onto: 2, by: root })).leftOut).toEqual([tuple])
  await tenant.rollBack({ to: 2, onto: 3, by: root })
  expect(tenant.engine.evaluate(reading('1')).decision).toBe(true)
})

test('a tuple that stands in the policies and is kept as well is there until both are gone', async () => {
  const { tenant } = await withDocuments()
  const both = { ...documents, text: `${documents.text}entities: { tuples: ['${tuple}'] }\n` }
  await tenant.replace({ sources: [both], onto: 1, by: root })
  await tenant.writeTuples({ add: [tuple], remove: [], by: root })
  await tenant.writeTuples({ add: [], remove: [tuple], by: root })
  expect(tenant.engine.evaluate(reading('1')).decision).toBe(true)
  await tenant.writeTuples({ add: [tuple], remove: [], by: root })
  await tenant.replace({ sources: [documents], onto: 2, by: root })
  expect(tenant.engine.evaluate(reading('1')).decision).toBe(true)
  await tenant.writeTuples({ add: [], remove: [tuple], by: root })
  expect(tenant.engine.evaluate(reading('1')).decision).toBe(false)
})

test('entities are compiled with the policies, and checked against them', async () => {
  const store = memoryStore()
  const tenant = await openOver(store)
  const byRole = text('roles: { editor: [] }\nrules: [{ id: editors, allow: edit, on: page, to: { role: editor } }]')
  await tenant.replace({ sources: [byRole], onto: 0, by: root })
  const edit = { subject: ann, action: { name: 'edit' }, resource: { type: 'page', id: '1' } }
  expect(tenant.engine.evaluate(edit).decision).toBe(false)
  const put = [{ kind: 'subject' as const, type: 'user', id: 'ann', roles: ['editor'] }]
  await tenant.writeEntities({ put, remove: [], by: root })
  expect(tenant.engine.evaluate(edit).decision).toBe(true)
  expect((await openOver(store)).engine.evaluate(edit).decision).toBe(true)

  const wrong = [{ kind: 'subject' as const, type: 'user', id: 'bob', roles: 5 as never }]
  expect(await refusal(tenant.writeEntities({ put: wrong, remove: [], by: root }))).toBe('E_POLICY')
  expect(await tenant.entities.list({ limit: 10 })).toHaveLength(1)
  await tenant.writeEntities({ put: [], remove: [{ kind: 'subject', type: 'user', id: 'ann' }], by: root })
  expect(tenant.engine.evaluate(edit).decision).toBe(false)
})

test('an entity that stands in the policies is not kept beside them', async () => {
  const tenant = await openOver()
  const known = text('entities: { subjects: [{ type: user, id: ann }] }\nrules: []')
  await tenant.replace({ sources: [known], onto: 0, by: root })
  const put = [{ kind: 'subject' as const, type: 'user', id: 'ann', properties: { clearance: 9 } }]
  expect(await refusal(tenant.writeEntities({ put, remove: [], by: root }))).toBe('E_POLICY')
})

test('policies and entities that do not fit each other cannot both be written at the same time', async () => {
  const store = memoryStore()
  const [one, two] = await Promise.all([openOver(store), openOver(store)])
  const known = text('entities: { subjects: [{ type: user, id: ann }] }\nrules: []')
  const put = [{ kind: 'subject' as const, type: 'user', id: 'ann' }]
  const ends = await Promise.allSettled([
    one.replace({ sources: [known], onto: 0, by: root }),
    two.writeEntities({ put, remove: [], by: root }),
  ])
  expect(ends.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  await openOver(store)
})

test('another process follows policies, tuples and entities', async () => {
  const { store, tenant } = await withDocuments()
  const other = await openOver(store)
  const timer = new ManualTimer()
  const faults: unknown[] = []
  const stop = follow(other, {
    store: store.tenant('default'),
    timer,
    bound: 100,
    onFault: (error) => faults.push(error),
  })
  await timer.pass(0)
  await tenant.writeTuples({ add: [tuple], remove: [], by: root })
  await tenant.writeEntities({ put: [{ kind: 'resource', type: 'document', id: '1' }], remove: [], by: root })
  const later = <T>(look: () => T) => {
    return expect.poll(async () => {
      await timer.pass(100)
      return look()
    })
  }
  await later(() => other.engine.evaluate(reading('1')).decision).toBe(true)
  await later(() => other.engine.entities('resource', 'document')).toEqual(['1'])
  await tenant.replace({ sources: [readers], onto: 1, by: root })
  await later(() => other.revision).toBe(2)
  expect(other.engine.evaluate(reading('1')).decision).toBe(false)
  expect(other.engine.image.id).toBe(tenant.engine.image.id)
  expect(faults).toEqual([])
  stop()
})

test('tenants of one store do not see each other', async () => {
  const { store, tenant } = await withDocuments()
  await tenant.writeTuples({ add: [tuple], remove: [], by: root })
  const other = await openOver(store, 'other')
  expect(other.revision).toBeUndefined()
  expect(await other.tuples.list({ limit: 10 })).toEqual([])
  expect(await refusal(other.revisions.get(1))).toBe('E_POLICY_REVISION')
})
