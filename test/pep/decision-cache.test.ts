/** How long an answer is kept that came late. */
import { afterEach, expect, test, vi } from 'vitest'
import { createDecisionCache } from '../../src/pep/decision-cache.ts'

afterEach(() => void vi.restoreAllMocks())

test('is counted from the question on (RFC 9111, section 4.2.3)', async () => {
  let now = 1000
  vi.spyOn(performance, 'now').mockImplementation(() => now)
  const cache = createDecisionCache({ entries: 10, maxAge: 60 })
  const headers = new Headers({ 'Cache-Control': 'max-age=1' })
  const keep = cache.asking('a')
  const late = cache.asking('b')
  now += 900
  keep({ decision: true }, headers)
  expect(cache.get('a')).toEqual({ decision: true })
  now += 101
  // The cache looks at the clock once in a millisecond.
  await new Promise((resolve) => setTimeout(resolve, 5))
  expect(cache.get('a')).toBeUndefined()
  late({ decision: true }, headers)
  expect(cache.get('b')).toBeUndefined()
})
