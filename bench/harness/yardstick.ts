/**
 * Fixed work that no change of this project touches: parsing, hashing, reading memory in no order. How long it takes says
 * how fast the machine is just then, so that `bench:compare` can tell a slower machine from slower code.
 */

import { readClock, startClock } from './timer.ts'

const text = JSON.stringify({
  subject: { type: 'user', id: 'alice@example.com', properties: { roles: ['editor', 'viewer'], clearance: 4 } },
  action: { name: 'read' },
  resource: { type: 'record', id: 'record-1', properties: { status: 'draft', sizes: [1, 2.5, 3e3] } },
})
const keys = Array.from({ length: 4096 }, (_, i) => `key-${(i * 2_654_435_761) % 4096}`)
const map = new Map(keys.map((key, i) => [key, i]))
const chain = new Uint32Array(1 << 20)
for (let i = 0; i < chain.length; i++) chain[i] = (i * 1_664_525 + 1_013_904_223) % chain.length

/** Kept where V8 cannot prove that nobody looks. */
export let yardstickSum = 0

/** Does the work once; nanoseconds it took, some ten million of them. */
export function yardstick(): number {
  const start = startClock()
  let at = 0
  for (let i = 0; i < 2048; i++) yardstickSum += JSON.parse(text).subject.properties.clearance
  for (let round = 0; round < 16; round++) for (const key of keys) yardstickSum += map.get(key)!
  for (let i = 0; i < 200_000; i++) {
    at = chain[at]!
    yardstickSum += at
  }
  return readClock(start).threadNs
}
