/** What a column may hold, the same in every store. What one store could not keep or order is refused by all. */
import { SallyportError } from '../errors.ts'
import type { Column, Table, Value } from './schema/table.ts'

export type Fields = Readonly<Record<string, Value>>

/** In UTF-8; PostgreSQL's index entries end at some 2,700 bytes, and the longest has the tenant and four columns. */
export const MAX_KEY_BYTES = 512
/** Durable Objects and D1 end at 2 MB a row. */
export const MAX_TEXT_LENGTH = 256 * 1024

export function wrong(message: string): SallyportError {
  return new SallyportError('E_STORE_STATEMENT', message)
}

/** @throws SallyportError `E_STORE_STATEMENT` */
export function checkTenant(id: string): string {
  if (typeof id !== 'string' || id === '') throw wrong('a tenant is a text that is not empty')
  checkText('the tenant', id, true)
  return id
}

/** The column, if the table has it. */
export function columnOf(table: Table, name: string): Column {
  const column = Object.hasOwn(table.columns, name) ? table.columns[name] : undefined
  if (column === undefined) throw wrong(`the table ${table.name} has no column "${name}"`)
  return column
}

export function checkValue(table: Table, name: string, value: Value | undefined): Value {
  const column = columnOf(table, name)
  const what = `${table.name}.${name}`
  if (value === null && column.nullable) return value
  if (column.type === 'integer') {
    if (!Number.isSafeInteger(value)) throw wrong(`${what} takes a safe integer, not ${shown(value)}`)
    return value as number
  }
  if (typeof value !== 'string') throw wrong(`${what} takes a text, not ${shown(value)}`)
  checkText(what, value, isIndexed(table, name))
  return value
}

/** A whole row: each column once, and nothing else. */
export function checkRow(table: Table, row: Fields): void {
  const names = Object.keys(table.columns)
  for (const name of names) checkValue(table, name, row[name])
  if (Object.keys(row).length !== names.length) for (const name of Object.keys(row)) columnOf(table, name)
}

/** Exactly the columns of the key. */
export function checkKey(table: Table, key: Fields): void {
  for (const name of table.key) checkValue(table, name, key[name])
  for (const name of Object.keys(key)) {
    if (!table.key.includes(name)) throw wrong(`"${name}" is not in the key of ${table.name}: ${table.key.join(', ')}`)
  }
}

/** Whether a key or an index can hold it; nothing has an id that none could hold. */
export function fitsKey(value: unknown): boolean {
  return typeof value === 'string' && isStorable(value) && utf8Length(value) <= MAX_KEY_BYTES
}

/** PostgreSQL has no NUL in texts, and UTF-8 no half of a surrogate pair. */
function isStorable(value: string): boolean {
  return !value.includes('\0') && value.isWellFormed()
}

function checkText(what: string, value: string, indexed: boolean): void {
  if (!isStorable(value)) throw wrong(`${what} has a character that no store can keep`)
  if (value.length > MAX_TEXT_LENGTH) throw wrong(`${what} is longer than ${MAX_TEXT_LENGTH} characters`)
  if (indexed && utf8Length(value) > MAX_KEY_BYTES) {
    throw wrong(`${what} is longer than the ${MAX_KEY_BYTES} bytes that a key or an index can hold`)
  }
}

function utf8Length(value: string): number {
  return value.length * 3 <= MAX_KEY_BYTES ? value.length : new TextEncoder().encode(value).length
}

const indexed = new WeakMap<Table, ReadonlySet<string>>()

function isIndexed(table: Table, name: string): boolean {
  let names = indexed.get(table)
  if (names === undefined) {
    names = new Set([...table.key, ...Object.values(table.indexes).flatMap(({ columns }) => columns)])
    indexed.set(table, names)
  }
  return names.has(name)
}

function shown(value: unknown): string {
  return value === undefined
    ? 'nothing'
    : value === null
      ? 'null'
      : typeof value === 'number'
        ? String(value)
        : typeof value
}
