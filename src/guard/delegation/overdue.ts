/**
 * What reservations hold whose time is over. Whoever needs it releases it; who only asks changes nothing, and counts it as
 * free, so that the answer is the one that a use would get.
 */
import type { Row } from '../../store/port.ts'
import type { GuardEnvironment } from '../environment.ts'
import type { Charge } from './charge.ts'
import type { Line } from './line.ts'
import { recordState } from './record.ts'

/** Kept with a reservation. */
export interface Held {
  readonly charges: readonly Charge[]
  readonly summary: string
}

/** Uses and smallest parts, by the id of what was to pay them. */
export type Overdue = ReadonlyMap<string, Pick<Charge, 'uses' | 'parts'>>

/** As many as a store gives at once. */
const PAGE = 1000

/** To be read after the delegations: what is released between is then missing, and not counted twice. */
export async function readOverdue({ store, now }: GuardEnvironment): Promise<Overdue> {
  const sums = new Map<string, Pick<Charge, 'uses' | 'parts'>>()
  for (let after: Row<'reservations'> | undefined; ; ) {
    const page = await store.find('reservations', {
      by: 'by_expiry',
      where: [
        { column: 'state', is: '=', value: 'held' },
        { column: 'expires_at', is: '<=', value: now() },
      ],
      limit: PAGE,
      ...(after !== undefined && { after }),
    })
    for (const { document } of page) {
      const { charges }: Held = JSON.parse(document)
      for (const { id, uses, parts } of charges) {
        const sum = sums.get(id) ?? { uses: 0, parts: 0 }
        sums.set(id, { uses: sum.uses + uses, parts: sum.parts + parts })
      }
    }
    after = page[page.length - 1]
    if (page.length < PAGE) return sums
  }
}

/** Whether all of a line is active once it has back what is overdue. */
export function isActiveWith(overdue: Overdue, line: Line, now: number): boolean {
  return line.every((record) => {
    const { uses, parts } = overdue.get(record.row.id) ?? { uses: 0, parts: 0 }
    const row = { ...record.row, uses: record.row.uses - uses, spent: record.row.spent - parts }
    return recordState({ ...record, row }, now) === 'active'
  })
}
