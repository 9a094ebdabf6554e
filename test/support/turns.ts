/** Time that passes only when a test says so, and turns that are counted. */
import type { Turns } from '../../src/pace.ts'

export interface TestTurns extends Turns {
  /** Lets time pass, in milliseconds. */
  pass(milliseconds: number): void
  /** How many turns were asked for. */
  asked: number
}

export function testTurns(): TestTurns {
  let now = 0
  return {
    asked: 0,
    now: () => now,
    pass: (milliseconds) => {
      now += milliseconds
    },
    turn() {
      this.asked++
      return new Promise((resolve) => void setImmediate(resolve))
    },
  }
}
