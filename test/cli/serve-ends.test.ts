/** How `serve` ends as a process, also when something of it is still open. Needs `npm run build`. */
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createServer } from 'node:net'
import { fileURLToPath } from 'node:url'
import { expect, it, onTestFinished } from 'vitest'
import { freePort } from '../runtimes/ports.mjs'
import { folder, records, until } from './support.ts'

const main = fileURLToPath(new URL('../../dist/src/cli/main.js', import.meta.url))

it('what keeps it from starting ends it, whatever it has begun to watch', async () => {
  const taken = createServer().listen(0, '127.0.0.1')
  onTestFinished(() => void taken.close())
  await new Promise((resolve) => taken.once('listening', resolve))
  const { port } = taken.address() as { port: number }
  const cwd = await folder({ 'keys.json': '{"keys":[]}' })
  for (const [more, code] of [
    [['--port', String(port)], 'E_PORT'],
    [['--port', '0', '--auth', 'missing.json'], 'E_FILE'],
    [['--port', '0', '--store', 'sqlite:missing.db'], 'E_'],
    [['--port', '0', '--host', '203.0.113.1'], 'E_USAGE'],
  ] as const) {
    const child = spawn(process.execPath, [main, 'serve', records, '--keys', 'keys.json', ...more], { cwd })
    onTestFinished(() => void child.kill('SIGKILL'))
    let told = ''
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      told += text
    })
    const exit = await new Promise<number | null>((resolve) => child.once('close', resolve))
    expect([exit === 1 || exit === 2, told], more.join(' ')).toEqual([true, expect.stringContaining(code)])
  }
}, 60_000)

it.runIf(existsSync('/dev/full'))(
  'a log that cannot be written does not end it',
  async () => {
    const port = await freePort()
    const argv = [main, 'serve', records, '--port', String(port), '--log', 'json']
    const child = spawn('sh', ['-c', 'exec "$@" 2>/dev/full', 'sh', process.execPath, ...argv])
    onTestFinished(() => void child.kill('SIGKILL'))
    let told = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      told += text
    })
    await until(
      () => told,
      (text) => text.includes('Ctrl-C stops it'),
    )
    for (let i = 0; i < 5; i++) expect((await fetch(`http://127.0.0.1:${port}/healthz`)).status).toBe(200)
    child.kill('SIGTERM')
    expect(await new Promise((resolve) => child.once('close', resolve))).toBe(0)
  },
  60_000,
)
