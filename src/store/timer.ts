/** Time as the stores need it: how much has passed, and waiting. Below the service nobody asks the machine for it. */
export interface Timer {
  /** Milliseconds since any fixed moment; it never goes back (`performance.now`). */
  now(): number
  /** Resolves after so many milliseconds, or as soon as the signal is aborted. */
  wait(milliseconds: number, signal: AbortSignal): Promise<void>
}
