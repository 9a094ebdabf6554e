import { expect, test } from 'vitest'
import { createRandom } from '../../../bench/random.ts'

test('the same seed gives the same draws, another seed others', () => {
  const draws = (seed: number) => Array.from({ length: 5 }, createRandom(seed).next)
  expect(draws(7)).toEqual(draws(7))
  expect(draws(7)).not.toEqual(draws(8))
})

test('draws as mulberry32 does', () => {
  // The first values for seed 1 of the reference code in JavaScript, by bryc:
  // https://github.com/bryc/code/blob/master/jshash/PRNGs.md#mulberry32
  function reference(a: number): number {
    let state = a
    state |= 0
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
  for (const seed of [0, 1, 2, 0x7fffffff, 0xffffffff]) expect(createRandom(seed).next()).toBe(reference(seed))
})

test('shuffle keeps the items, sample takes different ones', () => {
  const random = createRandom(3)
  const items = Array.from({ length: 50 }, (_, i) => i)
  const shuffled = random.shuffle([...items])
  expect(shuffled).not.toEqual(items)
  expect(shuffled.sort((a, b) => a - b)).toEqual(items)
  expect(new Set(random.sample(items, 20)).size).toBe(20)
  expect(random.sample([1, 2], 3)).toHaveLength(2)
})
