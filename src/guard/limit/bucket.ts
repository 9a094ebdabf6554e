/**
 * A token bucket, as the generic cell rate algorithm keeps it (ITU-T I.371, annex A): one number, the time at which the bucket will be full
 * again. Taking n tokens moves it n intervals on; it may lie at most capacity × interval ahead. In microseconds, so that an interval below a
 * millisecond is a whole number.
 */
import type { TenantStore } from '../../store/port.ts'
import type { Count, Counter } from './counter.ts'

/**
 * @param capacity tokens
 * @param interval microseconds in which one comes back
 */
export function bucketCounter(capacity: number, interval: number): Counter {
  return {
    async read(store: TenantStore, name: string, now: number): Promise<Count> {
      const key = { name, window: 0 }
      const at = now * 1000
      const row = await store.get('counters', key)
      const full = row?.value ?? 0
      const ahead = Math.max(0, full - at)
      const used = Math.min(capacity, Math.ceil(ahead / interval))
      return {
        used,
        take(amount, atMost = capacity, exactly) {
          const most = Math.min(atMost, capacity) * interval
          if (ahead + amount * interval > most) return undefined
          const expires_at = now + Math.ceil((capacity * interval) / 1000)
          const taken = amount * interval
          if (row === undefined) {
            return [{ insert: 'counters', row: { ...key, value: at + taken, at: now, expires_at } }]
          }
          if (full <= at) {
            const was = exactly ? ([{ column: 'value', is: '=', value: full }] as const) : []
            return [
              {
                update: 'counters',
                key,
                set: { value: at + taken, at: now, expires_at },
                when: [{ column: 'value', is: '<=', value: at }, ...was],
              },
            ]
          }
          return [
            {
              update: 'counters',
              key,
              add: { value: taken },
              set: { at: now, expires_at },
              when: [
                // Full by now: what is taken counts from now on, and not from then.
                { column: 'value', is: '>=', value: at },
                { column: 'value', plus: taken, is: '<=', value: at + most },
                ...(exactly ? ([{ column: 'value', is: '=', value: full }] as const) : []),
              ],
            },
          ]
        },
      }
    },
  }
}
