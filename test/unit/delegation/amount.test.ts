import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decimalText, scaleOf, smallestParts } from '../../../src/delegation/amount.ts'

describe('smallest parts', () => {
  test.each([
    ['12.50', 2, 1250],
    ['12.5', 2, 1250],
    ['12.500', 2, 1250],
    ['0', 2, 0],
    ['0.01', 2, 1],
    [7, 2, 700],
    [7, 0, 7],
    ['90071992547409.91', 2, Number.MAX_SAFE_INTEGER],
    ['0.000000000001', 12, 1],
  ] as const)('%s with %i decimals is %i', (text, scale, parts) => {
    expect(smallestParts(text, scale)).toBe(parts)
  })

  test.each([
    ['12.505', 2, 'finer'],
    ['90071992547409.92', 2, 'too large'],
    ['1'.repeat(41), 0, 'no decimal'],
    ['-1', 2, 'no decimal'],
    ['+1', 2, 'no decimal'],
    ['1e3', 2, 'no decimal'],
    ['01', 2, 'no decimal'],
    ['1.', 2, 'no decimal'],
    ['.5', 2, 'no decimal'],
    ['', 2, 'no decimal'],
    [' 1', 2, 'no decimal'],
    ['1,5', 2, 'no decimal'],
    ['١', 2, 'no decimal'],
    [0.1, 2, 'no whole number'],
    [Number.NaN, 2, 'no whole number'],
    [-1, 2, 'no decimal'],
    [2 ** 53, 0, 'no whole number'],
  ] as const)('%s with %i decimals is refused: %s', (text, scale, message) => {
    expect(() => smallestParts(text, scale)).toThrow(expect.objectContaining({ code: 'E_AMOUNT' }))
    expect(() => smallestParts(text, scale)).toThrow(message)
  })
})

test('the scale is how many decimals are written', () => {
  expect([scaleOf('100.00'), scaleOf('1'), scaleOf(5), scaleOf('0.001')]).toEqual([2, 0, 0, 3])
  expect(() => scaleOf('0.0000000000001')).toThrow(expect.objectContaining({ code: 'E_AMOUNT' }))
})

test('amounts go there and back, and add up exactly', () => {
  const parts = fc.integer({ min: 0, max: 2 ** 51 })
  fc.assert(
    fc.property(parts, parts, fc.integer({ min: 0, max: 12 }), (a, b, scale) => {
      expect(smallestParts(decimalText(a, scale), scale)).toBe(a)
      expect(smallestParts(decimalText(a + b, scale), scale)).toBe(a + b)
    }),
  )
  expect([decimalText(5, 2), decimalText(-1250, 2), decimalText(7, 0)]).toEqual(['0.05', '-12.50', '7'])
})
