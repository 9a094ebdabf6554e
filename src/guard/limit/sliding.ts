/**
 * A window that slides: of its length, ten slices and the one that has begun are counted, so that in no time of that length more is
 * used than the limit says. What was used counts for up to a tenth longer than it would have to.
 *
 * Only the newest slice is ever written to. A row of its own says which one that is, and every write requires that it still is: so
 * the older ones, whose sum was read before, cannot change any more; neither through another process whose clock is behind.
 */
import type { Guard, Row, TenantStore, Write } from '../../store/port.ts'
import { type Count, type Counter, FULL, fitting } from './counter.ts'
import { SLICES } from './window.ts'

/** The window of the row whose value is the newest slice; slices begin at 0 or later. */
const HEAD = -1

/** @param length in milliseconds, a multiple of ten */
export function slidingCounter(length: number): Counter {
  const size = length / SLICES
  return {
    async read(store: TenantStore, name: string, now: number): Promise<Count> {
      const head = await store.get('counters', { name, window: HEAD })
      const own = Math.floor(now / size) * size
      // A clock that is behind does not turn the counter back.
      const slice = Math.max(own, head?.value ?? 0)
      const where = [
        { column: 'name', is: '=', value: name },
        { column: 'window', is: '>=', value: Math.max(0, slice - length) },
        { column: 'window', is: '<=', value: slice },
      ] as const
      const counting = await store.find('counters', { where, limit: SLICES + 1 })
      const used = counting.reduce((sum, { value }) => sum + value, 0)
      const current = counting.find(({ window }) => window === slice)?.value ?? 0
      const key = { name, window: slice }
      return {
        used,
        take(amount, atMost, exactly) {
          if (atMost !== undefined && used + amount > atMost) return undefined
          const more = fitting(amount, used)
          const most = atMost === undefined ? FULL : atMost - (used - current)
          const when: Guard<'counters'>[] = [{ column: 'value', plus: more, is: '<=', value: most }]
          if (exactly) when.push({ column: 'value', is: '=', value: current })
          const expires_at = slice + 2 * length
          return [
            ...moveHead(head, name, slice, now, expires_at),
            ...freeze(counting.find(({ window }) => window === head?.value && window < slice)),
            { insert: 'counters', row: { ...key, value: 0, at: now, expires_at }, ifAbsent: true },
            { update: 'counters', key, add: { value: more }, set: { at: now }, when },
          ]
        },
      }
    },
  }
}

/** The slice that was the newest is written to no more; what was counted in it since it was read has to be read again. */
function freeze(row: Row<'counters'> | undefined): readonly Write[] {
  if (row === undefined) return []
  const { name, window, value } = row
  return [{ require: 'counters', key: { name, window }, when: [{ column: 'value', is: '=', value }] }]
}

/** Requires that the newest slice is the one that was read, or makes this one the newest. */
function moveHead(
  head: Row<'counters'> | undefined,
  name: string,
  slice: number,
  now: number,
  expires_at: number,
): readonly Write[] {
  const key = { name, window: HEAD }
  if (head === undefined) return [{ insert: 'counters', row: { ...key, value: slice, at: now, expires_at } }]
  const when = [{ column: 'value', is: '=', value: head.value }] as const
  if (head.value === slice) return [{ require: 'counters', key, when }]
  return [{ update: 'counters', key, set: { value: slice, at: now, expires_at }, when }]
}
