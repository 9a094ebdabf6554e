/**
 * Brings a database to a version of the schema. Forward only, a version at a time; each step is a guarded write like any other: it first
 * counts the version up, and fails if another process did so. So it is safe to run it twice, and by two processes at once.
 */
import { SallyportError } from '../../errors.ts'
import { schemaVersion } from '../schema/index.ts'
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
export async function migrate(driver: SqlDriver): Promise<{ readonly from: number; readonly to: number }> {
  const from = await versionOf(driver)
  checkNotNewer(from)
  if (from === 0) await begin(driver)
  let version = from
  while (version < schemaVersion) {
    // Whether this process or another took the step, the version tells.
    await driver.transact(step(driver, version + 1))
    version = await versionOf(driver)
  }
  checkNotNewer(version)
  return { from, to: version }
}

/** @throws SallyportError `E_STORE_SCHEMA` unless the database has what this code needs */
export async function checkVersion(driver: SqlDriver): Promise<void> {
  const version = await versionOf(driver)
  checkNotNewer(version)
  if (version === schemaVersion) return
  const has =
    version === 0
      ? 'has no schema of sallyport'
      : `has version ${version} of the schema, and ${schemaVersion} is needed`
  const verb = version === 0 ? 'init' : 'migrate'
  throw new SallyportError('E_STORE_SCHEMA', `the database ${has}: run sallyport db ${verb}, or pass migrate: true`)
}

function checkNotNewer(version: number): void {
  if (version <= schemaVersion) return
  const message = `the database has version ${version} of the schema; this sallyport knows ${schemaVersion}: update it`
  throw new SallyportError('E_STORE_SCHEMA', message)
}

async function begin(driver: SqlDriver): Promise<void> {
  await driver.transact([plain(metaTableSql(driver.dialect))])
  await driver.transact([
    plain(`insert into "sallyport_meta" ("name", "value") values ('schema', 0) on conflict do nothing`),
  ])
}

function step({ dialect }: SqlDriver, version: number): SqlStatement[] {
  const claim = `update "sallyport_meta" set "value" = ${version} where "name" = 'schema' and "value" = ${version - 1} returning 1 as hit`
  const guard = dialect === 'postgres' ? `with hit as (${claim}) select 1 / count(*) as hit from hit` : claim
  return [{ sql: guard, parameters: [], guarded: true }, ...stepSql(dialect, version).map(plain)]
}

function plain(sql: string): SqlStatement {
  return { sql, parameters: [], guarded: false }
}
