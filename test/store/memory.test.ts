import { expect, test } from 'vitest'
import { memoryStore } from '../../src/store/memory/index.ts'
import { checkContract } from './check.ts'
import { counter } from './rows.ts'

checkContract('memory', async () => memoryStore())

test('rows cannot be changed from outside', async () => {
  const tenant = memoryStore().tenant('acme')
  const insert = counter('a')
  await tenant.write([insert])
  Object.assign(insert.row, { value: 9 })
  const row = await tenant.get('counters', { name: 'a', window: 0 })
  expect(row).toMatchObject({ value: 0 })
  expect(() => Object.assign(row!, { value: 9 })).toThrow(TypeError)
})

test('a store that was closed answers nothing', async () => {
  const store = memoryStore()
  const tenant = store.tenant('acme')
  await store.close()
  await expect(tenant.get('counters', { name: 'a', window: 0 })).rejects.toMatchObject({ code: 'E_STORE_UNAVAILABLE' })
  await expect(tenant.write([counter('a')])).rejects.toMatchObject({ code: 'E_STORE_UNAVAILABLE' })
})
