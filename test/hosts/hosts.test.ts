/**
 * The hosts in examples/hosts, which are no JavaScript: each answers the recorded bodies as the engine does. Where a language
 * is missing they are passed over; where CI is set, that is a failure.
 */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, test } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))
const folder = `${root}build/hosts`
const venv = `${root}build/hosts-python`
const PATIENCE = 280_000

interface Ran {
  readonly ok: boolean
  readonly output: string
}

function run(command: string, args: readonly string[], cwd = root): Ran {
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd, encoding: 'utf8', timeout: PATIENCE })
  return { ok: status === 0, output: `${stdout ?? ''}${stderr ?? ''}${error ?? ''}` }
}

/** Why it is not run; undefined when it can be. */
function missing(what: string, { ok, output }: Ran): string | undefined {
  if (ok) return undefined
  if (process.env.CI) throw new Error(`${what} is missing: ${output}`)
  return `${what} is missing`
}

function installPython(): Ran {
  if (!existsSync(venv)) {
    const made = run('python3', ['-m', 'venv', venv])
    if (!made.ok) return made
  }
  return run(`${venv}/bin/pip`, ['install', '--quiet', '-r', 'examples/hosts/python/requirements.txt'])
}

beforeAll(() => {
  const prepared = run(process.execPath, ['examples/hosts/prepare.mjs', folder])
  if (!prepared.ok) throw new Error(prepared.output)
}, PATIENCE)

describe('recorded bodies are answered as recorded', () => {
  test('in Python, by wasmtime', { timeout: PATIENCE }, ({ skip }) => {
    const reason = missing('python3 or wasmtime', installPython())
    if (reason !== undefined) skip(reason)
    expectAnswers(run(`${venv}/bin/python`, ['examples/hosts/python/main.py', folder]))
  })

  test('in Go, by wazero', { timeout: PATIENCE }, ({ skip }) => {
    const host = `${folder}/host-in-go`
    const reason = missing('go or wazero', run('go', ['build', '-o', host, '.'], `${root}examples/hosts/go`))
    if (reason !== undefined) skip(reason)
    expectAnswers(run(host, [folder]))
  })
})

function expectAnswers({ ok, output }: Ran): void {
  const [, same, all] = /(\d+) of (\d+) answers are as recorded/.exec(output) ?? []
  expect(same, output).toBe(all)
  expect(Number(all)).toBeGreaterThan(500)
  expect(output).toMatch(/p50 [\d.]+ ?(ns|µs)/)
  expect(ok, output).toBe(true)
}
