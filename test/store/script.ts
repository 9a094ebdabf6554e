/** Runs the contract on SQLite as a script, for Bun and Deno: prints what failed, by the name of the check. */
import { sqliteStore } from '../../src/store/sqlite/index.ts'
import { reportOf } from './report.ts'

const isBun = 'Bun' in globalThis
const name = isBun ? 'bun:sqlite' : 'node:sqlite'
const module = await import(name)
const database = new (isBun ? module.Database : module.DatabaseSync)(':memory:')
console.log(JSON.stringify(await reportOf(await sqliteStore(database))))
