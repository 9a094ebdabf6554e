/**
 * A process that takes from a counter until it is used up, and that may be killed at any moment:
 *
 *   node test/store/faults/consumer.ts DATABASE FILE CONSUMERS LIMIT
 *
 * FILE gets a line `? ID` before each attempt and `+ ID` after each grant that was acknowledged. What an earlier process of this FILE left without an
 * answer is attempted again with the same id.
 */
import { appendFileSync, existsSync, readFileSync } from 'node:fs'
import { openDatabase } from '../../../src/service/database.ts'
import type { TenantStore } from '../../../src/store/port.ts'
import { attempt, unanswered } from './ledger.ts'

const [url = '', file = '', consumers = '1', limit = '0'] = process.argv.slice(2)

const database = await openDatabase(url, 'write')
const store = await database.store()
const tenant = store.tenant('acme')
const left = existsSync(file) ? unanswered(readFileSync(file, 'utf8')) : []
await Promise.all(Array.from({ length: Number(consumers) }, (_, i) => consume(tenant, i)))
await database.close()

async function consume(tenant: TenantStore, consumer: number): Promise<void> {
  for (let n = 0; ; n++) {
    const id = left.pop() ?? `${process.pid}-${consumer}-${n}-${Date.now()}`
    appendFileSync(file, `? ${id}\n`)
    const granted = await attempt(tenant, id, Number(limit))
    appendFileSync(file, `${granted ? '+' : '-'} ${id}\n`)
    if (!granted) return
    // Drivers that answer at once would let no other consumer run.
    await new Promise((resolve) => setImmediate(resolve))
  }
}
