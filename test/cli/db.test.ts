import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, test } from 'vitest'
import { currentSchema } from '../../src/store/schema/versions.ts'
import { schemaSql } from '../../src/store/sql/ddl.ts'
import { sqliteStore } from '../../src/store/sqlite/index.ts'
import { cli, folder } from './support.ts'

const made = `: schema version ${currentSchema.version} made\n`
const current = `: schema version ${currentSchema.version}, up to date\n`

test('init makes the schema, and again changes nothing', async () => {
  const cwd = await folder({})
  expect(await cli(['db', 'init', 'a.db'], { cwd })).toEqual({
    code: 0,
    stdout: `${join(cwd, 'a.db')}${made}`,
    stderr: '',
  })
  const again = await cli(['db', 'init', 'a.db'], { cwd })
  expect(again).toMatchObject({ code: 0, stdout: expect.stringContaining(current) })
  const store = await sqliteStore(new DatabaseSync(join(cwd, 'a.db')), { migrate: false })
  expect(await store.tenant('acme').revision()).toBe(0)
})

test('migrate wants a schema that is there, and status makes no file', async () => {
  const cwd = await folder({})
  expect(await cli(['db', 'status', 'a.db'], { cwd })).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('E_FILE'),
  })
  expect(await cli(['db', 'migrate', 'a.db'], { cwd })).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('E_FILE'),
  })
  expect(existsSync(join(cwd, 'a.db'))).toBe(false)
  new DatabaseSync(join(cwd, 'a.db')).exec('create table other (x)')
  expect(await cli(['db', 'status', 'a.db'], { cwd })).toMatchObject({
    code: 1,
    stdout: expect.stringContaining('no schema'),
  })
  expect(await cli(['db', 'migrate', 'a.db'], { cwd })).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('db init'),
  })
})

test('a schema of a newer version is refused', async () => {
  const cwd = await folder({})
  await cli(['db', 'init', 'a.db'], { cwd })
  const database = new DatabaseSync(join(cwd, 'a.db'))
  database.exec('update sallyport_meta set value = value + 1')
  for (const verb of ['init', 'migrate']) {
    expect(await cli(['db', verb, 'a.db'], { cwd })).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('E_STORE_SCHEMA'),
    })
  }
  expect(await cli(['db', 'status', 'a.db'], { cwd })).toMatchObject({
    code: 1,
    stdout: expect.stringContaining('older'),
  })
  await expect(sqliteStore(database)).rejects.toMatchObject({ code: 'E_STORE_SCHEMA' })
})

test('status as JSON; the database from the environment', async () => {
  const cwd = await folder({})
  const env = { SALLYPORT_DATABASE: 'sqlite:a.db' }
  await cli(['db', 'init', 'a.db'], { cwd })
  const { code, stdout } = await cli(['db', 'status', '--json'], {
    cwd,
    env: { SALLYPORT_DATABASE: join(cwd, 'a.db') },
  })
  const version = currentSchema.version
  expect([code, JSON.parse(stdout)]).toEqual([
    0,
    { database: join(cwd, 'a.db'), kind: 'sqlite', from: version, version, needed: version },
  ])
  expect(env.SALLYPORT_DATABASE).toContain(':')
})

test('schema prints what init makes', async () => {
  const { code, stdout } = await cli(['db', 'schema', '--dialect', 'sqlite'])
  expect(code).toBe(0)
  const database = new DatabaseSync(':memory:')
  database.exec(stdout)
  const store = await sqliteStore(database, { migrate: false })
  expect(await store.tenant('acme').revision()).toBe(0)
  const json = await cli(['db', 'schema', '--dialect', 'postgres', '--json'])
  expect(JSON.parse(json.stdout)).toEqual(schemaSql('postgres'))
})

test('wrong usage', async () => {
  for (const argv of [
    ['db'],
    ['db', 'init'],
    ['db', 'nothing', 'a.db'],
    ['db', 'schema'],
    ['db', 'schema', '--dialect', 'mysql'],
    ['db', 'init', 'a.db', '--dialect', 'sqlite'],
  ]) {
    expect(await cli(argv), argv.join(' ')).toMatchObject({ code: 2, stderr: expect.stringContaining('E_USAGE') })
  }
})

test('a server that is not there', async () => {
  const ended = await cli(['db', 'status', 'postgres://someone:secret@127.0.0.1:1/none'])
  expect(ended).toMatchObject({ code: 1, stderr: expect.stringContaining('E_STORE_UNAVAILABLE') })
  expect(ended.stderr).not.toContain('secret')
})

test('four processes at once', async () => {
  const cwd = await folder({})
  const main = join(import.meta.dirname, '../../dist/src/cli/main.js')
  const runs = Array.from({ length: 4 }, () => {
    const child = spawn(process.execPath, [main, 'db', 'init', 'a.db'], { cwd, stdio: 'ignore' })
    return new Promise((resolve) => child.once('exit', resolve))
  })
  expect(await Promise.all(runs)).toEqual([0, 0, 0, 0])
  expect(await cli(['db', 'status', 'a.db'], { cwd })).toMatchObject({ code: 0 })
})
