import { expect, test } from 'vitest'
import { help, OptionError, readOptions } from '../../../bench/options.ts'

test('a plain call measures everything into bench/results', () => {
  expect(readOptions([])).toMatchObject({
    rules: [1, 100, 1000, 10_000, 100_000],
    rounds: 30,
    workloads: ['rbac-abac'],
    engines: ['sallyport', 'js-index'],
    out: 'bench/results',
  })
})

test('a quick run does not overwrite the full one', () => {
  expect(readOptions(['--quick'])).toMatchObject({ rounds: 6, out: 'build/bench' })
})

test('reads what was typed', () => {
  const typed = ['--rules', '5,50', '--rounds', '3', '--only', 'rbac-abac', '--engines', 'js-index', '--json']
  expect(readOptions(typed)).toMatchObject({ rules: [5, 50], rounds: 3, engines: ['js-index'], json: true })
  expect(readOptions(['--help'])).toBeUndefined()
  expect(help).toContain('Example: npm run bench')
})

test.each([
  [['--rules', '1,x'], /--rules .*"x"/],
  [['--rounds', '0'], /--rounds/],
  [['--only', 'w9'], /"w9".*rbac-abac/],
  [['--engines', 'casbin'], /"casbin".*js-index/],
  [['--fast'], /--fast/],
])('%j is one clear line', (typed, message) => {
  expect(() => readOptions(typed)).toThrow(OptionError)
  expect(() => readOptions(typed)).toThrow(message)
})
