/** The work on a page: leaves how often a second, for each column, where the driver finds it. */
import { indexedDbStore } from '../../src/store/indexeddb/index.ts'
import { rateOf } from './rate.ts'
import { columns, prepare, run, TENANTS } from './work.ts'

async function measure(): Promise<number[]> {
  const store = await indexedDbStore(indexedDB, 'benchmark')
  for (let number = 0; number < TENANTS; number++) await prepare(store, number)
  const rates: number[] = []
  for (const [, work] of columns) rates.push(await rateOf((it) => run(store, it), work, 3000))
  return rates
}

Object.assign(globalThis, { report: measure() })
