/** Windows that follow one another, from multiples of their length since 1970; and one that never ends. */
import type { Guard, TenantStore } from '../../store/port.ts'
import { type Count, type Counter, FULL, fitting } from './counter.ts'

const NEVER = Number.MAX_SAFE_INTEGER

/** @param length of a window in milliseconds; undefined: one without end */
export function fixedCounter(length: number | undefined): Counter {
  return {
    async read(store: TenantStore, name: string, now: number): Promise<Count> {
      const window = length === undefined ? 0 : Math.floor(now / length) * length
      const key = { name, window }
      const used = (await store.get('counters', key))?.value ?? 0
      const expires_at = length === undefined ? NEVER : window + 2 * length
      return {
        used,
        take(amount, atMost, exactly) {
          if (atMost !== undefined && used + amount > atMost) return undefined
          const more = fitting(amount, used)
          const when: Guard<'counters'>[] = [{ column: 'value', plus: more, is: '<=', value: atMost ?? FULL }]
          if (exactly) when.push({ column: 'value', is: '=', value: used })
          return [
            { insert: 'counters', row: { ...key, value: 0, at: now, expires_at }, ifAbsent: true },
            { update: 'counters', key, add: { value: more }, set: { at: now }, when },
          ]
        },
      }
    },
  }
}
