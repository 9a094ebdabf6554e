/** Statements as stores read them: without the types of their tables, and checked against the schema before anything runs. */
import type { Change, ChangeEntry, Comparison, Write } from './port.ts'
import { type TableName, tables } from './schema/index.ts'
import type { Table } from './schema/table.ts'
import { checkKey, checkRow, checkValue, columnOf, type Fields, wrong } from './values.ts'

export type Condition<V = string | number, N = number> = NullTest | Compared<V, N>

export interface NullTest {
  readonly column: string
  readonly is: 'null' | 'not null'
}

/** V and N stand for the values, which writers of SQL replace by places for them. */
export type Compared<V = string | number, N = number> = {
  readonly column: string
  readonly plus?: N
  readonly is: Comparison
} & ({ readonly value: V } | { readonly to: string })

export function isNullTest<V, N>(condition: Condition<V, N>): condition is NullTest {
  return condition.is === 'null' || condition.is === 'not null'
}

export type Statement = { readonly table: Table; readonly key: Fields } & (
  | { readonly kind: 'insert'; readonly row: Fields; readonly ifAbsent: boolean }
  | { readonly kind: 'put'; readonly row: Fields }
  | {
      readonly kind: 'update'
      readonly set: Fields
      readonly add: Readonly<Record<string, number>>
      readonly when: readonly Condition[]
    }
  | { readonly kind: 'delete'; readonly when: readonly Condition[] }
  | { readonly kind: 'remove' }
  | { readonly kind: 'require'; readonly when: readonly Condition[] }
)

/** Each is sent by itself, and D1 wants two for most. */
export const MAX_STATEMENTS = 200
/** Of `put` and `remove`, besides the others: they are sent many at a time. */
export const MAX_ROWS = 1000
/** Of the keys that a write tells of, as JSON in UTF-8: Durable Objects and D1 end at 2 MB a row. */
const MAX_JOURNAL_BYTES = 1_900_000

/** Any statement of the port, of whatever table. */
interface Loose {
  readonly insert?: string
  readonly put?: string
  readonly update?: string
  readonly delete?: string
  readonly remove?: string
  readonly require?: string
  readonly row?: Fields
  readonly key?: Fields
  readonly ifAbsent?: boolean
  readonly set?: Fields
  readonly add?: Readonly<Record<string, number>>
  readonly when?: readonly Condition[]
}

/** @throws SallyportError `E_STORE_STATEMENT`; then nothing was run */
export function readStatements(writes: readonly Write[]): readonly Statement[] {
  if (writes.length === 0) throw wrong('a write needs at least one statement')
  const rows = writes.reduce((count, write) => ('put' in write || 'remove' in write ? count + 1 : count), 0)
  if (rows > MAX_ROWS) throw wrong(`a write puts and removes at most ${MAX_ROWS} rows`)
  if (writes.length - rows > MAX_STATEMENTS)
    throw wrong(`a write has at most ${MAX_STATEMENTS} statements besides put and remove`)
  const statements = writes.map(readStatement)
  if (rows > MAX_STATEMENTS) checkJournal(statements)
  return statements
}

function checkJournal(statements: readonly Statement[]): void {
  const bytes = new TextEncoder().encode(JSON.stringify(entriesOf(statements))).length
  if (bytes > MAX_JOURNAL_BYTES) throw wrong('the keys that a write changes are too long together; write fewer rows')
}

export function tableNamed(name: string): Table {
  if (!Object.hasOwn(tables, name)) throw wrong(`there is no table "${name}"`)
  return tables[name as TableName]
}

function readStatement(write: Write): Statement {
  const {
    insert,
    put,
    update,
    delete: gone,
    remove,
    require,
    row,
    key = {},
    ifAbsent = false,
    set = {},
    add = {},
    when = [],
  }: Loose = write
  const into = insert ?? put
  if (into !== undefined) {
    const table = tableNamed(into)
    if (row === undefined) throw wrong(`what is written into ${into} needs a row`)
    checkRow(table, row)
    const written = { table, key: keyOf(table, row), row }
    return insert === undefined ? { kind: 'put', ...written } : { kind: 'insert', ...written, ifAbsent }
  }
  const table = tableNamed(update ?? gone ?? remove ?? require ?? '')
  checkKey(table, key)
  if (remove !== undefined) return { kind: 'remove', table, key }
  checkConditions(table, when)
  if (gone !== undefined) return { kind: 'delete', table, key, when }
  if (update === undefined) return { kind: 'require', table, key, when }
  checkChanges(table, set, add)
  return { kind: 'update', table, key, set, add, when }
}

function checkChanges(table: Table, set: Fields, add: Readonly<Record<string, number>>): void {
  const changed = [...Object.keys(set), ...Object.keys(add)]
  if (changed.length === 0) throw wrong(`an update of ${table.name} changes nothing; to check only, write require`)
  if (new Set(changed).size < changed.length) throw wrong(`an update of ${table.name} sets and adds to the same column`)
  for (const name of changed)
    if (table.key.includes(name)) throw wrong(`${table.name}.${name} is in the key, and never changes`)
  for (const [name, value] of Object.entries(set)) checkValue(table, name, value)
  for (const [name, value] of Object.entries(add)) checkSummand(table, name, value)
}

function checkSummand(table: Table, name: string, value: number): void {
  if (columnOf(table, name).type !== 'integer')
    throw wrong(`${table.name}.${name} is a text; nothing can be added to it`)
  if (!Number.isSafeInteger(value)) throw wrong(`what is added to ${table.name}.${name} must be a safe integer`)
}

const comparisons: ReadonlySet<string> = new Set(['=', '!=', '<', '<=', '>', '>='])

export function checkConditions(table: Table, conditions: readonly Condition[]): void {
  for (const condition of conditions) {
    const column = columnOf(table, condition.column)
    if (isNullTest(condition)) continue
    if (!comparisons.has(condition.is)) throw wrong(`"${condition.is}" is not a comparison`)
    if (condition.plus !== undefined) checkSummand(table, condition.column, condition.plus)
    const other = 'to' in condition ? columnOf(table, condition.to).type : typeOf(condition.value)
    if (other !== column.type)
      throw wrong(`${table.name}.${condition.column} is ${column.type}, and is compared with ${other}`)
    if ('value' in condition) checkOperand(table, condition.column, condition.value)
  }
}

/** A text longer than the column holds is no mistake in a comparison: it is equal to none. */
function checkOperand(table: Table, name: string, value: string | number): void {
  if (typeof value === 'number' || value.includes('\0') || !value.isWellFormed()) checkValue(table, name, value)
}

function typeOf(value: unknown): string {
  return typeof value === 'string' ? 'text' : Number.isSafeInteger(value) ? 'integer' : `${value}`
}

export function keyOf(table: Table, row: Fields): Fields {
  return Object.fromEntries(table.key.map((name) => [name, row[name]!]))
}

const told = { insert: 'insert', put: 'update', update: 'update', delete: 'delete', remove: 'delete' } as const

/** What a write is told of: only the tables that somebody may cache. */
export function entriesOf(statements: readonly Statement[]): Change['entries'] {
  return statements.flatMap(({ kind, table, key }): ChangeEntry[] =>
    kind === 'require' || table.journal === 'none'
      ? []
      : // A key holds no nulls.
        [
          {
            table: table.name as TableName,
            kind: told[kind],
            key: table.key.map((name) => key[name] as string | number),
          },
        ],
  )
}

/** Whether a write goes before others to those who read changes. */
export function goesFirst(statements: readonly Statement[]): boolean {
  return statements.some(({ kind, table }) => kind !== 'require' && table.journal === 'first')
}
