import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { describeMachine } from '../../../bench/machine.ts'
import { OptionError, readOptions } from '../../../bench/options.ts'
import { runPython } from '../../../bench/python/run.ts'
import { renderPython } from '../../../bench/python/table.ts'

const program = fileURLToPath(new URL('../../../bench/peers/python/decide.py', import.meta.url))
const options = { seed: 1, quick: true, budgetMs: 50, progress: () => {} }

test('a Python that is not there is a line, and no error', async () => {
  const [first, ...others] = await runPython({ ...options, python: '/nowhere/python3' })
  expect(first).toMatchObject({ engine: 'agent-os-kernel', case: '100 rules, last matches' })
  for (const one of [first, ...others]) expect(one?.leftOut).toContain('there is no /nowhere/python3')
})

test('a Python without the packages says which', ({ skip }) => {
  // -I: whatever this user has installed.
  const ask = (input: string) => spawnSync('python3', ['-I', '-S', program], { input, encoding: 'utf8' })
  const job = { engine: 'open-guard', rules: [], requests: [], expected: [], budgetMs: 1 }
  const { error, stdout } = ask(JSON.stringify(job))
  if (error !== undefined) skip('python3 is missing')
  expect(JSON.parse(stdout).leftOut).toMatch(/^Python 3.*; needs Python 3.12 and pip install .*open-guard-python$/)
})

test('the table sets them beside what ours took, and names what was left out once', () => {
  const times = { version: '1.0', python: '3.13.5', compared: 500, meanNs: 9000, samples: 10 }
  const page = renderPython(
    {
      command: 'npm run bench',
      machine: describeMachine(),
      seed: 1,
      engines: [
        { engine: 'open-guard', case: '1 rule, no match', ...times, percentilesNs: { '50': 8000, '99': 12_000 } },
        { engine: 'agent-os-kernel', case: '1 rule, no match', leftOut: 'no package' },
        { engine: 'agent-os-kernel', case: '10 rules, no match', leftOut: 'no package' },
      ],
    },
    [],
  )
  expect(page).toMatch(/\| 1 rule, no match \| open-guard 1.0 \| 9.00 µs \| 8.00 µs \| 12.0 µs \| 500 +\| 3.13.5 \|/)
  expect(page.match(/left out: agent-os-kernel: no package/g)).toHaveLength(1)
})

test('is asked for like a workload, by the Python that is named', () => {
  expect(readOptions(['--workload', 'python'])).toMatchObject({ python: 'python3', workloads: [] })
  expect(readOptions(['--workload', 'python', '--python', 'other'])?.python).toBe('other')
  expect(readOptions(['--quick'])?.python).toBeUndefined()
  expect(() => readOptions(['--workload', 'pythons'])).toThrow(OptionError)
})
