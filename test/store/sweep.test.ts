import { expect, test } from 'vitest'
import { memoryStore } from '../../src/store/memory/index.ts'
import type { Row } from '../../src/store/port.ts'
import { deleteBefore, trimChanges } from '../../src/store/sweep.ts'

const row = (i: number): Row<'counters'> => ({ name: `${i}`, window: 0, value: 0, at: 0, expires_at: i })
const expired = { table: 'counters', by: 'by_expiry', column: 'expires_at' } as const

test('deletes what is over, and nothing else', async () => {
  const tenant = memoryStore().tenant('acme')
  await tenant.write(Array.from({ length: 180 }, (_, i) => ({ insert: 'counters', row: row(i) }) as const))
  expect(await deleteBefore(tenant, { ...expired, before: 150 })).toBe(150)
  expect(await tenant.find('counters', { by: 'by_expiry', limit: 1 })).toEqual([row(150)])
  expect(await deleteBefore(tenant, { ...expired, before: 150 })).toBe(0)
})

test('a row that was prolonged meanwhile stays', async () => {
  const tenant = memoryStore().tenant('acme')
  await tenant.write([1, 2, 3].map((i) => ({ insert: 'counters', row: row(i) }) as const))
  const { write } = tenant
  tenant.write = async (statements) => {
    tenant.write = write
    await tenant.write([{ update: 'counters', key: { name: '2', window: 0 }, set: { expires_at: 99 } }])
    return tenant.write(statements)
  }
  expect(await deleteBefore(tenant, { ...expired, before: 10 })).toBe(2)
  expect((await tenant.find('counters', { limit: 9 })).map(({ name }) => name)).toEqual(['2'])
})

test('an index that does not begin with the column is refused', async () => {
  const tenant = memoryStore().tenant('acme')
  const wrong = { table: 'delegations', by: 'by_expiry', column: 'expires_at', before: 1 } as const
  await expect(deleteBefore(tenant, wrong)).rejects.toMatchObject({ code: 'E_STORE_STATEMENT' })
})

test('no more than the limit at a time', async () => {
  const tenant = memoryStore().tenant('acme')
  for (let i = 0; i < 250; i++) await tenant.write([{ insert: 'counters', row: row(i) }])
  expect(await deleteBefore(tenant, { ...expired, before: 500, limit: 130 })).toBe(130)
  expect(await deleteBefore(tenant, { ...expired, before: 500, limit: 130 })).toBe(120)
  expect(await deleteBefore(tenant, { ...expired, before: 500, limit: 130 })).toBe(0)
})

test('changes are trimmed from the oldest, so many at a time; the last ones stay', async () => {
  const tenant = memoryStore().tenant('acme')
  const session = (i: number) =>
    ({
      insert: 'sessions',
      row: { id: `${i}`, subject: 'a', state: 'active', roles: '[]', expires_at: 1, created_at: 1, document: '{}' },
    }) as const
  for (let i = 0; i < 50; i++) await tenant.write([session(i)])
  const trims: number[] = []
  for (let i = 0; i < 4; i++) trims.push(await trimChanges(tenant, { keep: 10, limit: 30 }))
  expect(trims).toEqual([30, 10, 0, 0])
  expect((await tenant.changes(40, 100)).changes).toHaveLength(10)
  expect((await tenant.changes(39, 100)).gap).toBe(true)
  // Writes that nobody is told of leave no changes to trim.
  const counter = { insert: 'counters', row: row(1) } as const
  await tenant.write([counter])
  expect(await trimChanges(tenant, { keep: 0, limit: 1000 })).toBeGreaterThan(0)
  expect(await trimChanges(tenant, { keep: 0, limit: 1000 })).toBe(0)
})
