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

test('many rows, in any order, come out sorted page by page', async () => {
  const tenant = memoryStore().tenant('acme')
  const kept = new Set<number>()
  const order = (a: number, b: number) => (`${a}` < `${b}` ? -1 : 1)
  for (let round = 0; round < 6000; round++) {
    // Most by chance, some in order, as ids with a time in them come; then a third is deleted again.
    const n = round % 3 === 0 ? 1_000_000 + round : Math.floor(Math.random() * 100_000)
    const { applied } = await tenant.write([counter(`${n}`)])
    expect(applied).toBe(!kept.has(n))
    kept.add(n)
  }
  for (const n of [...kept].filter(() => Math.random() < 1 / 3)) {
    await tenant.write([{ delete: 'counters', key: { name: `${n}`, window: 0 } }])
    kept.delete(n)
  }
  for (const descending of [false, true]) {
    const seen: string[] = []
    for (let after: { name: string; window: number } | undefined; ; ) {
      const page = await tenant.find('counters', { limit: 100, descending, ...(after === undefined ? {} : { after }) })
      seen.push(...page.map(({ name }) => name))
      after = page.at(-1)
      if (page.length < 100) break
    }
    const sorted = [...kept].sort(order).map(String)
    expect(seen).toEqual(descending ? sorted.reverse() : sorted)
  }
})
