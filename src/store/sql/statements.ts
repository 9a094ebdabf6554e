/** Statements of the port as SQL. Each finds or changes one row, or writes several; those that must find one are guarded. */
import { type Compilable, type RawBuilder, sql } from 'kysely'
import type { Table } from '../schema/table.ts'
import { isNullTest, type Statement } from '../statement.ts'
import { type Builder, builderOf, fill, type Slot, sqlName, type Template, templateOf } from './builder.ts'
import type { DialectName, SqlStatement } from './driver.ts'
import { Lift, type LiftedCondition, type Slots } from './lift.ts'

const LARGEST = sql.lit(Number.MAX_SAFE_INTEGER)
const SMALLEST = sql.lit(-Number.MAX_SAFE_INTEGER)

const templates: Readonly<Record<DialectName, Map<string, Template>>> = { sqlite: new Map(), postgres: new Map() }

type Group = readonly [Statement, ...Statement[]]

/** A statement of SQL, and where those that it stands for begin in their list. */
export interface PlacedSql {
  readonly sql: SqlStatement
  readonly place: number
}

/** All of a write. Rows that are put or removed one after the other go together, as many as one statement may name. */
export function statementsSql(dialect: DialectName, tenant: string, statements: readonly Statement[]): PlacedSql[] {
  let place = 0
  return groupsOf(statements).map((group) => {
    const sql = groupSql(dialect, tenant, group)
    place += group.length
    return { sql, place: place - group.length }
  })
}

function groupsOf(statements: readonly Statement[]): Group[] {
  const groups: [Statement, ...Statement[]][] = []
  const keys = new Set<string>()
  for (const statement of statements) {
    const group = groups.at(-1)
    if (group !== undefined && isLike(group[0], statement) && group.length < mostRows(statement)) {
      const key = keyText(statement)
      // PostgreSQL changes no row twice in one statement.
      if (!keys.has(key)) {
        keys.add(key)
        group.push(statement)
        continue
      }
    }
    groups.push([statement])
    keys.clear()
    if (mostRows(statement) > 1) keys.add(keyText(statement))
  }
  return groups
}

function isLike(first: Statement, { kind, table }: Statement): boolean {
  return first.kind === kind && first.table === table
}

function keyText({ table, key }: Statement): string {
  return JSON.stringify(table.key.map((name) => key[name]))
}

/** D1 and Durable Objects take 100 parameters a statement, and expressions that are 100 deep. */
function mostRows({ kind, table }: Statement): number {
  if (kind === 'put') return Math.floor(100 / (Object.keys(table.columns).length + 1))
  return kind === 'remove' ? Math.min(25, Math.floor(99 / table.key.length)) : 1
}

function groupSql(dialect: DialectName, tenant: string, group: Group): SqlStatement {
  const [statement] = group
  const { lift, build } = prepare(tenant, group)
  const cache = templates[dialect]
  let template = cache.get(lift.shape)
  if (template === undefined) {
    template = templateOf(build(builderOf(dialect)).compile())
    cache.set(lift.shape, template)
  }
  const guarded = mustFind(statement)
  return {
    sql: guarded ? guard(dialect, template.sql) : template.sql,
    parameters: fill(template, lift.values),
    guarded,
  }
}

function mustFind(statement: Statement): boolean {
  if (statement.kind === 'insert') return !statement.ifAbsent
  return statement.kind !== 'put' && statement.kind !== 'remove'
}

/** On PostgreSQL a statement that found nothing divides by zero, so that nobody has to wait for it before sending the next. */
function guard(dialect: DialectName, text: string): string {
  return dialect === 'postgres' ? `with hit as (${text}) select 1 / count(*) as hit from hit` : text
}

interface Prepared {
  readonly lift: Lift
  readonly build: (db: Builder) => Compilable
}

const one = sql<number>`1`.as('hit')

function prepare(tenant: string, group: Group): Prepared {
  const [statement] = group
  if (statement.kind === 'put') return preparePut(tenant, statement.table, group)
  if (statement.kind === 'remove') return prepareRemove(tenant, statement.table, group)
  const { kind, table } = statement
  const name = sqlName(table)
  const lift = new Lift(kind, table.name, statement.kind === 'insert' && statement.ifAbsent)
  const owner = lift.value(tenant)
  if (statement.kind === 'insert') {
    const row = { tenant: owner, ...lift.fields(statement.row) }
    const build = (db: Builder) =>
      db
        .insertInto(name)
        .values(row)
        .onConflict((conflict) => conflict.doNothing())
        .returning(one)
    return { lift, build }
  }
  const key = { tenant: owner, ...lift.fields(statement.key) }
  const when = lift.conditions(statement.when)
  if (statement.kind === 'delete') {
    return { lift, build: (db) => db.deleteFrom(name).where(matches(key, when)).returning(one) }
  }
  if (statement.kind === 'require') {
    return { lift, build: (db) => db.selectFrom(name).select(one).where(matches(key, when)) }
  }
  const set = lift.fields(statement.set)
  const add = lift.fields(statement.add)
  const sums = Object.entries(add).map(([column, slot]) => [column, plus(column, slot)] as const)
  const inRange = sums.map(([, sum]) => sql<boolean>`${sum} between ${SMALLEST} and ${LARGEST}`)
  const build = (db: Builder) =>
    db
      .updateTable(name)
      .set({ ...set, ...Object.fromEntries(sums) })
      .where(sql.join<boolean>([matches(key, when), ...inRange], sql` and `))
      .returning(one)
  return { lift, build }
}

/** Each row names all columns, but not always in the same order. */
function preparePut(tenant: string, table: Table, group: Group): Prepared {
  const lift = new Lift('put', table.name, String(group.length))
  const columns = Object.keys(table.columns)
  const rows = group.map((statement) => {
    const row = statement.kind === 'put' ? statement.row : {}
    const ordered = Object.fromEntries(columns.map((name) => [name, row[name]!]))
    return { tenant: lift.value(tenant), ...lift.fields(ordered) }
  })
  const others = columns.filter((name) => !table.key.includes(name))
  const build = (db: Builder) =>
    db
      .insertInto(sqlName(table))
      .values(rows)
      .onConflict((conflict) => {
        const taken = conflict.columns(['tenant', ...table.key])
        if (others.length === 0) return taken.doNothing()
        return taken.doUpdateSet(Object.fromEntries(others.map((name) => [name, sql`excluded.${sql.ref(name)}`])))
      })
  return { lift, build }
}

function prepareRemove(tenant: string, table: Table, group: Group): Prepared {
  const lift = new Lift('remove', table.name, String(group.length))
  const owner = { tenant: lift.value(tenant) }
  const keys = group.map(({ key }) => lift.fields(Object.fromEntries(table.key.map((name) => [name, key[name]!]))))
  const build = (db: Builder) => {
    const any = sql.join<boolean>(
      keys.map((key) => sql`(${matches(key, [])})`),
      sql` or `,
    )
    return db.deleteFrom(sqlName(table)).where(sql<boolean>`${matches(owner, [])} and (${any})`)
  }
  return { lift, build }
}

function matches(key: Slots, when: readonly LiftedCondition[]): RawBuilder<boolean> {
  const equal = Object.entries(key).map(([column, slot]) => sql`${sql.ref(column)} = ${slot}`)
  return sql.join<boolean>([...equal, ...when.map(conditionSql)], sql` and `)
}

export function conditionSql(condition: LiftedCondition): RawBuilder<unknown> {
  const column = sql.ref(condition.column)
  if (isNullTest(condition)) return condition.is === 'null' ? sql`${column} is null` : sql`${column} is not null`
  const left = condition.plus === undefined ? column : plus(condition.column, condition.plus)
  const right = 'to' in condition ? sql.ref(condition.to) : sql`${condition.value}`
  return sql`${left} ${sql.raw(condition.is === '!=' ? '<>' : condition.is)} ${right}`
}

/** The cast tells PostgreSQL what to expect, and SQLite that the number is no float. */
function plus(column: string, summand: Slot): RawBuilder<number> {
  return sql`(${sql.ref(column)} + cast(${summand} as bigint))`
}
