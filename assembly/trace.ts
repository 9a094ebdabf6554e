/**
 * What `explain` reads: pairs of u32. A rule: address of its candidate | 1, outcome; before it,
 * its tests: address of the node, outcome.
 * While tracing, nothing is cut short, so that every test of every candidate is seen; the outcome is the same.
 */
let cursor: u32 = 0
let limit: u32 = 0
let muted: u32 = 0
export let tracing: bool = false

export function startTrace(start: u32, end: u32): void {
  cursor = start
  limit = end
  muted = 0
  tracing = true
}

/** Address after the last entry; past the limit when there was not room for all. */
export function stopTrace(): u32 {
  tracing = false
  return cursor
}

/** Inside list quantifiers the tests run once an item and are not recorded. */
export function mute(): void {
  muted++
}

export function unmute(): void {
  muted--
}

export function recordTest(node: u32, outcome: u32): void {
  if (muted == 0) record(node, outcome)
}

export function recordRule(candidate: u32, outcome: u32): void {
  record(candidate | 1, outcome)
}

function record(a: u32, b: u32): void {
  if (cursor + 8 <= limit) {
    store<u32>(cursor, a)
    store<u32>(cursor, b, 4)
  }
  cursor += 8
}
