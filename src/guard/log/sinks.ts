/** Where decisions are logged. A sink for files belongs to the service, which may touch them. */
import { SallyportError } from '../../errors.ts'
import type { TenantStore, Write } from '../../store/port.ts'
import { fitsKey } from '../../store/values.ts'
import { sha256Hex } from './cut.ts'
import type { DecisionEvent } from './event.ts'
import { SomeLost } from './queue.ts'

/** Takes events in order, several at once. */
export interface DecisionSink {
  write(events: readonly DecisionEvent[]): Promise<void>
}

/** @example callSink(async (events) => { await fetch(collector, { method: 'POST', body: JSON.stringify(events) }) }) */
export function callSink(call: (events: readonly DecisionEvent[]) => Promise<void> | void): DecisionSink {
  return { write: async (events) => call(events) }
}

/**
 * Keeps them in the table `decision_log` of the tenant. The column `subject` of an event whose subject no index can hold has
 * `sha256-` and the digest of it, in hex: no subject looks like that, as each has a colon.
 */
export function storeSink(store: TenantStore): DecisionSink {
  return {
    async write(events) {
      const rows = events.map(rowOf)
      try {
        await store.write(rows)
      } catch (error) {
        if (!isRefused(error) || rows.length === 1) throw error
        await writeEach(store, rows)
      }
    },
  }
}

function rowOf(event: DecisionEvent): Write {
  const { id, subject, time, data } = event
  const known = fitsKey(subject) ? subject : `sha256-${sha256Hex(subject)}`
  const row = { id, subject: known, status: data.status, at: Date.parse(time), document: JSON.stringify(event) }
  return { insert: 'decision_log', row, ifAbsent: true }
}

/** So that an event which the store refuses takes no others with it. */
async function writeEach(store: TenantStore, rows: readonly Write[]): Promise<void> {
  let lost = 0
  let why: unknown
  for (const row of rows) {
    try {
      await store.write([row])
    } catch (error) {
      lost++
      why ??= error
    }
  }
  if (lost > 0) throw new SomeLost(lost, why)
}

/** It was not run at all. */
function isRefused(error: unknown): boolean {
  return error instanceof SallyportError && error.code === 'E_STORE_STATEMENT'
}
