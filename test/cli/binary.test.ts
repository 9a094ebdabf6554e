/** The built command as users run it: a process of its own. Needs `npm run build`. */
import { type ChildProcess, spawn } from 'node:child_process'
import { connect } from 'node:net'
import { fileURLToPath } from 'node:url'
import { describe, expect, it, onTestFinished } from 'vitest'
import { freePort } from '../runtimes/ports.mjs'
import { occupyPort, records, until } from './support.ts'

const main = fileURLToPath(new URL('../../dist/src/cli/main.js', import.meta.url))

function start(argv: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const child = spawn(process.execPath, [main, ...argv], { env: { ...process.env, ...env } })
  return follow(child)
}

function follow(child: ChildProcess) {
  onTestFinished(() => void child.kill('SIGKILL'))
  const written = { stdout: '', stderr: '' }
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    written.stdout += text
  })
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    written.stderr += text
  })
  const ended = new Promise<{ code: number | null; stdout: string; stderr: string }>((resolve) => {
    child.once('close', (code) => resolve({ code, ...written }))
  })
  return { child, written, ended }
}

/** Waits until `serve` is ready. */
async function serving() {
  const port = await freePort()
  const service = start(['serve', records, '--port', String(port)])
  await until(
    () => service.written.stdout + service.written.stderr,
    (text) => text.includes('Ctrl-C stops it'),
  )
  return { ...service, port }
}

const request = {
  subject: { type: 'user', id: 'alice' },
  action: { name: 'read' },
  resource: { type: 'record', id: 'record-1' },
}
const body = JSON.stringify(request)

/** Sends half a request, so that it is in flight; gives how to send the rest and what came back. */
async function halfRequest(port: number) {
  const socket = connect(port, '127.0.0.1')
  onTestFinished(() => void socket.destroy())
  let received = ''
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()))
  socket.on('error', () => {})
  socket.setEncoding('utf8').on('data', (text) => {
    received += text
  })
  await new Promise((resolve) => socket.once('connect', resolve))
  socket.write(
    `POST /access/v1/evaluation HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body.slice(0, 10)}`,
  )
  // A second connection is answered only after the first one's bytes have been seen.
  await fetch(`http://127.0.0.1:${port}/healthz`)
  return { finish: () => socket.write(body.slice(10)), received: () => received, closed }
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

describe('the built command', () => {
  it('ends with the exit codes that docs/cli.md names', async () => {
    const asks = (action: string) => ['-s', 'user:alice', '-a', action, '-r', 'record:record-1']
    const code = async (...argv: string[]) => (await start(argv).ended).code
    expect(await code('evaluate', '-p', records, ...asks('read'))).toBe(0)
    expect(await code('evaluate', '-p', records, ...asks('delete'))).toBe(3)
    expect(await code('evaluate', '-p', records, ...asks('purge'))).toBe(4)
    expect(await code('evaluate', '-p', 'nowhere', ...asks('read'))).toBe(1)
    expect(await code('evaluat')).toBe(2)
  })

  it('reads a pipe and writes plain text into one', async () => {
    const { child, ended } = start(['evaluate', '-p', records, '-'])
    child.stdin?.end(body)
    expect(await ended).toEqual({ code: 0, stdout: 'allow   rule readers-read\n', stderr: '' })
  })

  it('ends quietly, and not as an allow, when its reader goes away', async () => {
    const { child, ended } = start(['evaluate', '-p', records, '-'])
    child.stdout?.once('data', () => child.stdout?.destroy())
    child.stdin?.end(`${body}\n`.repeat(20_000))
    expect(await ended).toMatchObject({ code: 141, stderr: '' })
  })

  it('serves, finishes what is in flight on Ctrl-C, and exits with 0', async () => {
    const { child, ended, port } = await serving()
    const answer = await fetch(`http://127.0.0.1:${port}/access/v1/evaluation`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body,
    })
    expect(await answer.json()).toEqual({ decision: true })
    const flight = await halfRequest(port)
    child.kill('SIGINT')
    // As under npm, which passes on the signal that the terminal sends to both. Without the pause they would be one.
    await pause(100)
    child.kill('SIGINT')
    await until(
      () =>
        fetch(`http://127.0.0.1:${port}/healthz`).then(
          () => 'open',
          () => 'closed',
        ),
      (state) => state === 'closed',
    )
    flight.finish()
    await flight.closed
    expect(flight.received()).toMatch(/^HTTP\/1\.1 200 .*\{"decision":true\}/s)
    const { code, stdout, stderr } = await ended
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout.split('\n').slice(-2)).toEqual(['stopping: requests in flight are finished first', ''])
  })

  it('ends at once on a second Ctrl-C', async () => {
    const { child, ended, port } = await serving()
    const flight = await halfRequest(port)
    child.kill('SIGINT')
    await pause(700)
    expect(child.exitCode).toBeNull()
    child.kill('SIGINT')
    expect((await ended).code).toBe(130)
    await flight.closed
    expect(flight.received()).toBe('')
  })

  it('stops on SIGTERM', async () => {
    const { child, ended } = await serving()
    child.kill('SIGTERM')
    expect(await ended).toMatchObject({ code: 0, stderr: '' })
  })

  it('says in one line that the port is taken', async () => {
    const port = await occupyPort()
    expect(await start(['serve', records], { PORT: port }).ended).toEqual({
      code: 1,
      stdout: '',
      stderr: `error: port ${port} is taken; choose another with --port or PORT  E_PORT\n`,
    })
  })
})
