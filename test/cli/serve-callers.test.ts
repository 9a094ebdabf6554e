import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { cli, folder, startCli, twoTenants, until, type World } from './support.ts'

async function start(argv: readonly string[], world: World) {
  const service = startCli(['serve', '.', '--port', '0', ...argv], world)
  onTestFinished(async () => {
    service.stop()
    await service.ended
  })
  const text = await until(
    () => service.written.stdout,
    (stdout) => stdout.includes('Ctrl-C stops it'),
  )
  return { ...service, url: /at (http:\S+)/.exec(text)?.[1] ?? '' }
}

const page = { subject: { type: 'user', id: 'a' }, action: { name: 'read' }, resource: { type: 'page', id: 'p' } }
async function ask(url: string, tenant: string, key?: string): Promise<number> {
  const headers = { 'Content-Type': 'application/json', ...(key && { Authorization: `Bearer ${key}` }) }
  const body = JSON.stringify(page)
  return (await fetch(`${url}/tenants/${tenant}/access/v1/evaluation`, { method: 'POST', headers, body })).status
}

describe('serve --keys', () => {
  it('lets in who has a key of the file, for its tenants, while it is there', async () => {
    const cwd = await folder({ 'policies/a.yaml': twoTenants['a.yaml'], 'policies/b.yaml': twoTenants['b.yaml'] })
    const create = async (caller: string) =>
      (await cli(['key', 'create', caller, '--tenant', 'acme', '--keys', 'keys.json'], { cwd })).stdout.trim()
    const [first, second] = [await create('pep-1'), await create('pep-1')]
    const service = startCli(['serve', 'policies', '--port', '0', '--keys', 'keys.json'], { cwd })
    onTestFinished(async () => {
      service.stop()
      await service.ended
    })
    const text = await until(
      () => service.written.stdout,
      (stdout) => stdout.includes('Ctrl-C stops it'),
    )
    const url = /at (http:\S+)/.exec(text)?.[1] ?? ''
    expect([await ask(url, 'acme', first), await ask(url, 'acme', second)]).toEqual([200, 200])
    const [, at = '', body] = /curl -s (\S+) -H "Authorization: Bearer \$KEY" -H '\S+ \S+' -d '(.*)'/.exec(text) ?? []
    const headers = { 'Content-Type': 'application/json', Authorization: `Bearer ${first}` }
    const tried = await (await fetch(at, { method: 'POST', headers, body: body ?? '' })).text()
    expect(text).toContain(`It answers ${tried}\n`)
    expect([await ask(url, 'bolt', first), await ask(url, 'acme'), await ask(url, 'acme', 'x')]).toEqual([
      404, 401, 401,
    ])
    await writeFile(join(cwd, 'keys.json'), '{"keys":')
    await until(
      () => service.written.stderr,
      (stderr) => stderr.includes('the old keys stay in force'),
    )
    expect(await ask(url, 'acme', first)).toBe(200)
    await writeFile(join(cwd, 'keys.json'), '{"keys":[]}')
    await until(
      () => service.written.stdout,
      (stdout) => stdout.includes('the keys were read again: 0'),
    )
    expect(await ask(url, 'acme', first)).toBe(401)
    expect(service.written.stdout + service.written.stderr).not.toContain(first.slice(-43))
  })

  it('does not start with a file that is wrong', async () => {
    const cwd = await folder({ ...twoTenants, 'keys.txt': '{"keys":[{}]}' })
    const { code, stderr } = await cli(['serve', '.', '--port', '0', '--keys', 'keys.txt'], { cwd })
    expect([code, stderr]).toEqual([2, expect.stringContaining('keys[0].id is 16 hexadecimal digits')])
  })
})

describe('serve --auth', () => {
  const proxy = {
    peers: ['127.0.0.1', '::1'],
    secret: { header: 'X-Proxy-Secret', env: 'PROXY_SECRET' },
    forwardedCert: 'URI',
    callers: [{ name: 'spiffe://example/pep', caller: 'pep', tenants: ['acme'] }],
  }
  const jwt = [
    { issuer: 'https://as.example', audience: 'pdp', jwks: 'https://as.example/jwks', tenants: { claim: 't' } },
  ]
  const env = { PROXY_SECRET: 's'.repeat(32) }

  it('lets in who comes through the proxy', async () => {
    const cwd = await folder({ ...twoTenants, 'auth.jwk': JSON.stringify({ proxy, jwt }) })
    const { url } = await start(['--auth', 'auth.jwk'], { cwd, env })
    const send = async (headers: Record<string, string>, tenant = 'acme') => {
      const init = {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', ...headers },
        body: JSON.stringify(page),
      }
      return (await fetch(`${url}/tenants/${tenant}/access/v1/evaluation`, init)).status
    }
    const certificate = { 'X-Forwarded-Client-Cert': 'URI=spiffe://example/pep' }
    const secret = { 'X-Proxy-Secret': env.PROXY_SECRET }
    expect(await send({ ...certificate, ...secret })).toBe(200)
    expect(await send({ ...certificate, ...secret }, 'bolt')).toBe(404)
    expect(await send(certificate)).toBe(401)
    expect(await send(secret)).toBe(401)
  })

  it.each([
    [{}, 'names none: give jwt or proxy'],
    [[], 'is { "jwt": [ … ], "proxy": { … } }'],
    [{ proxies: [] }, 'the configuration has the unknown member "proxies"'],
    [{ jwt: [{ ...jwt[0], issuer: undefined }] }, 'jwt[0].issuer is missing'],
    [{ jwt: [{ ...jwt[0], audience: undefined }] }, 'against its audience'],
    [{ jwt: [{ ...jwt[0], jwks: 'http://as.example/jwks' }] }, 'must begin with https://'],
    [{ jwt: [{ ...jwt[0], algorithms: ['HS256'] }] }, 'algorithms may be'],
    [{ jwt: [{ ...jwt[0], tenants: undefined }] }, 'jwt[0].tenants is a list of names, or "all"'],
    [{ jwt: [{ ...jwt[0], tolerance: 1e9 }] }, 'jwt[0].tolerance is a number of seconds'],
    [{ proxy: { ...proxy, peers: undefined, secret: undefined } }, 'give peers or secret'],
    [{ proxy: { ...proxy, secret: { header: 'x', env: 'UNSET' } } }, 'the environment variable UNSET is missing'],
    [{ proxy: { ...proxy, header: 'x' } }, 'proxy needs either forwardedCert'],
    [{ proxy: { ...proxy, callers: [{ name: 'a', caller: 'b' }] } }, 'proxy.callers[0].tenants is a list of names'],
  ])('does not start with %j', async (document, message) => {
    const cwd = await folder({ ...twoTenants, 'auth.jwk': JSON.stringify(document) })
    const { code, stderr } = await cli(['serve', '.', '--port', '0', '--auth', 'auth.jwk'], { cwd, env })
    expect(code).not.toBe(0)
    expect(stderr).toContain(message)
  })
})
