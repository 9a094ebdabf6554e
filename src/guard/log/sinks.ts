/** Where decisions are logged. A sink for files belongs to the service, which may touch them. */
import type { TenantStore, Write } from '../../store/port.ts'
import type { DecisionEvent } from './event.ts'

/** Takes events in order, several at once. */
export interface DecisionSink {
  write(events: readonly DecisionEvent[]): Promise<void>
}

/** @example callSink(async (events) => { await fetch(collector, { method: 'POST', body: JSON.stringify(events) }) }) */
export function callSink(call: (events: readonly DecisionEvent[]) => Promise<void> | void): DecisionSink {
  return { write: async (events) => call(events) }
}

/** Keeps them in the table `decision_log` of the tenant. */
export function storeSink(store: TenantStore): DecisionSink {
  return {
    async write(events) {
      const rows = events.map((event): Write => {
        const { id, subject, time, data } = event
        const row = { id, subject, status: data.status, at: Date.parse(time), document: JSON.stringify(event) }
        return { insert: 'decision_log', row, ifAbsent: true }
      })
      await store.write(rows)
    },
  }
}
