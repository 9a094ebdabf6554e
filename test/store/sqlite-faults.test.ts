/** What SQLite, and the databases made of it, say; as codes. */
import { DatabaseSync } from 'node:sqlite'
import { expect, test } from 'vitest'
import { sqliteFault } from '../../src/store/sqlite/faults.ts'

test.each([
  ['D1_ERROR: UNIQUE constraint failed: t.id: SQLITE_CONSTRAINT', 'E_STORE'],
  ['D1_ERROR: CHECK constraint failed: value', 'E_STORE'],
  ['D1_ERROR: near "selct": syntax error at offset 0: SQLITE_ERROR', 'E_STORE'],
  ['D1_ERROR: no such table: sallyport_meta: SQLITE_ERROR', 'E_STORE_SCHEMA'],
  ['D1_ERROR: Internal error in D1 storage caused object to be reset.', 'E_STORE_UNAVAILABLE'],
  ['D1_ERROR: Internal error while starting up storage: SQLITE_ERROR', 'E_STORE_UNAVAILABLE'],
  ['D1_ERROR: D1 DB reset because its code was updated.', 'E_STORE_UNAVAILABLE'],
  ['D1_ERROR: Network connection lost.', 'E_STORE_UNAVAILABLE'],
  ['D1_ERROR: Cannot resolve D1 DB due to transient issue on remote node.', 'E_STORE_UNAVAILABLE'],
  ['D1 DB storage operation exceeded timeout which caused object to be reset.', 'E_STORE_TIMEOUT'],
  ['disk I/O error: SQLITE_IOERR', 'E_STORE_UNAVAILABLE'],
  ['what nobody has heard of', 'E_STORE_UNAVAILABLE'],
])('%s', (message, code) => {
  expect(sqliteFault('d1', new Error(message))).toMatchObject({ code })
})

test.each([
  ['SQLITE_ERROR', { errcode: 1 }, 'E_STORE'],
  ['SQLITE_CONSTRAINT_CHECK', { errcode: 275 }, 'E_STORE'],
  ['SQLITE_IOERR_FSYNC', { errcode: 1034 }, 'E_STORE_UNAVAILABLE'],
  ['SQLITE_BUSY_SNAPSHOT', { errno: 517 }, 'E_STORE_BUSY'],
  // No codes of SQLite, though the low byte of the first is 1.
  ['the system', { errno: -4095 }, 'E_STORE_UNAVAILABLE'],
  ['a class of Node', { code: 'ERR_SQLITE_ERROR' }, 'E_STORE_UNAVAILABLE'],
])('the code of %s', (_, members, code) => {
  expect(sqliteFault('sqlite', Object.assign(new Error('as the driver says'), members))).toMatchObject({ code })
})

test('what the driver says itself', () => {
  const database = new DatabaseSync(':memory:')
  database.exec('create table t (id integer primary key check (id > 0))')
  for (const sql of ['insert into t values (0)', 'selct 1', 'select abs(-9223372036854775808)']) {
    const run = () => database.prepare(sql).all()
    expect(run).toThrow()
    try {
      run()
    } catch (error) {
      expect(sqliteFault('sqlite', error)).toMatchObject({ code: 'E_STORE' })
    }
  }
})
