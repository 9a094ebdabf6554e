import { writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { verifyWebhook } from '../../src/service/events/index.ts'
import { cli, folder, startCli, until, type World } from './support.ts'

const policies = (effect: string) => `version: 1\ntenant: acme\nrules:\n  - { id: a, ${effect}: read }\n`
const page = { subject: { type: 'user', id: 'a' }, action: { name: 'read' }, resource: { type: 'page', id: 'p' } }
const secret = `whsec_${Buffer.from('0123456789012345678901234567').toString('base64')}`

async function start(argv: readonly string[], world: World) {
  const service = startCli(['serve', 'p.yaml', '--watch', '--port', '0', ...argv], world)
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
const ask = (url: string, headers: object = {}) =>
  fetch(`${url}/access/v1/evaluation`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...headers },
    body: JSON.stringify(page),
  })

it('streams decisions and new policies to callers, and ends streams when it stops', async () => {
  const cwd = await folder({ 'p.yaml': policies('allow') })
  const { stdout } = await cli(['key', 'create', 'pep', '--tenant', 'acme', '--keys', 'keys.json'], { cwd })
  const key = { Authorization: `Bearer ${stdout.trim()}` }
  const { url, stop, ended } = await start(['--keys', 'keys.json', '--events'], { cwd })
  expect((await fetch(`${url}/v1/events`)).status).toBe(401)
  const stream = await fetch(`${url}/v1/events`, { headers: key })
  let text = ''
  const reading = (async () => {
    for await (const chunk of stream.body ?? []) text += new TextDecoder().decode(chunk)
  })()
  await ask(url, key)
  await writeFile(join(cwd, 'p.yaml'), policies('deny'))
  await until(
    () => text,
    (seen) => seen.includes('event: sallyport.policies.replaced.v1'),
  )
  expect(text).toMatch(/event: sallyport.decision.v1\ndata: .*"caller":\{"type":"service","id":"pep"\}/)
  const before = performance.now()
  stop()
  expect((await ended).code).toBe(0)
  await reading
  expect(performance.now() - before).toBeLessThan(3000)
})

it('posts what happens, signed', async () => {
  const got: { body: string; headers: Record<string, unknown> }[] = []
  const receiver = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request) body += chunk
    got.push({ body, headers: request.headers })
    response.writeHead(204).end()
  })
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    receiver.closeAllConnections()
    receiver.close()
  })
  const cwd = await folder({ 'p.yaml': policies('allow') })
  const hook = `http://127.0.0.1:${(receiver.address() as { port: number }).port}/hook`
  const { url } = await start(['--webhook', hook], { cwd, env: { SALLYPORT_WEBHOOK_SECRET: secret } })
  await ask(url)
  await until(
    () => got.length,
    (count) => count === 1,
  )
  const [{ body, headers } = { body: '', headers: {} }] = got
  const at = Number(headers['webhook-timestamp']) * 1000
  await verifyWebhook({ header: (name) => headers[name] as string, body }, secret, at)
  expect(JSON.parse(body)).toMatchObject({ type: 'sallyport.decision.v1', data: { decision: true } })
  expect((await fetch(`${url}/v1/events`)).status).toBe(404)
})

it.each([
  [['--events'], {}, '--events needs --keys or --auth'],
  [['--webhook', 'https://example.com/'], {}, '--webhook needs SALLYPORT_WEBHOOK_SECRET'],
  [['--webhook', 'https://example.com/'], { SALLYPORT_WEBHOOK_SECRET: 'x' }, 'a webhook secret is whsec_'],
  [['--webhook', 'http://example.com/'], { SALLYPORT_WEBHOOK_SECRET: secret }, 'must begin with https://'],
])('%j with %j does not start', async (argv, env, message) => {
  const cwd = await folder({ 'p.yaml': policies('allow') })
  const { code, stderr } = await cli(['serve', 'p.yaml', '--port', '0', ...argv], {
    cwd,
    env: env as Record<string, string>,
  })
  expect(code).not.toBe(0)
  expect(stderr).toContain(message)
})
