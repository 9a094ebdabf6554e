/** `sallyport db`: the schema of a database that holds state. */

import { SallyportError } from '../errors.ts'
import { type Access, openDatabase } from '../service/database.ts'
import { currentSchema } from '../store/schema/versions.ts'
import { schemaDialects, schemaSql } from '../store/sql/ddl.ts'
import type { SqlDriver } from '../store/sql/driver.ts'
import { migrate, versionOf } from '../store/sql/migrate.ts'
import { usage } from './arguments.ts'
import { defineCommand } from './command.ts'
import { exit } from './exit.ts'
import { locate } from './files.ts'
import { type Io, print, printJson } from './io.ts'

const example = 'sallyport db init sallyport.db'

/** What a verb of `db` found or did. */
interface Report {
  readonly database: string
  readonly kind: string
  /** Of the schema, before; 0: there was none. */
  readonly from: number
  readonly version: number
  /** What this sallyport works with. */
  readonly needed: number
}

interface Action {
  readonly access: Access
  readonly run: (driver: SqlDriver) => Promise<{ readonly from: number; readonly to: number }>
  readonly code: (report: Report) => number
}

const actions: Readonly<Record<string, Action>> = {
  init: { access: 'create', run: init, code: () => exit.ok },
  migrate: { access: 'write', run: bringUpToDate, code: () => exit.ok },
  status: {
    access: 'read',
    async run(driver) {
      const version = await versionOf(driver)
      return { from: version, to: version }
    },
    code: ({ version, needed }) => (version === needed ? exit.ok : exit.failure),
  },
}

export const db = defineCommand({
  name: 'db',
  summary: 'Make, update and show the schema of a database.',
  operands: 'init|migrate|status DATABASE, or schema',
  maxOperands: 2,
  details: [
    'DATABASE is postgres://…, or the path of an SQLite file; left out: the environment variable SALLYPORT_DATABASE.',
    'init makes the schema where there is none, migrate brings an older one up to date, status shows its version, and schema prints',
    'it as SQL, for D1 and for those who apply it by hand. Each may be run twice, and by two processes at once.',
    'Exit code: 0 done, or up to date; 1 the database cannot be used, or status: it is not up to date; 2 wrong usage.',
  ],
  options: {
    dialect: { type: 'string', hint: 'NAME', description: 'Of schema: sqlite, postgres or cockroachdb.' },
    json: {
      type: 'boolean',
      description: 'Print { database, kind, from, version, needed } as JSON; of schema, a list of statements.',
    },
  },
  examples: [
    [example, 'makes the schema in an SQLite file'],
    ['sallyport db migrate postgres://app@db.internal/sallyport', 'brings a PostgreSQL database up to date'],
    ['sallyport db schema --dialect sqlite > migrations/0001_sallyport.sql', 'for `wrangler d1 migrations apply`'],
  ],
  async run({ flags, operands: [verb, url] }, io) {
    if (verb === 'schema') return printSchema(flags.dialect, flags.json, io)
    if (flags.dialect !== undefined) throw usage('only db schema takes --dialect')
    const action = verb !== undefined && Object.hasOwn(actions, verb) ? actions[verb] : undefined
    if (action === undefined) throw usage(`db needs one of init, migrate, status, schema: ${example}`)
    const report = await perform(action, url ?? io.env.SALLYPORT_DATABASE, io)
    if (flags.json) printJson(io.stdout, report)
    else print(io.stdout, sentence(report))
    return action.code(report)
  },
})

async function perform({ access, run }: Action, url: string | undefined, io: Io): Promise<Report> {
  if (url === undefined) throw usage(`db needs a database: ${example}`)
  const database = await openDatabase(/^\s*[a-z][a-z\d+.-]*:/i.test(url) ? url : locate(url, io), access)
  try {
    const { from, to } = await run(database.driver)
    return { database: database.name, kind: database.driver.kind, from, version: to, needed: currentSchema.version }
  } finally {
    await database.close()
  }
}

async function init(driver: SqlDriver): Promise<{ from: number; to: number }> {
  const from = await versionOf(driver)
  if (from !== 0 && from < currentSchema.version)
    throw stale(`the database has a schema already: run sallyport db migrate`)
  return migrate(driver)
}

async function bringUpToDate(driver: SqlDriver): Promise<{ from: number; to: number }> {
  // Whoever mistypes the name of a database should not get tables in it.
  if ((await versionOf(driver)) === 0) throw stale('the database has no schema of sallyport: run sallyport db init')
  return migrate(driver)
}

function stale(message: string): SallyportError {
  return new SallyportError('E_STORE_SCHEMA', message)
}

function sentence({ database, from, version, needed }: Report): string {
  if (version === 0) return `${database}: no schema; sallyport db init makes it`
  if (from !== version)
    return from === 0
      ? `${database}: schema version ${version} made`
      : `${database}: schema version ${from} → ${version}`
  if (version === needed) return `${database}: schema version ${version}, up to date`
  const what = version < needed ? 'sallyport db migrate brings it there' : 'this sallyport is older than it'
  return `${database}: schema version ${version}, needed is ${needed}; ${what}`
}

function printSchema(dialect: string | undefined, json: boolean, io: Io): number {
  const known = schemaDialects.find((name) => name === dialect)
  if (known === undefined) throw usage(`db schema needs --dialect, one of ${schemaDialects.join(', ')}`)
  const statements = schemaSql(known)
  if (json) printJson(io.stdout, statements)
  else for (const statement of statements) print(io.stdout, `${statement};`)
  return exit.ok
}
