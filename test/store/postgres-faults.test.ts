/** What PostgreSQL, and databases that speak its protocol, say; as codes. */
import { expect, test } from 'vitest'
import { isWorthRepeating, postgresFault } from '../../src/store/postgres/faults.ts'

test.each([
  ['40001', 'E_STORE_BUSY', true],
  ['40P01', 'E_STORE_BUSY', true],
  // CockroachDB's "result is ambiguous": repeating could apply it twice.
  ['40003', 'E_STORE_UNAVAILABLE', false],
  ['08006', 'E_STORE_UNAVAILABLE', false],
  ['57014', 'E_STORE_TIMEOUT', false],
  ['25006', 'E_STORE_READ_ONLY', false],
  ['53100', 'E_STORE_FULL', false],
  ['42P01', 'E_STORE_SCHEMA', false],
  ['XX001', 'E_STORE_CORRUPT', false],
  ['22003', 'E_STORE', false],
])('%s is %s', (code, fault, again) => {
  const error = Object.assign(new Error('as the server says'), { code, severity: 'ERROR' })
  expect(postgresFault('postgres', error)).toMatchObject({ code: fault })
  expect(isWorthRepeating(error)).toBe(again)
})

test.each([
  ['ENETDOWN', { code: 'ENETDOWN' }],
  ['EPROTO', { code: 'EPROTO' }],
  ['TLS', { code: 'ERR_SSL_DECRYPTION_FAILED_OR_BAD_RECORD_MAC' }],
  ['a server that ends the connection', { code: '25P03', severity: 'FATAL' }],
  ['a server that ends, having no memory', { code: '53200', severity: 'FATAL' }],
  ['a driver that understands nothing', {}],
])('%s: nobody knows what became of it', (_, members) => {
  const error = Object.assign(new Error('as the driver says'), members)
  expect(postgresFault('postgres', error)).toMatchObject({ code: 'E_STORE_UNAVAILABLE' })
  expect(isWorthRepeating(error)).toBe(false)
})
