/** Runs the contract on a web page: leaves what failed, by the name of the check, where the driver finds it. */
import { indexedDbStore } from '../../src/store/indexeddb/index.ts'
import { entryOf, placeOf } from '../../src/store/indexeddb/keys.ts'
import { answerOf } from '../../src/store/indexeddb/requests.ts'
import { openIndexedDb } from '../../src/store/indexeddb/upgrade.ts'
import { newer, older } from './growing.ts'
import { type Report, reportOf } from './report.ts'
import { counter } from './rows.ts'
import { equal, rejects } from './same.ts'

async function check(): Promise<Report> {
  const [upgraded, shared] = await Promise.all([named(upgrade), named(twoPages)])
  return {
    ...(await reportOf(await indexedDbStore(indexedDB, 'contract'), await indexedDbStore(indexedDB, 'contract'))),
    upgrade: upgraded,
    'two pages': shared,
  }
}

function named(action: () => Promise<void>): Promise<string | null> {
  return action().then(
    () => null,
    (error: Error) => `${error.message} ${error.stack}`,
  )
}

/** From one version of a schema to the next, with a row in it. */
async function upgrade(): Promise<void> {
  const [table] = older.tables
  const row = { id: 'a', state: 'active' }
  const before = await openIndexedDb(indexedDB, 'upgrade', older)
  const writing = before.transaction('things', 'readwrite').objectStore('things')
  await answerOf(writing.put(entryOf('acme', table!, row), placeOf('acme', ['id'], row)))
  before.close()
  const database = await openIndexedDb(indexedDB, 'upgrade', newer)
  const reading = database.transaction(['things', 'others']).objectStore('things')
  const found = await answerOf(reading.index('by_size').get(['acme', 7, 'a']))
  equal(found.row, { ...row, size: 7, word: "it's", note: null })
  database.close()
  await rejects(() => openIndexedDb(indexedDB, 'upgrade', older), 'E_STORE_SCHEMA')
}

/** Two stores on one database, and a newer page that wants it for itself. */
async function twoPages(): Promise<void> {
  const [one, other] = await Promise.all([indexedDbStore(indexedDB, 'pages'), indexedDbStore(indexedDB, 'pages')])
  const tenant = one.tenant('acme')
  await tenant.write([counter('a')])
  const take = (i: number) =>
    (i % 2 ? one : other).tenant('acme').write([
      {
        update: 'counters',
        key: { name: 'a', window: 0 },
        add: { value: 1 },
        when: [{ column: 'value', is: '<', value: 20 }],
      },
    ])
  const results = await Promise.all(Array.from({ length: 64 }, (_, i) => take(i)))
  equal(results.filter(({ applied }) => applied).length, 20)
  await answerOf(indexedDB.deleteDatabase('pages'))
  await rejects(() => tenant.revision(), 'E_STORE_UNAVAILABLE')
  await rejects(() => take(1), 'E_STORE_UNAVAILABLE')
}

Object.assign(globalThis, { report: check().catch((error) => ({ opening: String(error) })) })
