/** Two services in processes of their own, over one store. Needs `npm run build`. */
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, it, onTestFinished, vi } from 'vitest'
import { answerOf, type Client, createClient, type ServiceError } from '../../src/client/index.ts'
import { cli, folder } from './support.ts'

const main = fileURLToPath(new URL('../../dist/src/cli/main.js', import.meta.url))

async function serveIn(cwd: string): Promise<Client> {
  const argv = ['serve', 'p.yaml', '--store', 'sqlite:g.db', '--port', '0']
  const child = spawn(process.execPath, [main, ...argv], { cwd })
  onTestFinished(() => void child.kill('SIGKILL'))
  let written = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      written += text
    })
  }
  const ready = () => expect(written).toContain('Ctrl-C stops it')
  await vi.waitFor(ready, { timeout: 30_000, interval: 50 })
  return createClient({ url: /at (http:\S+)/.exec(written)?.[1] ?? '' })
}

const policies = `
version: 1
roles: { editor: [] }
entities:
  subjects:
    - { type: user, id: ann, roles: [editor] }
rules:
  - { id: people, allow: 'travel:*', on: trip, to: { type: user } }
  - { id: edit, allow: edit, to: { role: editor } }
`
const ann = { type: 'user', id: 'ann' }
const expires_at = '2099-05-01T13:00:00Z'

it('make one session and one task for one key', async () => {
  const cwd = await folder({ 'p.yaml': policies })
  expect(await cli(['db', 'init', 'g.db'], { cwd })).toMatchObject({ code: 0 })
  const services = await Promise.all([serveIn(cwd), serveIn(cwd)])
  const params = { header: { 'idempotency-key': 'k' } }
  const begin =
    (roles: string[]) =>
    (service: Client): Promise<{ id: string }> =>
      answerOf(service.POST('/v1/sessions', { params, body: { subject: ann, roles, expires_at } }))
  const work =
    (title: string) =>
    (service: Client): Promise<{ id: string }> =>
      answerOf(
        service.POST('/v1/tasks', {
          params,
          body: { owner: ann, scopes: [{ actions: 'travel:*', on: 'trip' }], expires_at, title },
        }),
      )
  // Both at once, several times over, and then the other way round.
  const round = [...services, ...services, ...services.toReversed()]
  for (const [same, other] of [
    [begin(['editor']), begin(['editor', 'editor'])],
    [work('Rome'), work('Oslo')],
  ] as const) {
    const [first, ...more] = await Promise.all(round.map(same))
    expect(first?.id).toMatch(/^(ses|tsk)_/)
    for (const one of more) expect(one).toEqual(first)
    for (const service of services) {
      const error: ServiceError = await other(service).catch((error) => error)
      expect([error.status, error.problem?.code]).toEqual([409, 'E_IDEMPOTENCY'])
    }
  }
}, 60_000)
