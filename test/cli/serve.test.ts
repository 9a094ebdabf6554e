import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createLocalJWKSet, exportJWK, generateKeyPair, jwtVerify } from 'jose'
import { describe, expect, it, onTestFinished } from 'vitest'
import { cli, folder, occupyPort, open, records, startCli, twoTenants, until, type World } from './support.ts'

/** Starts `serve` on a free port and gives its URL; stops it after the test. */
async function start(argv: readonly string[], world: World = {}) {
  const service = startCli(['serve', ...argv, '--port', '0'], world)
  onTestFinished(async () => {
    service.stop()
    await service.ended
  })
  const ended = service.ended.then(({ stderr }) => {
    throw new Error(`ended early: ${stderr}`)
  })
  const started = until(
    () => service.written.stdout,
    (text) => text.includes('Ctrl-C stops it'),
  )
  const text = await Promise.race([started, ended])
  return { ...service, url: /at (http:\S+)/.exec(text)?.[1] ?? '', text }
}

async function ask(url: string, body: object): Promise<unknown> {
  const headers = { 'Content-Type': 'application/json' }
  return (await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) })).json()
}

/** The curl line that was printed, as what to fetch; and the answer that was promised. */
function readTry(text: string) {
  const [, url = '', body = ''] = /curl -s (\S+) -H 'Content-Type: application\/json' -d '(.*)'/.exec(text) ?? []
  const [, answer = 'null'] = /It answers (.*)/.exec(text) ?? []
  return { url, request: JSON.parse(body), answer: JSON.parse(answer) }
}

const page = { subject: { type: 'user', id: 'a' }, action: { name: 'read' }, resource: { type: 'page', id: 'p' } }

describe('sallyport serve', () => {
  it('says what it serves, and gives a request whose answer is as foretold', async () => {
    const { url, text, written, stop, ended } = await start([records])
    expect(text).toMatch(/^AuthZEN PDP at http:\/\/127\.0\.0\.1:\d+\n/)
    expect(text).toMatch(/^tenant default: 9 rules, 7 entities, 3 files, image [0-9a-f]{12}$/m)
    const sample = readTry(text)
    expect(sample).toMatchObject({ url: `${url}/access/v1/evaluation`, answer: { decision: true } })
    expect(await ask(sample.url, sample.request)).toEqual(sample.answer)
    expect(written.stderr).toBe('')
    stop()
    expect(await ended).toMatchObject({ code: 0, stdout: expect.stringMatching(/\nstopping: .*\n$/) })
    await expect(fetch(url)).rejects.toThrow()
  })

  it('signs its metadata with a key, which it needs a public URL for', async () => {
    const { privateKey } = await generateKeyPair('EdDSA', { extractable: true })
    const cwd = await folder({
      'key.jwk': JSON.stringify({ ...(await exportJWK(privateKey)), alg: 'EdDSA' }),
      'open.jwk': '{"kty":"OKP","crv":"Ed25519","alg":"EdDSA","x":"AA"}',
      'broken.jwk': '{"kty":"OKP","crv":"Ed25519","alg":"EdDSA","x":"AA","d":"AA"}',
      'text.jwk': 'key',
      'null.jwk': 'null',
    })
    const publicUrl = ['--public-url', 'https://pdp.example.com/']
    const { url } = await start([records, '--signing-key', 'key.jwk', ...publicUrl], { cwd })
    const metadata = await (await fetch(`${url}/.well-known/authzen-configuration`)).json()
    const keys = createLocalJWKSet(await (await fetch(`${url}/access/v1/jwks`)).json())
    const { payload } = await jwtVerify(metadata.signed_metadata, keys, { issuer: 'https://pdp.example.com' })
    expect(payload.policy_decision_point).toBe('https://pdp.example.com')
    for (const [argv, message] of [
      [['key.jwk'], '--signing-key needs --public-url'],
      [['open.jwk', ...publicUrl], '"d" is missing'],
      [['broken.jwk', ...publicUrl], 'broken.jwk holds no key that can sign'],
      [['text.jwk', ...publicUrl], 'text.jwk is no JSON'],
      [['null.jwk', ...publicUrl], 'null.jwk holds no JSON object  E_USAGE'],
      [['none.jwk', ...publicUrl], 'cannot read none.jwk'],
    ] as const) {
      const { code, stderr } = await cli(['serve', records, '--port', '0', '--signing-key', ...argv], { cwd })
      expect(code, stderr).not.toBe(0)
      expect(stderr).toContain(message)
    }
  })

  it.each([
    ['an exact rule', '{ id: r, allow: read, on: page }', true],
    ['a role', '{ id: r, allow: read, to: { role: boss, type: agent } }', true],
    ['globs', '{ id: r, allow: "tool:[ab]?*", on: { type: "{doc,page}", id: "x*" }, to: { id: "it\'s*" } }', true],
    ['only a deny', '{ id: r, deny: read }', false],
    ['only a review', '{ id: r, review: read }', false],
  ])('makes up a request for %s', async (_, rule, decision) => {
    const cwd = await folder({ 'p.yaml': `version: 1\nrules:\n  - ${rule}\n` })
    const sample = readTry((await start(['p.yaml'], { cwd })).text.replaceAll("'\\''", "'"))
    expect(sample.answer.decision).toBe(decision)
    expect(await ask(sample.url, sample.request)).toEqual(sample.answer)
  })

  it('says loudly that there are no rules', async () => {
    const { url, written } = await start(['-'], { stdin: 'version: 1\n' })
    expect(written.stderr).toContain('NO RULES ARE LOADED for tenant default: every request is denied.')
    expect((await fetch(`${url}/readyz`)).status).toBe(503)
  })

  it('serves every tenant at its own path, or only the one named', async () => {
    const cwd = await folder(twoTenants)
    const all = await start(['.'], { cwd })
    expect(all.text).toMatch(/^tenant acme: .*\ntenant bolt: /m)
    expect(await ask(`${all.url}/tenants/acme/access/v1/evaluation`, page)).toEqual({ decision: true })
    expect(await ask(`${all.url}/tenants/bolt/access/v1/evaluation`, page)).toMatchObject({ decision: false })
    const sample = readTry(all.text)
    expect(await ask(sample.url, sample.request)).toEqual(sample.answer)
    const one = await start(['.', '--tenant', 'bolt'], { cwd })
    expect((await fetch(`${one.url}/tenants/acme/.well-known/authzen-configuration`)).status).toBe(404)
    const unknown = await cli(['serve', '.', '--tenant', 'none', '--port', '0'], { cwd })
    expect(unknown).toMatchObject({
      code: 1,
      stderr: 'error: the policies have no tenant "none", only "acme", "bolt"  E_TENANT\n',
    })
  })

  it('announces the public URL', async () => {
    const { url } = await start([records, '--public-url', 'https://pdp.example/base/'])
    const metadata = await (await fetch(`${url}/.well-known/authzen-configuration`)).json()
    expect(metadata.policy_decision_point).toBe('https://pdp.example/base')
  })

  it.each([
    [['x'], { PORT: '65536' }, 'PORT is "65536"; give a number from 0 to 65535'],
    [['x', '--port', 'http'], {}, '--port is "http"; give a number from 0 to 65535'],
    [['x', '--port=-1'], {}, '--port is "-1"; give a number from 0 to 65535'],
    [['x', '--port', '80.5'], {}, '--port is "80.5"; give a number from 0 to 65535'],
    [[], {}, 'serve needs a policy file or folder: sallyport serve policies/'],
    [['-', '--watch'], {}, '--watch needs a file or folder; standard input does not change'],
  ])('%j with %j is wrong usage', async (argv, env, message) => {
    expect(await cli(['serve', ...argv], { env })).toEqual({
      code: 2,
      stdout: '',
      stderr: `error: ${message}  E_USAGE\n`,
    })
  })

  it('takes the port from --port, else from PORT, and says when it is taken', async () => {
    const port = await occupyPort()
    const taken = `error: port ${port} is taken; choose another with --port or PORT  E_PORT\n`
    const env = { PORT: port }
    expect(await cli(['serve', records], { env })).toMatchObject({ code: 1, stderr: taken })
    expect(await cli(['serve', records, '--port', port])).toMatchObject({ code: 1, stderr: taken })
    const { url } = await start([records], { env })
    expect((await fetch(`${url}/healthz`)).status).toBe(200)
  })

  it('does not start with mistakes in the policies', async () => {
    const result = await cli(['serve', '-', '--port', '0'], { stdin: 'version: 1\nrules: 3\n' })
    expect([result.code, result.stdout]).toEqual([1, ''])
    expect(result.stderr).toMatch(/^<stdin>:2:\d+ {2}error .*\nerror: the policies have 1 error {2}E_POLICY\n$/)
  })

  it.each(['.', 'p.yaml'])('follows changes of %s, and keeps the old policies on mistakes', async (path) => {
    const cwd = await folder({ 'p.yaml': open })
    const { url, written } = await start([path, '--watch'], { cwd })
    const decide = () => ask(`${url}/access/v1/evaluation`, page)
    expect(await decide()).toEqual({ decision: true })

    await writeFile(join(cwd, 'p.yaml'), 'version: 1\nrulez: []\n')
    await until(
      () => written.stderr,
      (text) => text.includes('the old policies stay in force'),
    )
    expect(written.stderr).toContain('"rulez"')
    expect(await decide()).toEqual({ decision: true })

    await writeFile(join(cwd, 'p.yaml'), open.replace('allow', 'deny'))
    await until(
      () => written.stdout,
      (text) => text.includes('policies loaded again'),
    )
    expect(await decide()).toMatchObject({ decision: false })
  })

  it('follows tenants that come and go', async () => {
    const cwd = await folder({ 'a.yaml': twoTenants['a.yaml'] })
    const { url, written } = await start(['.', '--watch'], { cwd })
    await writeFile(join(cwd, 'a.yaml'), twoTenants['b.yaml'])
    await until(
      () => written.stdout,
      (text) => text.includes('policies loaded again'),
    )
    expect(await ask(`${url}/tenants/bolt/access/v1/evaluation`, page)).toMatchObject({ decision: false })
    expect(await ask(`${url}/tenants/acme/access/v1/evaluation`, page)).toMatchObject({ code: 'E_TENANT' })
  })
})
