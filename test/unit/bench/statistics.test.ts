import { expect, test } from 'vitest'
import { median, percentile } from '../../../bench/harness/statistics.ts'

test('a percentile is the nearest rank', () => {
  const values = Array.from({ length: 1000 }, (_, i) => i + 1)
  expect(percentile(values, 0.5)).toBe(500)
  expect(percentile(values, 0.99)).toBe(990)
  expect(percentile(values, 0.999)).toBe(999)
  expect(percentile(values, 1)).toBe(1000)
  expect(percentile([5], 0)).toBe(5)
  expect(() => percentile([], 0.5)).toThrow(RangeError)
})

test('a median is the middle, or the mean of the two in the middle', () => {
  expect(median([3, 1, 2])).toBe(2)
  expect(median([4, 1, 2, 3])).toBe(2.5)
  expect(() => median([])).toThrow(RangeError)
})
