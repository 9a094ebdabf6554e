import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { expect, it, onTestFinished } from 'vitest'
import { readLog, readOperation } from '../../src/cli/serve-operation.ts'
import { createApp } from '../../src/service/app.ts'
import { directWayOf } from '../../src/service/direct.ts'
import { engines } from '../service/auth/support.ts'
import { cli, folder, startCli, twoTenants, until } from './support.ts'

const page = { subject: { type: 'user', id: 'a' }, action: { name: 'read' }, resource: { type: 'page', id: 'p' } }

async function start(...argv: string[]) {
  const cwd = await folder({ ...twoTenants, 'keys.txt': '{"keys":[]}' })
  const service = startCli(['serve', '.', '--port', '0', ...argv], { cwd })
  onTestFinished(async () => {
    service.stop()
    await service.ended
  })
  const text = await until(
    () => service.written.stdout,
    (stdout) => stdout.includes('Ctrl-C stops it'),
  )
  const url = /at (http:\S+)/.exec(text)?.[1] ?? ''
  const ask = async () => {
    const init = { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(page) }
    return (await fetch(`${url}/tenants/acme/access/v1/evaluation`, init)).status
  }
  return { ...service, cwd, url, ask }
}

it('logs, counts and limits requests when it is told to', async () => {
  const { url, ask, written } = await start('--log', 'json', '--metrics', '--rate', 'caller=2/PT1H')
  expect([await ask(), await ask(), await ask()]).toEqual([200, 200, 429])
  const lines = await until(
    () => written.stderr.trimEnd().split('\n'),
    (some) => some.length === 3,
  )
  expect(lines.map((line) => JSON.parse(line).status)).toEqual([200, 200, 429])
  const metrics = await (await fetch(`${url}/metrics`)).text()
  expect(metrics).toContain('sallyport_decisions_total{tenant="acme",outcome="allow",code="matched"} 2')
  expect(metrics).toContain('sallyport_rate_limited_total{limit="caller"} 1')
})

it('says what is no request in the form of the log, too', async () => {
  const { written, cwd } = await start('--log', 'json', '--watch', '--keys', 'keys.txt')
  await writeFile(join(cwd, 'keys.txt'), 'no keys')
  await writeFile(
    join(cwd, 'a.yaml'),
    'version: 1\ntenant: acme\nroles: { editor: [] }\nrules: [{ id: a, allow: read, to: { role: editr } }]\n',
  )
  await until(
    () => written.stderr,
    (stderr) => stderr.includes('the old keys stay') && stderr.includes('the old policies stay'),
  )
  const records = written.stderr
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
  const time = '2026-01-01T00:00:00.000Z'
  expect(records).toEqual(
    expect.arrayContaining([
      { time, level: 'error', message: expect.stringContaining('keys.txt is no JSON'), code: 'E_FILE' },
      { time, level: 'warn', message: 'the old keys stay in force' },
      { time, level: 'error', message: expect.stringMatching(/a\.yaml:4:\d+ {2}.*"editr"/), code: 'E_ROLE' },
      { time, level: 'error', message: 'the policies have 1 error', code: 'E_POLICY' },
      { time, level: 'warn', message: 'the old policies stay in force' },
    ]),
  )
})

it('does none of it by itself', async () => {
  const { url, ask, written } = await start()
  for (let i = 0; i < 5; i++) expect(await ask()).toBe(200)
  expect((await fetch(`${url}/metrics`)).status).toBe(404)
  expect(written.stderr).toBe('')
})

it('answers for a while when it is stopped, but is not ready', async () => {
  const { url, ask, stop, ended } = await start('--drain', 'PT0.5S')
  expect((await fetch(`${url}/readyz`)).status).toBe(200)
  stop()
  const ready = await fetch(`${url}/readyz`)
  expect([ready.status, await ready.json()]).toMatchObject([
    503,
    { code: 'E_NOT_READY', detail: 'the service is about to stop' },
  ])
  expect(await ask()).toBe(200)
  expect((await ended).code).toBe(0)
  await expect(fetch(url)).rejects.toThrow()
})

it.each([
  [['--log', 'xml'], '--log is "xml"; give json, text or none'],
  [['--rate', 'caller=10'], '--rate is "caller=10"'],
  [['--rate', 'callers=10/PT1S'], '--rate is "callers=10/PT1S"'],
  [['--rate', 'caller=0/PT1S'], '--rate is "caller=0/PT1S"'],
  [['--rate', 'caller=10/1s'], '--rate: "1s" is not an ISO 8601 duration'],
  [['--drain', '10'], '--drain: "10" is not an ISO 8601 duration'],
])('%j is wrong usage', async (argv, message) => {
  const cwd = await folder(twoTenants)
  const { code, stderr } = await cli(['serve', '.', '--port', '0', ...argv], { cwd })
  expect([code, stderr]).toEqual([2, expect.stringContaining(message)])
})

it('leaves evaluations their direct way unless somebody looks on', () => {
  const silent = { write: () => true }
  const io = {
    stdout: silent,
    stderr: silent,
    stdin: Readable.from([]),
    env: {},
    cwd: '.',
    now: Date.now,
    onStop: () => () => {},
  }
  const flags = { metrics: false, rate: [], drain: 'PT1S' }
  const direct = (more: { log?: string; metrics?: boolean; rate?: string[] }) => {
    const { options } = readOperation({ ...flags, ...more }, engines, readLog(more.log, io), io)
    return directWayOf(createApp({ engines, ...options }).fetch) !== undefined
  }
  expect([direct({}), direct({ log: 'text' }), direct({ metrics: true }), direct({ rate: ['caller=1/PT1S'] })]).toEqual(
    [true, false, false, false],
  )
})
