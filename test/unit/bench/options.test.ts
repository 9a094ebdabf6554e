import { expect, test } from 'vitest'
import { help, OptionError, readOptions } from '../../../bench/options.ts'
import { peers } from '../../../bench/peers/index.ts'
import { workloads } from '../../../bench/workloads/index.ts'

test('a plain call measures everything into bench/results', () => {
  expect(readOptions([])).toMatchObject({
    rules: undefined,
    rounds: 30,
    workloads: workloads.map(({ name }) => name),
    peers: peers.map(({ name }) => name),
    out: 'bench/results',
  })
})

test('a quick run does not overwrite the full one', () => {
  expect(readOptions(['--quick'])).toMatchObject({ rounds: 3, out: 'build/bench' })
})

test('reads what was typed', () => {
  const typed = ['--rules', '5,50', '--rounds', '3', '--workload', 'rbac-abac', '--peer', 'js-index', '--json']
  expect(readOptions(typed)).toMatchObject({ rules: [5, 50], rounds: 3, peers: ['js-index'], json: true })
  expect(readOptions(['--help'])).toBeUndefined()
  expect(help).toContain('Example: npm run bench')
})

test.each([
  [['--rules', '1,x'], /--rules .*"x"/],
  [['--rounds', '0'], /--rounds/],
  [['--workload', 'w9'], /"w9".*rbac-abac/],
  [['--peer', 'another'], /"another".*js-index/],
  [['--fast'], /--fast/],
])('%j is one clear line', (typed, message) => {
  expect(() => readOptions(typed)).toThrow(OptionError)
  expect(() => readOptions(typed)).toThrow(message)
})
