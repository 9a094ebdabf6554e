/** The command that replays vectors: what it prints, and when it fails. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { chooseRunner } from '../../../scripts/vectors/choose.ts'
import { replayFolders } from '../../../scripts/vectors/replay.ts'
import type { Runner } from '../../../scripts/vectors/runner.ts'
import { api } from './api.ts'

async function folderWith(files: Readonly<Record<string, unknown>>): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'sallyport-vectors-'))
  onTestFinished(() => rm(path, { recursive: true, force: true }))
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(path, name)), { recursive: true })
    await writeFile(join(path, name), typeof content === 'string' ? content : JSON.stringify(content))
  }
  return path
}

async function replay(folders: readonly string[], choose = chooseRunner) {
  const lines: string[] = []
  const { code } = await replayFolders(folders, { api, chooseRunner: choose, print: (line) => lines.push(line) })
  return { code, lines }
}

const source = 'open-guard-python 0.12.5'
const good = {
  name: 'good',
  now: '2026-04-15T10:00:00Z',
  setup: { policies: [{ id: 'p', evaluator_type: 'rbac', action_match: 'read', subject_match: { roles: ['r'] } }] },
  request: {
    subject: { id: 'u', actor_type: 'user', attributes: { roles: ['r'] } },
    action: { name: 'read' },
    resource: { id: 'r1', resource_type: 'document', attributes: {} },
  },
  expected: { status: 'allowed', evaluations: [{ evaluator: 'rbac', allowed: true, matched_policies: ['p'] }] },
}
const otherStatus = { ...good, name: 'status', expected: { ...good.expected, status: 'denied' } }
const otherVote = {
  ...good,
  name: 'vote',
  expected: { status: 'allowed', evaluations: [{ evaluator: 'rbac', allowed: true, matched_policies: ['p', 'q'] }] },
}
const lookAhead = {
  ...good,
  name: 'look-ahead',
  setup: {
    policies: [{ id: 'p', evaluator_type: 'abac', conditions: { 'subject.a': { op: 'regex', value: '(?=a)' } } }],
  },
}

describe('replaying', () => {
  test('a line a file, what fails with request, expected and got, what is skipped with the reason', async () => {
    const folder = await folderWith({
      'open-guard/rbac.json': { source, cases: [good, otherStatus, otherVote, lookAhead] },
      'open-guard/other.json': { source, cases: [{ name: 'a' }, { name: 'b' }] },
      'agt/x.json': { source: 'agent-os-kernel 3.7.0', cases: [{ name: 'a' }] },
      'schemas/y.json': { type: 'object' },
    })
    const { code, lines } = await replay([folder])
    expect(code).toBe(1)
    expect(lines.map((line) => line.replace(/(request {2}).*/, '$1…'))).toEqual([
      'agt/x.json: no runner',
      'open-guard/other.json: no runner',
      'open-guard/rbac 1/4, 1 skipped',
      '  FAILED status',
      '    request  …',
      `    expected ${JSON.stringify(otherStatus.expected)}`,
      `    got      ${JSON.stringify(good.expected)}`,
      '  FAILED vote',
      '    request  …',
      `    expected ${JSON.stringify(otherVote.expected)}`,
      `    got      ${JSON.stringify(good.expected)}`,
      expect.stringMatching(/^ {2}skipped look-ahead: "\(\?=a\)…" is not supported/),
      'schemas/y.json: no runner',
      '1 passed, 2 failed, 4 skipped',
    ])
    expect(lines[4]).toContain('"subject":{"id":"u"')
  })

  test('all well is code 0', async () => {
    const folder = await folderWith({ 'open-guard/rbac.json': { source, cases: [good] } })
    expect(await replay([folder])).toEqual({ code: 0, lines: ['open-guard/rbac 1/1', '1 passed, 0 failed, 0 skipped'] })
  })

  test('a folder without a case fails', async () => {
    const empty = await folderWith({ 'open-guard/rbac.json': { source, cases: [] } })
    const full = await folderWith({ 'open-guard/rbac.json': { source, cases: [good] } })
    const { code, lines } = await replay([full, empty])
    expect(code).toBe(1)
    expect(lines.slice(-2)).toEqual([`${empty}: no cases`, '1 passed, 0 failed, 0 skipped'])
  })

  test('a case that throws fails, and the others go on', async () => {
    const runner: Runner = async ({ name }) => {
      if (name === 'bad') throw new RangeError('two\nlines')
      return { kind: 'passed' }
    }
    const folder = await folderWith({ 'f.json': { source: 'x', cases: [{ name: 'bad' }, { name: 'fine' }] } })
    const { code, lines } = await replay([folder], () => runner)
    expect([code, lines.at(-1), lines.at(-2)]).toEqual([
      1,
      '1 passed, 1 failed, 0 skipped',
      '    got      RangeError: two\n      lines',
    ])
  })
})

const store = (assertion: boolean, condition = '') => `
model: |
  model
    schema 1.1
  type user
  type document
    relations
      define viewer: [user${condition && ' with now'}]
${condition}
tuples:
  - { user: "user:ann", relation: viewer, object: "document:d1"${condition && ', condition: { name: now }'} }
tests:
  - name: t
    check:
      - { user: "user:ann", object: "document:d1", context: { at: "2026-01-02T00:00:00Z" }, assertions: { viewer: ${assertion} } }
`

describe('OpenFGA stores', () => {
  test('each assertion is a case', async () => {
    const folder = await folderWith({ 's/good.fga.yaml': store(true), 's/bad.fga.yaml': store(false) })
    const { code, lines } = await replay([folder])
    expect(code).toBe(1)
    expect(lines).toContain('s/good.fga.yaml 1/1')
    expect(lines).toContain('s/bad.fga.yaml 0/1')
    expect(lines.at(-1)).toBe('1 passed, 1 failed, 0 skipped')
  })

  test('one with conditions in CEL is replayed as the others', async () => {
    const cel = '  condition now(at: timestamp) {\n    at > timestamp("2026-01-01T00:00:00Z")\n  }'
    const { code, lines } = await replay([await folderWith({ 's/cel.fga.yaml': store(true, cel) })])
    expect([code, lines.at(-1)]).toEqual([0, '1 passed, 0 failed, 0 skipped'])
  })
})
