import { expect, test } from 'vitest'
import { openDatabase } from '../../../src/service/database.ts'

test.each([
  ['postgres://app@db.internal/sallyport', 'postgres://db.internal/sallyport'],
  ['postgresql://app:geheim@db.internal:5433/sallyport', 'postgres://db.internal:5433/sallyport'],
  ['postgres://db.internal/sallyport?user=app&password=geheim&sslmode=require', 'postgres://db.internal/sallyport'],
  ['postgres://db.internal/sallyport#geheim', 'postgres://db.internal/sallyport'],
  ['postgres:///sallyport?host=/run/postgresql&password=geheim', 'postgres:///sallyport'],
  // Not escaped as they should be.
  ['postgres://app:geh@eim@db.internal/sallyport', 'postgres://db.internal/sallyport'],
  ['postgres://geheim:7/geheim@db.internal/sallyport', 'postgres://…'],
  ['postgres://geheim:7?geheim@db.internal/sallyport', 'postgres://…'],
  ['postgres://geheim:7#geheim@db.internal/sallyport', 'postgres://…'],
  ['postgres://app:geh/eim@db.internal/sallyport', 'postgres://…'],
  ['postgres://app:geheim@/sallyport', 'postgres://…'],
])('%s is told as %s', async (url, name) => {
  const database = await openDatabase(url, 'read')
  expect(database.name).toBe(name)
  await database.close()
})

test.each([
  ' postgres://app:geheim@db.internal/sallyport',
  'postgres+ssl://app:geheim@db.internal/sallyport',
  'POSTGRES://app:geheim@db.internal/sallyport',
  'postgres:/app:geheim@db.internal/sallyport',
  'postgresql:app:geheim@db.internal/sallyport',
  'mysql://app:geheim@db.internal/sallyport',
])('%s is no file, and nothing of it is told', async (url) => {
  const error = await openDatabase(url, 'read').catch((thrown: unknown) => thrown)
  expect(error).toMatchObject({ code: 'E_USAGE', message: expect.not.stringContaining('geheim') })
})
