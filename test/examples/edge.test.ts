/** examples/edge as its readers run it: real workerd, with its KV, R2 and Durable Objects, under `wrangler dev`. */
import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { withWorker } from '../runtimes/wrangler.mjs'

const edge = 'examples/edge/edge/wrangler.jsonc'
const budgets = 'examples/edge/budgets/wrangler.jsonc'
const run = promisify(execFile)
const env = { ...process.env, WRANGLER_SEND_METRICS: 'false', NO_COLOR: '1' }
const node = (...args: string[]) => run(process.execPath, args, { env })
const wrangler = (...args: string[]) => node('node_modules/wrangler/bin/wrangler.js', ...args)
const sallyport = (...args: string[]) => node('dist/src/cli/main.js', ...args)

const issuer = await generateKeyPair('ES256')
const tokenOf = (claims: object, key = issuer.privateKey) =>
  new SignJWT({ ...claims })
    .setProtectedHeader({ alg: 'ES256', kid: 'k' })
    .setIssuer('https://as.example.com')
    .setAudience('https://cdn.example.com')
    .setExpirationTime('1h')
    .sign(key)

let folder = ''
let origin: Server
let keys = ''

/** Answers with what came, and the issuer's keys. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sallyport-edge-'))
  const jwk = { ...(await exportJWK(issuer.publicKey)), kid: 'k', alg: 'ES256' }
  origin = createServer((request, response) => {
    const body = request.url === '/jwks' ? { keys: [jwk] } : { came: request.url, token: request.headers.authorization }
    response.setHeader('Content-Type', 'application/json').end(JSON.stringify(body))
  })
  await new Promise<void>((resolve) => origin.listen(0, '127.0.0.1', resolve))
  await node('examples/edge/make-keys.mjs', folder)
  keys = await readFile(join(folder, 'bundle-keys.json'), 'utf8')
})

afterAll(async () => {
  origin.close()
  await rm(folder, { recursive: true, force: true })
})

const file = (name: string) => join(folder, name)

async function build(revision: number, policies = 'examples/edge/policies.yaml', key = file('signing.jwk')) {
  const output = file(`${revision}.bundle`)
  const names = ['--revision', String(revision), '--name', 'cdn', '--key', key, '-o', output]
  await sallyport('bundle', 'build', '-p', policies, ...names)
  return output
}

/** Publishes a bundle where `wrangler dev` keeps its state. */
async function publish(to: 'kv' | 'r2', bundle: string, state: string) {
  const where = ['--local', '--persist-to', state, '--config', edge]
  if (to === 'kv') await wrangler('kv', 'key', 'put', 'cdn.bundle', '--path', bundle, '--binding', 'POLICIES', ...where)
  else await wrangler('r2', 'object', 'put', 'policies/cdn.bundle', '--file', bundle, ...where)
}

function serve<T>(from: 'kv' | 'r2', state: string, use: (url: string) => Promise<T>): Promise<T> {
  const at = `http://127.0.0.1:${(origin.address() as AddressInfo).port}`
  const vars = { POLICIES_IN: from, BUNDLE_KEYS: keys, ORIGIN: at, JWKS_URL: `${at}/jwks`, REFRESH_MS: '100' }
  const given = Object.entries(vars).flatMap(([name, value]) => ['--var', `${name}:${value}`])
  return withWorker(edge, use, '--config', budgets, '--persist-to', state, ...given)
}

async function ask(url: string, path: string, token?: string, method = 'GET') {
  const headers = token === undefined ? {} : { Authorization: `Bearer ${token}` }
  const response = await fetch(url + path, { method, headers })
  const type = response.headers.get('Content-Type')
  return { status: response.status, type, body: JSON.parse((await response.text()) || '{}') }
}

/** Until the Worker has seen what was published: a request makes it ask, the next one decides by it. */
async function untilStatus(status: number, question: () => Promise<{ status: number }>) {
  const deadline = Date.now() + 30_000
  for (;;) {
    const found = await question()
    if (found.status === status) return
    if (Date.now() > deadline) throw new Error(`waited for ${status}, and saw last ${found.status}`)
    await new Promise((resolve) => setTimeout(resolve, 150))
  }
}

describe.each(['kv', 'r2'] as const)('a Worker whose bundle is in %s', (from) => {
  test('decides at the edge, and follows what is published', { timeout: 240_000 }, async () => {
    const state = file(`state-${from}`)
    await publish(from, await build(1), state)
    const reader = await tokenOf({ sub: 'ann', roles: ['reader'] })
    const editor = await tokenOf({ sub: 'eve', roles: ['editor'] })
    const agent = await tokenOf({ sub: 'ann', act: { sub: 'crawler' } })
    const statuses = async (...questions: Parameters<typeof ask>[]) => {
      const answers = await Promise.all(questions.map((question) => ask(...question)))
      return answers.map(({ status }) => status)
    }
    await serve(from, state, async (url) => {
      expect(await ask(url, '/public/logo.svg')).toMatchObject({ status: 200, body: { came: '/public/logo.svg' } })
      expect(await ask(url, '/reports/1?page=2', reader)).toMatchObject({ body: { came: '/reports/1?page=2' } })
      expect((await ask(url, '/reports/1', reader)).body.token).toBeUndefined()
      expect(await ask(url, '/reports/1')).toMatchObject({
        status: 403,
        type: 'application/problem+json',
        body: { code: 'E_DENIED', status: 403, title: 'Forbidden' },
      })
      expect(
        await statuses(
          [url, '/reports/1', reader, 'DELETE'],
          [url, '/reports/1', editor, 'DELETE'],
          [url, '/reports/1', agent],
          [url, '/reports/drafts/1', agent],
          [url, '/reports/1', agent, 'PUT'],
        ),
      ).toEqual([403, 200, 200, 403, 403])
      // Nobody, and what can be read in two ways.
      const stranger = (await generateKeyPair('ES256')).privateKey
      expect(
        await statuses(
          [url, '/reports/1', await tokenOf({ sub: 'ann', roles: ['editor'] }, stranger)],
          [url, '/public/logo.svg', 'none.none.none'],
          [url, '/reports/1', await tokenOf({ roles: ['reader'] })],
          [url, '/public/%2e%2e%2freports/1'],
          [url, '/public//reports/1'],
          [url, '/public/1', undefined, 'OPTIONS'],
        ),
      ).toEqual([401, 401, 401, 400, 400, 405])

      const other = file('other.yaml')
      const text = await readFile('examples/edge/policies.yaml', 'utf8')
      await writeFile(other, text.replace('"/public/*"', '"/open/*"'))
      // Signed by somebody else, and older: left out.
      await node('examples/edge/make-keys.mjs', file('stranger'))
      await publish(from, await build(9, other, file('stranger/signing.jwk')), state)
      await new Promise((resolve) => setTimeout(resolve, 300))
      expect(await statuses([url, '/public/1'], [url, '/public/1'], [url, '/open/1'])).toEqual([200, 200, 403])
      await publish(from, await build(2, other), state)
      await untilStatus(200, () => ask(url, '/open/1'))
      expect(await statuses([url, '/public/1'], [url, '/open/1'])).toEqual([403, 200])
      await publish(from, await build(1), state)
      await new Promise((resolve) => setTimeout(resolve, 300))
      expect(await statuses([url, '/open/1'], [url, '/open/1'], [url, '/public/1'])).toEqual([200, 200, 403])
    })
  })
})

test('an agent has a budget of its own, and so has the next one', { timeout: 180_000 }, async () => {
  const state = file('state-budget')
  await publish('kv', await build(1), state)
  const of = (agent: string) => tokenOf({ sub: 'ann', act: { sub: agent } })
  await serve('kv', state, async (url) => {
    const [first, second] = [await of('one'), await of('two')]
    const answers = await Promise.all(Array.from({ length: 40 }, () => ask(url, '/reports/1', first)))
    // 30 in a minute, as budgets/wrangler.jsonc says, however many come at once.
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(30)
    expect(answers.find(({ status }) => status === 403)?.body).toMatchObject({ code: 'E_DENIED' })
    expect((await ask(url, '/reports/1', second)).status).toBe(200)
    expect((await ask(url, '/public/1', first)).status).toBe(403)
  })
})

test('without a good bundle nothing is served', { timeout: 180_000 }, async () => {
  const state = file('state-none')
  await serve('kv', state, async (url) => {
    const answer = await ask(url, '/public/1')
    expect(answer).toMatchObject({ status: 503, body: { code: 'E_NOT_READY' } })
    await publish('kv', await build(1), state)
    await untilStatus(200, () => ask(url, '/public/1'))
  })
})

test('both Workers are ready to be deployed, and this big', { timeout: 180_000 }, async () => {
  const sizes: string[] = []
  for (const config of [edge, budgets]) {
    const { stdout } = await wrangler('deploy', '--dry-run', '--config', config, '--outdir', file('deployed'))
    const [, total = '', gzip = ''] = /Total Upload: ([\d.]+) KiB \/ gzip: ([\d.]+) KiB/.exec(stdout) ?? []
    sizes.push(`${config}: ${total} KiB, ${gzip} KiB with gzip`)
    expect(Number(gzip)).toBeGreaterThan(40)
    expect(Number(gzip)).toBeLessThan(config === edge ? 90 : 500)
  }
  console.log(sizes.join('\n'))
})
