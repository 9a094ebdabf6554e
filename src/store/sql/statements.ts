/** Statements of the port as SQL. Each finds or changes one row; those that must do so are guarded. */
import { type Compilable, type RawBuilder, sql } from 'kysely'
import { isNullTest, type Statement } from '../statement.ts'
import { type Builder, builderOf, fill, type Slot, sqlName, type Template, templateOf } from './builder.ts'
import type { DialectName, SqlStatement } from './driver.ts'
import { Lift, type LiftedCondition, type Slots } from './lift.ts'

const LARGEST = sql.lit(Number.MAX_SAFE_INTEGER)
const SMALLEST = sql.lit(-Number.MAX_SAFE_INTEGER)

const templates: Readonly<Record<DialectName, Map<string, Template>>> = { sqlite: new Map(), postgres: new Map() }

export function statementSql(dialect: DialectName, tenant: string, statement: Statement): SqlStatement {
  const { lift, build } = prepare(tenant, statement)
  const cache = templates[dialect]
  let template = cache.get(lift.shape)
  if (template === undefined) {
    template = templateOf(build(builderOf(dialect)).compile())
    cache.set(lift.shape, template)
  }
  const guarded = statement.kind !== 'insert' || !statement.ifAbsent
  return {
    sql: guarded ? guard(dialect, template.sql) : template.sql,
    parameters: fill(template, lift.values),
    guarded,
  }
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

function prepare(tenant: string, statement: Statement): Prepared {
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
