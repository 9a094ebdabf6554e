/** Databases by URL, for the service and the command line. The packages that reach them are loaded when they are needed. */
import { existsSync } from 'node:fs'
import { SallyportError } from '../errors.ts'
import type { Store } from '../store/port.ts'
import { PostgresDriver } from '../store/postgres/driver.ts'
import type { SqlDriver } from '../store/sql/driver.ts'
import { openSqlStore, type SqlStoreOptions } from '../store/sql/store.ts'
import { SqliteDriver } from '../store/sqlite/driver.ts'

export interface OpenDatabase {
  readonly driver: SqlDriver
  /** Nothing of it is a secret. */
  readonly name: string
  store(options?: SqlStoreOptions): Promise<Store>
  close(): Promise<void>
}

/** `create` makes a file that is missing. */
export type Access = 'read' | 'write' | 'create'

/**
 * @param url `postgres://…`, or the path of an SQLite file, with or without `sqlite:` before it
 * @throws SallyportError `E_USAGE`, `E_FILE`, `E_PLATFORM`, `E_STORE_UNAVAILABLE`
 */
export async function openDatabase(url: string, access: Access): Promise<OpenDatabase> {
  if (/^postgres(?:ql)?:\/\//.test(url)) return openPostgres(url)
  // What looks like a URL is no file: names of files are told, and URLs hold passwords.
  if (/^\s*postgres(?:ql)?:/i.test(url)) {
    throw new SallyportError('E_USAGE', 'a database of PostgreSQL is written postgres://…')
  }
  const [, scheme] = /^\s*([a-z][a-z\d+.-]*):\/\//i.exec(url) ?? []
  if (scheme !== undefined) {
    throw new SallyportError('E_USAGE', `${scheme}:// is no database; use postgres://…, or the path of an SQLite file`)
  }
  return openSqlite(url.replace(/^sqlite:/, ''), access)
}

async function openPostgres(url: string): Promise<OpenDatabase> {
  const { Pool } = await load(() => import('pg'), 'PostgreSQL needs the package pg: npm install pg')
  const pool = new Pool({ connectionString: url, connectionTimeoutMillis: 5000, pipeline: true })
  const driver = new PostgresDriver(pool)
  return opened(driver, postgresName(url), () => pool.end())
}

/**
 * Host and database. Passwords may be among the user information and the parameters; and one that is not escaped as it should be may
 * end the host too early, so that its rest looks like a path.
 */
function postgresName(url: string): string {
  const parsed = URL.canParse(url) ? new URL(url) : undefined
  const rest = parsed === undefined ? '@' : parsed.pathname + parsed.search + parsed.hash
  return parsed === undefined || rest.includes('@') ? 'postgres://…' : `postgres://${parsed.host}${parsed.pathname}`
}

async function openSqlite(path: string, access: Access): Promise<OpenDatabase> {
  if (access !== 'create' && !existsSync(path))
    throw new SallyportError('E_FILE', `cannot read ${path}: no such file; sallyport db init makes one`)
  const { DatabaseSync } = await load(() => import('node:sqlite'), 'SQLite needs Node 22.13 or later, Deno or Bun')
  let database: InstanceType<typeof DatabaseSync>
  try {
    database = new DatabaseSync(path, { readOnly: access === 'read' })
  } catch (error) {
    throw new SallyportError('E_FILE', `cannot open ${path}: ${error instanceof Error ? error.message : error}`)
  }
  const driver = new SqliteDriver(database)
  if (access !== 'read') driver.prepare(5000)
  return opened(driver, path, async () => database.close())
}

function opened(driver: SqlDriver, name: string, end: () => Promise<void>): OpenDatabase {
  return {
    driver,
    name,
    store: (options = {}) => openSqlStore(driver, options),
    async close() {
      await driver.close()
      await end()
    },
  }
}

async function load<T>(importing: () => Promise<T>, missing: string): Promise<T> {
  try {
    return await importing()
  } catch (cause) {
    throw new SallyportError('E_PLATFORM', missing, { cause })
  }
}
