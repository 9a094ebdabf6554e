/** semver_* against node-semver. */
import fc from 'fast-check'
import semver from 'semver'
import { expect, test } from 'vitest'
import { createTester } from './support.ts'

const number = fc.oneof(fc.nat({ max: 3 }).map(String), fc.constantFrom('10', '99', '1000000', '9007199254740991'))
const identifier = fc.oneof(
  fc.nat({ max: 11 }).map(String),
  fc.constantFrom(
    'alpha',
    'beta',
    'rc',
    'a',
    'A',
    '-',
    '0a',
    'a0',
    '1-1',
    'x-y',
    '18446744073709551616',
    '99999999999999999999',
  ),
)
const prerelease = fc.array(identifier, { minLength: 1, maxLength: 4 }).map((parts) => `-${parts.join('.')}`)
const build = fc
  .array(fc.oneof(identifier, fc.constantFrom('001', '00')), { minLength: 1, maxLength: 3 })
  .map((parts) => `+${parts.join('.')}`)
const version = fc
  .tuple(number, number, number, fc.option(prerelease, { nil: '' }), fc.option(build, { nil: '', freq: 3 }))
  .map(([major, minor, patch, pre, meta]) => `${major}.${minor}.${patch}${pre}${meta}`)

const operators = ['semver_eq', 'semver_gt', 'semver_gte', 'semver_lt', 'semver_lte'] as const

/** Numbers of any length in a pre-release are in the grammar; node-semver compares those beyond 2^53 as doubles. */
const exact = version.filter((text) => !/[-.]\d{16,}/.test(text.slice(text.indexOf('-') >>> 0)))

test('random versions in random order', async () => {
  const bounds = fc.sample(exact, { numRuns: 40, seed: 11 })
  const ask = await createTester(bounds.flatMap((bound) => operators.map((operator) => ({ [operator]: bound }))))
  const signs = new Map<number, number>()
  fc.assert(
    fc.property(fc.oneof(exact, fc.constantFrom(...bounds)), (text) => {
      const expected = bounds.flatMap((bound) => {
        const sign = semver.compare(text, bound)
        signs.set(sign, (signs.get(sign) ?? 0) + 1)
        return [sign === 0, sign > 0, sign >= 0, sign < 0, sign <= 0]
      })
      expect(ask(text), text).toEqual(expected)
    }),
    { numRuns: 1000 },
  )
  for (const sign of [-1, 0, 1]) expect(signs.get(sign)).toBeGreaterThan(100)
})

test('numbers in a pre-release compare as numbers, however long', async () => {
  const ask = await createTester([
    { semver_gt: '1.0.0-99999999999999999998' },
    { semver_lt: '1.0.0-100000000000000000000' },
  ])
  expect(ask('1.0.0-99999999999999999999')).toEqual([true, true])
  expect(ask('1.0.0-99999999999999999998')).toEqual([false, true])
})

test('what is no version is not evaluable', async () => {
  const ask = await createTester([{ semver_gte: '0.0.0' }, { semver_lt: '0.0.0' }])
  const change = fc
    .tuple(version, fc.nat(), fc.constantFrom('', '.', '-', '+', '0', 'v', ' ', '_', '\u00e4'))
    .map(([text, at, put]) => {
      const place = at % (text.length + 1)
      return text.slice(0, place) + put + text.slice(place + (at % 2))
    })
  let refused = 0
  fc.assert(
    fc.property(change, (text) => {
      // node-semver also takes a leading v or =, and spaces around.
      const valid = /^\d/.test(text) && text.trim() === text && semver.valid(text) !== null
      if (!valid) refused++
      expect(ask(text)[0], text).toBe(valid ? semver.gte(text, '0.0.0') : 'n.e.')
    }),
    { numRuns: 3000 },
  )
  expect(refused).toBeGreaterThan(500)
  for (const text of [
    '',
    '1',
    '1.2',
    'v1.2.3',
    '1.2.3.4',
    '01.2.3',
    '1.2.3-01',
    '9007199254740992.0.0',
    `1.2.3-${'a'.repeat(251)}`,
  ]) {
    expect(ask(text), text).toEqual(['n.e.', 'n.e.'])
  }
  expect(ask(`1.2.3-${'a'.repeat(250)}`)).toEqual([true, false])
})
