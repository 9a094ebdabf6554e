import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parsePolicies } from '../../src/policy/index.ts'
import { cli, folder } from './support.ts'

const policies = JSON.stringify([
  { id: 'editors', evaluator_type: 'rbac', action_match: ['read', 'write'], subject_match: { roles: ['editor'] } },
  {
    id: 'no-robots',
    evaluator_type: 'rbac',
    effect: 'deny',
    priority: 10,
    resource_match: { level: 3 },
    conditions: { a: 1 },
  },
])

const yaml = `# Imported from open-guard.

version: 1
roles: { editor: [] }
chain: { repeats: true }
sets:
  rbac:
    algorithm: priority
    rules:
      - id: editors
        allow: [ read, write ]
        to: { role: editor }

      - id: no-robots
        deny: "*"
        when:
          resource.level: { eq: 3, otherwise: false }
          subject.roles: { neq: [], otherwise: false }
        priority: 10
combine: any
`
const warning =
  'warning  open-guard ignores "a" in the conditions of rbac policies in rule "no-robots"; the rule does not ask for it  W_IMPORT\n'

describe('sallyport import', () => {
  it('writes our policies to standard output, and warnings to standard error', async () => {
    const cwd = await folder({ 'og.json': policies })
    const { code, stdout, stderr } = await cli(['import', 'open-guard', 'og.json'], { cwd })
    expect({ code, stdout }).toEqual({ code: 0, stdout: yaml })
    expect(stderr).toMatch(/^og\.json:1:\d+ {2}warning/)
    expect(stderr.endsWith(warning)).toBe(true)
    expect(parsePolicies(stdout).diagnostics).toEqual([])
  })

  it('writes them to a file, or as JSON', async () => {
    const cwd = await folder({})
    const argv = ['import', 'open-guard', '-', '-o', 'out.yaml']
    const { code, stdout } = await cli(argv, { cwd, stdin: policies })
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'out.yaml: 2 rules, 1 set (1 warning)\n' })
    expect(await readFile(join(cwd, 'out.yaml'), 'utf8')).toBe(yaml)
    const json = await cli(['import', 'open-guard', '-', '--json'], { cwd, stdin: policies })
    expect(JSON.parse(json.stdout)).toMatchObject({ version: 1, roles: { editor: [] }, combine: 'any' })
  })

  it('tells every mistake, and writes nothing', async () => {
    const cwd = await folder({ 'og.yaml': '- { id: a, evaluator_type: rbac, priority: x }\n- { id: b }\n' })
    const { code, stdout, stderr } = await cli(['import', 'open-guard', 'og.yaml', '-o', 'out.yaml'], { cwd })
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toMatch(
      /^og\.yaml:1:44 {2}error {2}a priority cannot be the string "x".*E_PRIORITY\nog\.yaml:2:3 .*E_MISSING\n/,
    )
    await expect(readFile(join(cwd, 'out.yaml'))).rejects.toMatchObject({ code: 'ENOENT' })
  })

  it('chooses a tenant', async () => {
    const two = JSON.stringify([
      { id: 'a', evaluator_type: 'rbac', tenant_id: 'acme' },
      { id: 'b', evaluator_type: 'rbac', tenant_id: 'bolt' },
    ])
    const chosen = await cli(['import', 'open-guard', '-', '--tenant', 'bolt'], { stdin: two })
    expect(chosen.stdout).toContain('tenant: bolt')
    expect((await cli(['import', 'open-guard', '-'], { stdin: two })).stderr).toContain(
      'of several tenants: "acme", "bolt"',
    )
  })

  it.each([
    [[], 'import needs a dialect and a file: sallyport import open-guard policies.json -o policies.yaml'],
    [['open-guard'], 'import needs a dialect and a file: sallyport import open-guard policies.json -o policies.yaml'],
    [['openguard', 'x'], 'unknown dialect "openguard"; did you mean "open-guard"?'],
    [['open-guard', 'x', 'y'], 'unexpected argument "y"; see sallyport import --help'],
  ])('%j is wrong usage', async (argv, message) => {
    expect(await cli(['import', ...argv])).toEqual({ code: 2, stdout: '', stderr: `error: ${message}  E_USAGE\n` })
  })
})
