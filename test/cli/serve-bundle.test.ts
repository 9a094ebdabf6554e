/** sallyport serve --bundle: what is good is served, what is bad is told and left out, what is too old denies. */
import { rename, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { buildBundle } from '../../src/bundle/index.ts'
import { imageOf, newKey } from '../bundle/support.ts'
import { cli, folder, startCli, until, type World } from './support.ts'

const key = await newKey()
const stranger = await newKey()
const soon = ['--bundle-poll', 'PT0.1S']

const make = async (revision: number, action: string, secret = key.secret, tenants = ['acme']) =>
  buildBundle(
    {
      name: 'prod',
      revision,
      images: new Map(await Promise.all(tenants.map(async (name) => [name, await imageOf(name, action)] as const))),
    },
    secret,
  )

/** Editors and copies write in place; who publishes renames. */
async function put(cwd: string, bytes: Uint8Array): Promise<void> {
  await writeFile(join(cwd, 'new'), bytes)
  await rename(join(cwd, 'new'), join(cwd, 'prod.bundle'))
}

const files = () => folder({ 'keys.json': JSON.stringify({ keys: [key.open] }) })

async function start(argv: readonly string[], world: World) {
  const service = startCli(['serve', '--bundle', ...argv, '--port', '0', ...soon], world)
  onTestFinished(async () => {
    service.stop()
    await service.ended
  })
  const text = await until(
    () => service.written.stdout,
    (stdout) => stdout.includes('Ctrl-C stops it'),
  )
  const url = /at (http:\S+)/.exec(text)?.[1] ?? ''
  const ask = async (name: string) => {
    const body = { subject: { type: 'user', id: 'a' }, action: { name }, resource: { type: 'page', id: 'p' } }
    const headers = { 'Content-Type': 'application/json' }
    const response = await fetch(`${url}/access/v1/evaluation`, { method: 'POST', headers, body: JSON.stringify(body) })
    return ((await response.json()) as { decision?: boolean }).decision
  }
  const ready = async () => (await fetch(`${url}/readyz`)).status
  const said = (text: string) =>
    until(
      () => service.written.stderr + service.written.stdout,
      (all) => all.includes(text),
    )
  return { ...service, text, ask, ready, said }
}

describe('sallyport serve --bundle', () => {
  it('serves a file, follows it, and keeps the last good one', async () => {
    const cwd = await files()
    await put(cwd, await make(3, 'read'))
    const service = await start(['prod.bundle', '--bundle-key', 'keys.json'], { cwd })
    expect(service.text).toMatch(
      /^bundle prod revision 3, 1 tenant, id [0-9a-f]{12}\ntenant acme: image [0-9a-f]{12}$/m,
    )
    expect([await service.ask('read'), await service.ask('write'), await service.ready()]).toEqual([true, false, 200])
    for (const [bytes, line] of [
      [await make(4, 'write', stranger.secret), 'it is signed with another key than those given  E_BUNDLE'],
      [await make(2, 'write'), 'revision 2 does not follow 3  E_BUNDLE_ROLLBACK'],
      [(await make(4, 'write')).slice(0, -40), 'E_BUNDLE'],
      [await make(3, 'write'), 'revision 3 does not follow 3  E_BUNDLE_ROLLBACK'],
    ] as const) {
      await put(cwd, bytes)
      await service.said(line)
      expect([await service.ask('read'), await service.ask('write')]).toEqual([true, false])
    }
    await rm(join(cwd, 'prod.bundle'))
    await service.said('cannot read prod.bundle: no such file or folder  E_BUNDLE_SOURCE')
    expect(service.written.stderr).toContain('the old bundle stays in force')
    await put(cwd, await make(5, 'write'))
    await service.said('bundle prod revision 5')
    expect([await service.ask('read'), await service.ask('write'), await service.ready()]).toEqual([false, true, 200])
    // Each failure is told once, however often it is met.
    expect(service.written.stderr.match(/E_BUNDLE_SOURCE/g)).toHaveLength(1)
  })

  it('starts without a bundle, is not ready, and serves the first good one', async () => {
    const cwd = await files()
    await put(cwd, await make(1, 'read', stranger.secret))
    const service = await start(['prod.bundle', '--bundle-key', JSON.stringify(key.open)], { cwd })
    expect(service.written.stderr).toContain('NOT READY: there is no bundle yet')
    expect([await service.ready(), await service.ask('read')]).toEqual([503, undefined])
    await put(cwd, await make(1, 'read'))
    await service.said('bundle prod revision 1')
    expect([await service.ready(), await service.ask('read')]).toEqual([200, true])
  })

  it('follows an address with its entity tag and a token, and denies when it was silent for too long', async () => {
    const cwd = await files()
    let bytes = await make(1, 'read')
    let tag = '"1"'
    let down = false
    const seen = { unchanged: 0, authorization: '' }
    const server = createServer((request, response) => {
      seen.authorization = request.headers.authorization ?? ''
      if (down) return response.writeHead(500).end()
      if (request.headers['if-none-match'] === tag) {
        seen.unchanged++
        return response.writeHead(304).end()
      }
      return response.writeHead(200, { ETag: tag }).end(bytes)
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void server.close())
    const world = { cwd, now: 1_000_000, env: { SALLYPORT_BUNDLE_TOKEN: 'secret' } }
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/prod.bundle`
    const argv = [url, '--bundle-key', 'keys.json', '--bundle-max-age', 'PT1M']
    const service = await start(argv, world)
    await until(
      () => seen.unchanged,
      (count) => count > 1,
    )
    expect(seen.authorization).toBe('Bearer secret')
    expect(await service.ask('read')).toBe(true)
    ;[bytes, tag] = [await make(2, 'write'), '"2"']
    await service.said('bundle prod revision 2')
    expect([await service.ask('read'), await service.ask('write')]).toEqual([false, true])
    down = true
    await service.said('the server answered with HTTP 500  E_BUNDLE_SOURCE')
    expect([await service.ask('write'), await service.ready()]).toEqual([true, 200])
    world.now += 61_000
    await service.said('THE BUNDLE IS TOO OLD')
    expect([await service.ask('write'), await service.ready()]).toEqual([false, 503])
    down = false
    await service.said('no longer too old')
    expect([await service.ask('write'), await service.ready()]).toEqual([true, 200])
    expect(service.written.stdout + service.written.stderr).not.toContain('secret')
  })

  it('serves all tenants of a bundle', async () => {
    const cwd = await files()
    await put(cwd, await make(1, 'read', key.secret, ['acme', 'default']))
    const service = await start(['prod.bundle', '--bundle-key', 'keys.json'], { cwd })
    expect(service.text).toMatch(/2 tenants/)
    expect(await service.ask('read')).toBe(true)
  })

  it.each<[readonly string[], string]>([
    [['--bundle', 'p.bundle'], '--bundle needs --bundle-key'],
    [['--bundle-key', 'keys.json'], '--bundle-key needs --bundle'],
    [['policies/', '--bundle', 'p.bundle', '--bundle-key', 'keys.json'], 'in place of PATH'],
    [['--bundle', 'p.bundle', '--bundle-key', 'keys.json', '--watch'], 'in place of PATH'],
    [['--bundle', 'p.bundle', '--bundle-key', 'empty.json'], 'empty.json holds no key'],
    [['--bundle', 'p.bundle', '--bundle-key', 'list.json'], 'list.json holds no public key'],
    [['--bundle', 'p.bundle', '--bundle-key', 'text.json'], 'text.json holds no JSON object'],
    [['--bundle', 'p.bundle', '--bundle-key', '{"kty":"oct","k":"AA"}'], 'holds no public key'],
    [['--bundle', 'p.bundle', '--bundle-key', 'secret.json'], 'secret.json holds a private key'],
    [['--bundle', 'p.bundle', '--bundle-key', 'none.json'], 'cannot read none.json'],
    [['--bundle', 'p.bundle', '--bundle-key', 'keys.json', '--bundle-max-age', '1h'], '--bundle-max-age: "1h" is not'],
    [['--bundle', 'p.bundle', '--bundle-key', 'keys.json', '--bundle-poll', 'P1Y'], '--bundle-poll'],
    [['--bundle', 'p.bundle', '--bundle-key', 'keys.json', '--bundle-poll', 'PT0.001S'], 'is from PT0.1S to P24D'],
    [['--bundle', 'http://store.example/p', '--bundle-key', 'keys.json'], 'must begin with https://'],
  ])('says what is wrong with %j', async (argv, message) => {
    const cwd = await folder({
      'keys.json': JSON.stringify({ keys: [key.open] }),
      'secret.json': JSON.stringify(key.secret),
      'empty.json': '{"keys":[]}',
      'list.json': '[1]',
      'text.json': 'key',
    })
    const { code, stderr } = await cli(['serve', ...argv, '--port', '0'], { cwd })
    expect(code, stderr).not.toBe(0)
    expect(stderr).toContain(message)
  })
})
