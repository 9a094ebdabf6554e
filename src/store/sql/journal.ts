/** The statements that count writes and keep what they changed. */
import { type RawBuilder, sql } from 'kysely'
import type { ChangeEntry, ChangePage } from '../port.ts'
import { changes, tenants } from '../schema/system.ts'
import { builderOf, sqlName } from './builder.ts'
import type { DialectName, SqlRow, SqlStatement } from './driver.ts'

const tenantTable = sql.table(sqlName(tenants))
const changeTable = sql.table(sqlName(changes))

/** First of all in a write: it holds the tenant's row, so that the others wait and a revision is never seen before an earlier one. */
export function countSql(dialect: DialectName, tenant: string): SqlStatement {
  return write(
    dialect,
    sql`insert into ${tenantTable} (tenant, revision, trimmed) values (${tenant}, 1, 0)
    on conflict (tenant) do update set revision = ${tenantTable}.revision + 1 returning revision`,
  )
}

/** Last in a write, with the revision that `countSql` gave it. */
export function recordSql(
  dialect: DialectName,
  tenant: string,
  entries: readonly ChangeEntry[],
  first: boolean,
): SqlStatement {
  return write(
    dialect,
    sql`insert into ${changeTable} (tenant, revision, first, entries)
    select tenant, revision, cast(${first ? 1 : 0} as bigint), cast(${JSON.stringify(entries)} as text)
    from ${tenantTable} where tenant = ${tenant}`,
  )
}

export function revisionSql(dialect: DialectName, tenant: string): SqlStatement {
  return write(dialect, sql`select revision from ${tenantTable} where tenant = ${tenant}`)
}

/** One statement, so that what it says of the tenant and of the changes is of one moment. */
export function changesSql(
  dialect: DialectName,
  tenant: string,
  after: number,
  limit: number,
  first: boolean,
): SqlStatement {
  return write(
    dialect,
    sql`select t.revision as latest, t.trimmed, c.revision, c.entries from ${tenantTable} as t
    left join ${changeTable} as c on c.tenant = t.tenant and c.revision > ${after}${first ? sql` and c.first = 1` : sql``}
    where t.tenant = ${tenant} order by c.revision limit ${limit + 1}`,
  )
}

export function readChanges(rows: readonly SqlRow[], after: number, limit: number): ChangePage {
  const latest = Number(rows[0]?.latest ?? 0)
  const trimmed = Number(rows[0]?.trimmed ?? 0)
  const found = rows
    .filter(({ revision }) => revision !== null)
    .map(({ revision, entries }) => ({ revision: Number(revision), entries: readEntries(entries) }))
  const more = found.length > limit
  const page = more ? found.slice(0, limit) : found
  return { changes: page, upTo: more ? page.at(-1)!.revision : Math.max(after, latest), gap: after < trimmed, more }
}

/** Only `recordSql` writes them. */
function readEntries(text: unknown): ChangeEntry[] {
  return JSON.parse(String(text)) as ChangeEntry[]
}

export function trimSql(dialect: DialectName, tenant: string, upTo: number): SqlStatement[] {
  const to = sql`cast(${upTo} as bigint)`
  return [
    write(
      dialect,
      sql`update ${tenantTable} set trimmed = case when revision < ${to} then revision else ${to} end
      where tenant = ${tenant} and trimmed < ${to}`,
    ),
    write(
      dialect,
      sql`delete from ${changeTable} where tenant = ${tenant}
      and revision <= (select trimmed from ${tenantTable} where tenant = ${tenant})`,
    ),
  ]
}

function write(dialect: DialectName, query: RawBuilder<unknown>): SqlStatement {
  const { sql: text, parameters } = query.compile(builderOf(dialect))
  return { sql: text, parameters: parameters as SqlStatement['parameters'], guarded: false }
}
