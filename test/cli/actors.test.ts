/** --on-behalf-of, --state and --untrusted. */
import { expect, test } from 'vitest'
import { cli, folder } from './support.ts'

const policies = `
version: 1
rules:
  - id: for-a-user
    allow: read
    chain: { root: { type: user, id: ann }, depth: 2 }
    when: { state.task.level: { gte: 2 }, context.zone: { eq: eu, trusted: true } }
`
const asked = ['-p', 'p.yaml', '-s', 'agent:worker', '-a', 'read', '-r', 'doc:d1', '--context', 'zone=eu']
const chain = ['--on-behalf-of', 'agent:planner', '--on-behalf-of', 'user:ann']
const state = ['--state', 'task.level=2']

test('the subject acts for the first, that one for the second', async () => {
  const cwd = await folder({ 'p.yaml': policies })
  expect(await cli(['evaluate', ...asked, ...chain, ...state], { cwd })).toMatchObject({
    code: 0,
    stdout: 'allow   rule for-a-user\n',
  })
  expect((await cli(['evaluate', ...asked, ...chain.slice(2), ...state], { cwd })).code).toBe(3)
  expect((await cli(['evaluate', ...asked, ...chain], { cwd })).code).toBe(3)
})

test('marks show in the explanation', async () => {
  const cwd = await folder({ 'p.yaml': policies })
  const { code, stdout } = await cli(['explain', ...asked, ...chain, ...state, '--untrusted', 'context'], { cwd })
  expect(code).toBe(3)
  expect(stdout).toContain('? context.zone eq "eu"  context.zone is "eu"; context.zone is marked as untrusted')
})

test('state and marks go with requests from files', async () => {
  const request = {
    subject: {
      type: 'agent',
      id: 'worker',
      delegation_chain: [
        { type: 'user', id: 'ann' },
        { type: 'agent', id: 'p' },
      ],
    },
    action: { name: 'read' },
    resource: { type: 'doc', id: 'd1' },
    context: { zone: 'eu' },
  }
  const cwd = await folder({ 'p.yaml': policies, 'r.json': JSON.stringify(request) })
  expect((await cli(['evaluate', '-p', 'p.yaml', 'r.json', ...state], { cwd })).code).toBe(0)
  expect(
    (await cli(['evaluate', '-p', 'p.yaml', 'r.json', ...state, '--untrusted', 'context.zone'], { cwd })).code,
  ).toBe(3)
})

test.each([
  [['--on-behalf-of', 'ann'], '--on-behalf-of ann: write TYPE:ID, such as user:alice'],
  [['--state', 'level'], '--state level: write session.id=s1'],
  [['--untrusted', 'user.name'], 'untrusted: nothing of a request is called "user.name"'],
])('%j', async (flags, message) => {
  const cwd = await folder({ 'p.yaml': policies })
  const { code, stderr } = await cli(['evaluate', ...asked, ...flags], { cwd })
  expect(code).toBe(2)
  expect(stderr).toContain(message)
})
