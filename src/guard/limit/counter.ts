/** What every way of counting offers: how much is used, and statements that use more. */
import type { TenantStore, Write } from '../../store/port.ts'

export interface Count {
  /** What counts now, without what is asked for. */
  readonly used: number
  /**
   * Statements that count `amount` more, and fail as a whole when then more than `atMost` would be used, or when something has changed that
   * they were made for. With `exactly`, also when anybody has counted meanwhile. Undefined: more would be used for sure. Without a bound, a counter that
   * is full stays so.
   */
  take(amount: number, atMost: number | undefined, exactly: boolean): readonly Write[] | undefined
}

/** The largest number that is counted exactly. */
export const FULL = Number.MAX_SAFE_INTEGER

/** What can be added to a counter that nothing bounds: at last it stays full, where more could not be written any more. */
export function fitting(amount: number, used: number): number {
  return Math.max(0, Math.min(amount, FULL - used))
}

export interface Counter {
  /** Reads what counts for a name at a time. */
  read(store: TenantStore, name: string, now: number): Promise<Count>
}
