import { describe, expect, it } from 'vitest'
import { cli, folder, open, records, twoTenants } from './support.ts'

const wrong = 'version: 1\nrules:\n  - id: a\n    alow: read\n'

describe('sallyport check', () => {
  it('accepts valid policies', async () => {
    expect(await cli(['check', records])).toEqual({
      code: 0,
      stdout: 'ok: 9 rules, 1 set, 1 tenant in 3 files\n',
      stderr: '',
    })
    const cwd = await folder(twoTenants)
    expect((await cli(['check', '.'], { cwd })).stdout).toBe('ok: 2 rules, 2 sets, 2 tenants in 2 files\n')
  })

  it("reads models in OpenFGA's language", async () => {
    const model = 'model\n    schema 1.1\n  type user\n  type doc\n    relations\n      define viewer: [user]'
    const rule = '{ id: view, allow: view, on: doc, to: { relation: viewer } }'
    const stdin = `version: 1\nrelations: |\n  ${model}\nrules: [${rule}]\n`
    expect((await cli(['check', '-'], { stdin })).stdout).toBe('ok: 1 rule, 1 set, 1 tenant in 1 file\n')
  })

  it('prints each mistake on a line of its own, then their number', async () => {
    const { code, stdout } = await cli(['check', '-'], { stdin: wrong })
    const lines = stdout.trimEnd().split('\n')
    expect(code).toBe(1)
    expect(lines.at(-1)).toBe(`${lines.length - 1} error${lines.length === 2 ? '' : 's'} in 1 file`)
    expect(lines[0]).toMatch(/^<stdin>:\d+:\d+ {2}error {2}.*"alow".* {2}E_[A-Z_]+$/)
  })

  it('reads a file once, by whichever path it is named', async () => {
    const cwd = await folder({ 'p/open.yaml': open })
    const { code, stdout } = await cli(['check', 'p', 'p/open.yaml', './p/../p/'], { cwd })
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'ok: 1 rule, 1 set, 1 tenant in 1 file\n' })
  })

  it('lets warnings pass, unless --strict', async () => {
    const stdin = 'version: 1\n'
    const lax = await cli(['check', '-'], { stdin })
    expect(lax.code).toBe(0)
    expect(lax.stdout).toMatch(/warning .*W_NO_RULES\nok: 0 rules, 0 sets, 1 tenant in 1 file \(1 warning\)\n$/)
    const strict = await cli(['check', '--strict', '-'], { stdin })
    expect(strict.code).toBe(1)
    expect(strict.stdout).toMatch(/W_NO_RULES\n1 warning in 1 file\n$/)
  })

  it('prints JSON', async () => {
    const good = await cli(['check', '--json', records])
    expect(good.code).toBe(0)
    expect(JSON.parse(good.stdout)).toEqual({
      ok: true,
      diagnostics: [],
      summary: { files: 3, errors: 0, warnings: 0, rules: 9, sets: 1, tenants: ['default'] },
    })
    const bad = await cli(['check', '--json', '-'], { stdin: wrong })
    const { ok, diagnostics, summary } = JSON.parse(bad.stdout)
    expect([bad.code, ok, summary.errors]).toEqual([1, false, diagnostics.length])
    expect(diagnostics[0]).toMatchObject({ severity: 'error', place: { file: '<stdin>', line: expect.any(Number) } })
  })

  it('says which file cannot be read', async () => {
    const cwd = await folder({ 'notes.txt': 'no policies here' })
    expect(await cli(['check', 'none'], { cwd })).toEqual({
      code: 1,
      stdout: '',
      stderr: `error: ${cwd}/none does not exist  E_FILE\n`,
    })
    expect((await cli(['check', '.'], { cwd })).stderr).toContain('holds no .yaml, .yml or .json file  E_FILE')
    const notText = await cli(['check', '-'], { stdin: [Uint8Array.of(0xff, 0xfe)] })
    expect(notText).toMatchObject({ code: 1, stderr: 'error: standard input is not valid UTF-8  E_FILE\n' })
  })

  it('tells the mistakes of the files that can be read beside one that cannot', async () => {
    const cwd = await folder({ 'a.yaml': wrong, 'b.yaml': 'version: 1\nrules: [{ id: b, allow: read }]\n' })
    const { code, stdout, stderr } = await cli(['check', 'none', 'a.yaml', 'b.yaml', 'nothing'], { cwd })
    expect(code).toBe(1)
    expect(stdout).toContain(`${cwd}/a.yaml:4:5  error  unknown key "alow"`)
    expect(stderr).toBe(`error: ${cwd}/none does not exist  E_FILE\nerror: ${cwd}/nothing does not exist  E_FILE\n`)
    const json = await cli(['check', 'none', 'b.yaml', '--json'], { cwd })
    expect(JSON.parse(json.stdout)).toMatchObject({
      ok: false,
      diagnostics: [],
      summary: { rules: 1 },
      error: { code: 'E_FILE', message: `${cwd}/none does not exist` },
    })
    expect(await cli(['check', 'none', 'b.yaml'], { cwd })).toMatchObject({ code: 1, stdout: '' })
  })

  it('warns of rules that never decide', async () => {
    const stdin = 'version: 1\nrules:\n  - { id: none, deny: "*" }\n  - { id: travel, allow: "travel:*" }\n'
    const { code, stdout } = await cli(['check', '-'], { stdin })
    expect(code).toBe(0)
    expect(stdout).toBe(
      '<stdin>:4:5  warning  rule "travel" can never decide: "none" denies what it allows; remove it, or narrow "none"  W_SHADOWED\nok: 2 rules, 1 set, 1 tenant in 1 file (1 warning)\n',
    )
    const { diagnostics } = JSON.parse((await cli(['check', '-', '--json'], { stdin })).stdout)
    expect(diagnostics).toMatchObject([{ severity: 'warning', code: 'W_SHADOWED', rule: 'travel', place: { line: 4 } }])
  })

  it('shows what rules and patterns cost at most', async () => {
    const stdin = `version: 1
rules:
  - id: structured
    allow: read
    when: { context.l: { any_matches: { item.x: 1 } }, context.a: { regex: "^a+$" } }
  - id: cel
    allow: read
    when: context.items.exists(i, i.name.matches("^b+$")) && context.n + 1.0 > 2.0
  - { id: target, allow: "*:list?all" }
  - { id: nothing, allow: write }
`
    const text = await cli(['check', '--cost', '-'], { stdin })
    expect(text.code).toBe(0)
    expect(text.stdout.split('\n').slice(1)).toEqual([
      '<stdin>:3:5  structured  2 + 2 × |context.a| + 5 × |context.l|',
      '<stdin>:6:5  cel  7 + 4 × |context.items| + 2 × |context.items[]| × |context.items|',
      '<stdin>:9:5  target  16 × |action.name|',
      'glob "*:list?all"  2 steps a byte',
      'regex "^a+$"  table of 4 states, 0.25 steps a byte',
      'regex "^b+$"  table of 4 states, 0.25 steps a byte',
      '',
    ])
    const { costs, patterns } = JSON.parse((await cli(['check', '--cost', '--json', '-'], { stdin })).stdout)
    expect(costs).toHaveLength(3)
    expect(costs[2]).toEqual({ rule: 'target', place: '<stdin>:9:5', steps: '16 × |action.name|' })
    expect(patterns[1]).toMatchObject({ kind: 'regex', source: '^a+$', form: 'table', stepsPerByte: 0.25 })
    expect(JSON.parse((await cli(['check', '--json', '-'], { stdin })).stdout)).not.toHaveProperty('costs')
  })

  it('prints what an editor needs', async () => {
    const { stdout } = await cli(['check', '--json', '-'], { stdin: wrong })
    const [diagnostic] = JSON.parse(stdout).diagnostics
    const range = { start: wrong.indexOf('alow'), end: wrong.indexOf('alow') + 4 }
    expect(diagnostic).toMatchObject({
      place: { range },
      suggestion: 'allow',
      fix: { title: 'write allow', edits: [{ range, text: 'allow' }] },
    })
  })
})
