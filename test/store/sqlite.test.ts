import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll } from 'vitest'
import { sqliteStore } from '../../src/store/sqlite/index.ts'
import { checkContract } from './check.ts'

const folder = mkdtempSync(join(tmpdir(), 'sallyport-sqlite-'))
afterAll(() => rmSync(folder, { recursive: true }))

checkContract('SQLite in a file', async () => sqliteStore(new DatabaseSync(join(folder, 'store.db'))))
checkContract('SQLite in memory', async () => sqliteStore(new DatabaseSync(':memory:')))
