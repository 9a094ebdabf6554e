/**
 * Brings a database to a version of the schema. Forward only, a version at a time; each step is a guarded write like any other: it first
 * counts the version up, and fails if another process did so. So it is safe to run it twice, and by two processes at once.
 */
import { SallyportError } from '../../errors.ts'
import { currentSchema, type Schema } from '../schema/versions.ts'
import { metaTableSql, stepSql } from './ddl.ts'
import type { SqlDriver, SqlStatement } from './driver.ts'

/** The version that the database has; 0: no schema. */
export async function versionOf(driver: SqlDriver): Promise<number> {
  try {
    const [row] = await driver.query(plain(`select "value" from "sallyport_meta" where "name" = 'schema'`))
    return Number(row?.value ?? 0)
  } catch (error) {
    // The table is missing.
    if (error instanceof SallyportError && error.code === 'E_STORE_SCHEMA') return 0
    throw error
  }
}

/** @returns the version it had, and the one it has now */
export async function migrate(
  driver: SqlDriver,
  schema: Schema = currentSchema,
): Promise<{ readonly from: number; readonly to: number }> {
  const from = await versionOf(driver)
  checkNotNewer(from, schema)
  if (from === 0) await begin(driver)
  let version = from
  while (version < schema.version) {
    // Whether this process or another took the step, the version tells.
    await driver.transact(step(driver, version + 1, schema))
    version = await versionOf(driver)
  }
  checkNotNewer(version, schema)
  return { from, to: version }
}

/** @throws SallyportError `E_STORE_SCHEMA` unless the database has what this code needs */
export async function checkVersion(driver: SqlDriver): Promise<void> {
  const version = await versionOf(driver)
  const { version: needed } = currentSchema
  checkNotNewer(version, currentSchema)
  if (version === needed) return
  const has =
    version === 0 ? 'has no schema of sallyport' : `has version ${version} of the schema, and ${needed} is needed`
  const verb = version === 0 ? 'init' : 'migrate'
  throw new SallyportError('E_STORE_SCHEMA', `the database ${has}: run sallyport db ${verb}, or pass migrate: true`)
}

function checkNotNewer(version: number, { version: known }: Schema): void {
  if (version <= known) return
  const message = `the database has version ${version} of the schema; this sallyport knows ${known}: update it`
  throw new SallyportError('E_STORE_SCHEMA', message)
}

async function begin(driver: SqlDriver): Promise<void> {
  await driver.transact([plain(metaTableSql(driver.dialect))])
  await driver.transact([
    plain(`insert into "sallyport_meta" ("name", "value") values ('schema', 0) on conflict do nothing`),
  ])
}

function step({ dialect }: SqlDriver, version: number, schema: Schema): SqlStatement[] {
  const claim = `update "sallyport_meta" set "value" = ${version} where "name" = 'schema' and "value" = ${version - 1} returning 1 as hit`
  const guard = dialect === 'postgres' ? `with hit as (${claim}) select 1 / count(*) as hit from hit` : claim
  return [{ sql: guard, parameters: [], guarded: true }, ...stepSql(dialect, version, schema).map(plain)]
}

function plain(sql: string): SqlStatement {
  return { sql, parameters: [], guarded: false }
}
