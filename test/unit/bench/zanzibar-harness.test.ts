/** The tests of the harness in Go, in Go. Where that is missing they are passed over; where CI is set, that is a failure. */
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const folder = fileURLToPath(new URL('../../../bench/peers/go/harness', import.meta.url))
const go = (...args: string[]) => spawnSync('go', args, { cwd: folder, encoding: 'utf8' })

test('the harness in Go keeps its limits and compares every answer', { timeout: 120_000 }, ({ skip }) => {
  const found = go('version')
  if (found.status !== 0 && !process.env.CI) skip('go is missing')
  const { status, stdout, stderr } = go('test', '-count=1', '.')
  expect(status, `${stdout}${stderr}`).toBe(0)
})
