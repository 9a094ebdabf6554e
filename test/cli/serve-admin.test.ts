/** `serve --admin`: what administrators change is there after a restart; what comes from files is read-only. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { cli, folder, startCli, until } from './support.ts'

const pages = 'version: 1\nrules: [{ id: readers, allow: read, on: page }]'
const writers = { name: 'p.yaml', text: 'version: 1\nrules: [{ id: writers, allow: write, on: page }]' }

async function prepare(): Promise<{ cwd: string; key: string }> {
  const cwd = await folder({ 'policies/pages.yaml': pages })
  expect((await cli(['db', 'init', 'state.db'], { cwd })).code).toBe(0)
  const role = ['--tenant', 'default', '--role', 'sallyport:admin', '--keys', 'keys.json']
  const { stdout } = await cli(['key', 'create', 'ops', ...role], { cwd })
  const key = /spk_\w+[\w-]*/.exec(stdout)?.[0] ?? ''
  expect(await readFile(join(cwd, 'keys.json'), 'utf8')).toContain('ops')
  return { cwd, key }
}

async function start(argv: readonly string[], cwd: string, key: string) {
  const service = startCli(['serve', ...argv, '--keys', 'keys.json', '--admin', '--port', '0'], { cwd })
  const stop = async () => {
    service.stop()
    await service.ended
  }
  onTestFinished(stop)
  const ended = service.ended.then(({ stderr }) => {
    throw new Error(`ended early: ${stderr}`)
  })
  const read = until(
    () => service.written.stdout,
    (text) => text.includes('Ctrl-C stops it'),
  )
  const text = await Promise.race([read, ended])
  const url = /at (http:\S+)/.exec(text)?.[1] ?? ''
  const call = async (method: string, path: string, body?: object, headers: Record<string, string> = {}) => {
    const response = await fetch(url + path, {
      method,
      headers: { Authorization: `Bearer ${key}`, 'Content-Type': 'application/json', ...headers },
      ...(body && { body: JSON.stringify(body) }),
    })
    return { status: response.status, tag: response.headers.get('ETag'), body: await response.json() }
  }
  const may = async (name: string) => {
    const asked = { subject: { type: 'user', id: 'a' }, action: { name }, resource: { type: 'page', id: '1' } }
    return (await call('POST', '/access/v1/evaluation', asked)).body.decision
  }
  return { text, call, may, stop }
}

it('keeps policies in the store, which begin with PATH', async () => {
  const { cwd, key } = await prepare()
  const kept = ['--keep-policies', '--store', 'sqlite:state.db']
  const first = await start(['policies', ...kept], cwd, key)
  expect(first.text).toMatch(/^tenant default: revision 1, image [0-9a-f]{12}$/m)
  expect([await first.may('read'), await first.may('write')]).toEqual([true, false])
  const body = { sources: [writers], note: 'writing' }
  const replaced = await first.call('PUT', '/admin/v1/policies', body, { 'If-Match': '"r1"' })
  expect([replaced.status, replaced.tag]).toEqual([200, '"r2"'])
  expect([await first.may('read'), await first.may('write')]).toEqual([false, true])
  await first.stop()

  // Neither the files nor their absence undo what was changed.
  for (const argv of [['policies', ...kept], kept]) {
    const again = await start(argv, cwd, key)
    expect(again.text).toMatch(/^tenant default: revision 2,/m)
    expect(await again.may('write')).toBe(true)
    await again.stop()
  }
})

it('refuses to change policies that come from files', async () => {
  const { cwd, key } = await prepare()
  const { text, call, may } = await start(['policies', '--store', 'sqlite:state.db'], cwd, key)
  expect(text).toContain('tenant default: policies from files, read-only')
  const refused = await call('PUT', '/admin/v1/policies', { sources: [writers] }, { 'If-Match': '"r0"' })
  expect(refused.body).toMatchObject({ status: 409, code: 'E_POLICY_READ_ONLY' })
  expect((await call('GET', '/admin/v1/policies')).body).toMatchObject({ writable: false, sources: [{ text: pages }] })
  expect(await may('read')).toBe(true)
})

it('answers open-guard where it is asked to', async () => {
  const { cwd, key } = await prepare()
  const argv = ['policies', '--keep-policies', '--store', 'sqlite:state.db', '--open-guard']
  const { call } = await start(argv, cwd, key)
  expect((await call('GET', '/compat/open-guard/v1/admin/health')).body).toMatchObject({ status: 'ok' })
})

it('two processes on one store follow each other', async () => {
  const { cwd, key } = await prepare()
  const argv = ['policies', '--keep-policies', '--store', 'sqlite:state.db']
  const [one, two] = [await start(argv, cwd, key), await start(argv, cwd, key)]
  await one.call('PUT', '/admin/v1/policies', { sources: [writers] }, { 'If-Match': '"r1"' })
  await expect.poll(() => two.may('write'), { timeout: 20_000, interval: 200 }).toBe(true)
})

it.each([
  [['policies', '--admin', '--store', 'sqlite:s.db'], /--keys or --auth/],
  [['policies', '--admin', '--keys', 'keys.json'], /--admin needs --store/],
  [['policies', '--admin', '--keys', 'keys.json', '--store', 'memory'], /--admin needs --store/],
  [['policies', '--keep-policies'], /--keep-policies needs --admin/],
  [['--admin', '--keys', 'keys.json', '--store', 'sqlite:state.db'], /policy file or folder, or --keep-policies/],
  [['policies', '--watch', '--admin', '--keys', 'keys.json', '--store', 'sqlite:state.db'], /without --watch/],
  [['--admin', '--keep-policies', '--keys', 'keys.json', '--store', 'sqlite:state.db'], /no tenants yet/],
])('serve %j is wrong usage', async (argv, message) => {
  const { cwd } = await prepare()
  const { code, stderr } = await cli(['serve', ...argv], { cwd })
  expect([code, stderr]).toEqual([2, expect.stringMatching(message)])
})
