/** The work a decision may do: counted where input sets the amount, so that no request can hold the core. */
import { Limit } from './abi/memory'

let left: i32 = 0

export function refill(): void {
  left = Limit.Steps
}

/** For a trace, which cuts nothing short and so takes more steps than the decision that it explains. */
export function refillForTrace(): void {
  left = Limit.TraceSteps
}

/** Takes `count` steps; false when there are not so many left. */
// @ts-ignore: decorator
@inline
export function spend(count: u64): bool {
  if (count > <u64>Limit.Steps) left = -1
  else if (left >= 0) left -= <i32>count
  return left >= 0
}

// @ts-ignore: decorator
@inline
export function exhausted(): bool {
  return left < 0
}

/** Takes all that is left: a limit of another kind is passed. */
export function exhaust(): void {
  left = -1
}
