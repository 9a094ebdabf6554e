import { readFile, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { openBundle } from '../../src/bundle/index.ts'
import { newKey } from '../bundle/support.ts'
import { cli, folder, records } from './support.ts'

const key = await newKey()
let cwd = ''
const build = (...more: string[]) =>
  cli(['bundle', 'build', '-p', records, '--revision', '7', '--name', 'prod', '-o', 'p.bundle', ...more], { cwd })

beforeEach(async () => {
  cwd = await folder({
    'key.jwk': JSON.stringify(key.secret),
    'keys.json': JSON.stringify({ keys: [key.open] }),
    'empty.json': '{"keys":[]}',
    'broken.json': '{',
  })
})

describe('sallyport bundle', () => {
  it('builds, signs and verifies', async () => {
    const built = await build()
    expect(built).toMatchObject({
      code: 0,
      stderr: '',
      stdout: expect.stringMatching(
        /^p\.bundle: prod revision 7, 1 tenant, \d+ bytes, id [0-9a-f]{64}\nUNSIGNED: .*sallyport bundle sign p\.bundle --key .*\n$/,
      ),
    })
    expect(await cli(['bundle', 'verify', 'p.bundle', '--keys', 'keys.json'], { cwd })).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('not signed'),
    })
    expect(JSON.parse((await build('--json')).stdout)).toMatchObject({ signed: false })
    expect(await cli(['bundle', 'sign', 'p.bundle', '--key', 'key.jwk'], { cwd })).toMatchObject({
      code: 0,
      stdout: expect.not.stringContaining('UNSIGNED'),
    })
    const verified = await cli(['bundle', 'verify', 'p.bundle', '--keys', 'keys.json', '--json'], { cwd })
    expect(JSON.parse(verified.stdout)).toMatchObject({ name: 'prod', revision: 7, tenants: ['default'], signed: true })
    expect(await cli(['bundle', 'verify', 'p.bundle', '--keys', 'empty.json'], { cwd })).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('E_BUNDLE'),
    })
  })

  it('signs as it builds, with the texts inside', async () => {
    expect(await build('--key', 'key.jwk')).toMatchObject({ code: 0, stdout: expect.not.stringContaining('UNSIGNED') })
    const bytes = new Uint8Array(await readFile(join(cwd, 'p.bundle')))
    const { files, images } = await openBundle(bytes, { keys: [key.open] })
    expect([...images.keys()]).toEqual(['default'])
    expect([...files.keys()]).toContain('policies/0.txt')
  })

  it('pushes with PUT, and says when it is not taken', async () => {
    await build()
    const came: { method?: string | undefined; length: number; token: unknown }[] = []
    const server = createServer(async (request, response) => {
      let length = 0
      for await (const chunk of request) length += (chunk as Uint8Array).length
      came.push({ method: request.method, length, token: request.headers.authorization })
      response.writeHead(request.url === '/no' ? 403 : 201).end()
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const push = (path: string) =>
      cli(['bundle', 'push', 'p.bundle', url + path, '--header', 'Authorization: Bearer t'], { cwd })
    expect((await push('/yes')).code).toBe(0)
    const { length } = await readFile(join(cwd, 'p.bundle'))
    expect(came).toEqual([{ method: 'PUT', length, token: 'Bearer t' }])
    expect(await push('/no')).toMatchObject({ code: 1, stderr: expect.stringContaining('HTTP 403') })
    server.close()
    expect(await cli(['bundle', 'push', 'p.bundle', 'http://store.example/p'], { cwd })).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('E_ADDRESS'),
    })
  })

  it.each([
    [[]],
    [['pack']],
    [['build', '-p', records, '-o', 'x']],
    [['build', '-p', records, '-o', 'x', '--revision', '0']],
    [['build', '--revision', '1', '-o', 'x']],
    [['sign', 'p.bundle']],
    [['verify', 'p.bundle']],
    [['push', 'p.bundle']],
  ])('%j is wrong usage', async (args) => {
    expect((await cli(['bundle', ...args], { cwd })).code).toBe(2)
  })

  it.each(['null', '5', '[]', '"key"'])('a file of keys that holds %s is wrong usage', async (text) => {
    await build()
    await writeFile(join(cwd, 'odd.json'), text)
    for (const args of [
      ['verify', 'p.bundle', '--keys', 'odd.json'],
      ['sign', 'p.bundle', '--key', 'odd.json'],
      ['build', '-p', records, '--revision', '8', '-o', 'q.bundle', '--key', 'odd.json'],
    ]) {
      expect(await cli(['bundle', ...args], { cwd })).toMatchObject({
        code: 2,
        stderr: 'error: odd.json holds no JSON object  E_USAGE\n',
      })
    }
  })

  it('a file of a key that holds something else is wrong usage', async () => {
    await writeFile(join(cwd, 'odd.json'), '{"keys":[]}')
    expect(await cli(['bundle', 'sign', 'p.bundle', '--key', 'odd.json'], { cwd })).toMatchObject({
      code: 2,
      stderr: 'error: odd.json holds no key: a JWK has "kty"; sallyport key signing -o FILE makes one  E_USAGE\n',
    })
  })

  it('a set of keys with one that is none is wrong usage', async () => {
    await build('--key', 'key.jwk')
    await writeFile(join(cwd, 'odd.json'), JSON.stringify({ keys: [key.open, null] }))
    expect(await cli(['bundle', 'verify', 'p.bundle', '--keys', 'odd.json'], { cwd })).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('no JWK Set'),
    })
  })

  it('a file that is none is told', async () => {
    await build()
    expect(await cli(['bundle', 'verify', 'nothing', '--keys', 'keys.json'], { cwd })).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('E_FILE'),
    })
    expect(await cli(['bundle', 'verify', 'keys.json', '--keys', 'keys.json'], { cwd })).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('E_BUNDLE'),
    })
    expect(await cli(['bundle', 'verify', 'p.bundle', '--keys', 'broken.json'], { cwd })).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('no JSON'),
    })
  })
})
