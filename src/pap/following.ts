/** Follows what other processes change: hears of it through the store's changes, and puts it in force. */
import { Freshness } from '../store/freshness.ts'
import type { TenantStore } from '../store/port.ts'
import { tell } from '../store/tell.ts'
import type { Timer } from '../store/timer.ts'
import type { AdministeredTenant } from './administered-tenant.ts'

export interface FollowOptions {
  readonly store: TenantStore
  readonly timer: Timer
  /** How old what is in force may be, in milliseconds, while the store can be read. */
  readonly bound: number
  /** What was heard of is in force; also what this process has changed itself. */
  readonly onChange?: () => void
  /** The store could not be read, or what it has could not be put in force; it is tried again. What is in force stays. */
  readonly onFault?: (error: unknown) => void
}

/** Begins to follow; the function that is returned ends it. */
export function follow(
  tenant: AdministeredTenant,
  { store, timer, bound, onChange, onFault }: FollowOptions,
): () => void {
  const stop = new AbortController()
  let settling = false
  const settle = async (): Promise<void> => {
    if (settling) return
    settling = true
    while (tenant.isBehind && !stop.signal.aborted) {
      try {
        await tenant.sync()
        onChange?.()
      } catch (error) {
        tell(onFault, error)
        await timer.wait(bound, stop.signal)
      }
    }
    settling = false
  }
  const freshness = new Freshness({
    store,
    timer,
    bound,
    forget: (what) => {
      tenant.forget(what)
      void settle()
    },
    ...(onFault && { onFault }),
  })
  // It ends when it is stopped, and tells of faults itself.
  void freshness.run()
  return () => {
    stop.abort()
    freshness.stop()
  }
}
