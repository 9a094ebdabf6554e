/** What every capability of the guard works with. The guard has no clock and no randomness of its own. */
import type { Engine } from '../engine/types.ts'
import type { TenantStore } from '../store/port.ts'

export interface GuardEnvironment {
  readonly engine: Engine
  readonly store: TenantStore
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** An id that nobody can guess: `dlg_9f86d081884c7d659a2feaa0c55ad015`. */
  readonly newId: (prefix: string) => string
}

/** Makes ids of 16 random bytes each. */
export function makeIds(random: (length: number) => Uint8Array): GuardEnvironment['newId'] {
  return (prefix) => `${prefix}_${Array.from(random(16), (byte) => byte.toString(16).padStart(2, '0')).join('')}`
}
