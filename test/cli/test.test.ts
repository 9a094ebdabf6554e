import { describe, expect, it } from 'vitest'
import { cli, folder } from './support.ts'

const model = 'model\n  schema 1.1\ntype user\ntype note\n  relations\n    define reader: [user]\n'
const store = (reader: boolean) =>
  [
    'name: Notes',
    'model_file: model.fga',
    'tuple_file: tuples.yaml',
    'tests:',
    '  - name: readers',
    `    check: [{ user: user:ann, object: note:1, assertions: { reader: ${reader} } }]`,
    '    list_objects: [{ user: user:ann, type: note, assertions: { reader: [note:1] } }]',
  ].join('\n')
const files = { 'model.fga': model, 'tuples.yaml': '- { user: user:ann, relation: reader, object: note:1 }' }

describe('sallyport test', () => {
  it('runs a store and the files that it names', async () => {
    const cwd = await folder({ ...files, 's/good.fga.yaml': store(true).replaceAll(/file: (\S+)/g, 'file: ../$1') })
    expect(await cli(['test', 's/good.fga.yaml'], { cwd })).toEqual({
      code: 0,
      stdout: 'ok      s/good.fga.yaml (Notes): 2 of 2\n2 passed, 0 failed\n',
      stderr: '',
    })
  })

  it('shows what fails, and exits with 1', async () => {
    const cwd = await folder({ ...files, 'good.fga.yaml': store(true), 'bad.fga.yaml': store(false) })
    const { code, stdout } = await cli(['test', 'good.fga.yaml', 'bad.fga.yaml'], { cwd })
    expect(code).toBe(1)
    expect(stdout).toBe(
      [
        'ok      good.fga.yaml (Notes): 2 of 2',
        'failed  bad.fga.yaml (Notes): 1 of 2',
        '  readers: check user:ann reader note:1',
        '    expected false',
        '    got      true',
        '3 passed, 1 failed\n',
      ].join('\n'),
    )
  })

  it('prints JSON', async () => {
    const cwd = await folder({ ...files, 'bad.fga.yaml': store(false) })
    const { code, stdout } = await cli(['test', '--json', 'bad.fga.yaml'], { cwd })
    expect(code).toBe(1)
    const { stores, ...counts } = JSON.parse(stdout)
    expect(counts).toEqual({ passed: 1, failed: 1, skipped: 0 })
    expect(stores[0].results[0]).toEqual({
      test: 'readers',
      kind: 'check',
      asked: 'user:ann reader note:1',
      expected: false,
      got: true,
      passed: false,
    })
  })

  it('compiles the conditions of the model', async () => {
    const cel = `${model.replace('[user]', '[user with near]')}condition near(x: int) {\n  x < 3\n}\n`
    const tuples = (x: number) =>
      `- { user: user:ann, relation: reader, object: note:1, condition: { name: near, context: { x: ${x} } } }`
    const near = await folder({ 'model.fga': cel, 'tuples.yaml': tuples(2), 's.fga.yaml': store(true) })
    expect((await cli(['test', 's.fga.yaml'], { cwd: near })).stdout).toContain('2 passed, 0 failed')
    const far = await folder({ 'model.fga': cel, 'tuples.yaml': tuples(3), 's.fga.yaml': store(true) })
    expect((await cli(['test', 's.fga.yaml'], { cwd: far })).stdout).toContain('0 passed, 2 failed')
  })

  it("runs SpiceDB's validation files, and says what is not covered", async () => {
    const file = (permission: string) =>
      [
        'schema: |',
        '  definition user {}',
        '  definition note {',
        '    relation owner: user',
        `    permission read = ${permission}`,
        '  }',
        'relationships: note:1#owner@user:ann',
        'assertions: { assertTrue: ["note:1#read@user:ann"], assertFalse: ["note:1#read@user:bob"] }',
      ].join('\n')
    const cwd = await folder({
      'a.yaml': file('owner'),
      'b.yaml': file('owner + owner.all(read)'),
      'c.yaml': file('('),
    })
    expect(await cli(['test', 'a.yaml', 'b.yaml'], { cwd })).toMatchObject({
      code: 0,
      stdout: [
        'ok      a.yaml: 2 of 2',
        'skipped b.yaml: not covered',
        '  note#read: owner.all(read): an intersection of arrows',
        '2 passed, 0 failed, 1 skipped\n',
      ].join('\n'),
    })
    expect((await cli(['test', 'c.yaml'], { cwd })).stderr).toMatch(/c\.yaml is no validation file: line 5.*E_FILE/)
  })

  it('does not pass where nothing is asserted', async () => {
    const schema = 'schema: "definition user {}"'
    const cwd = await folder({
      'none.yaml': schema,
      'some.yaml': `${schema}\nassertions: { assertTrue: [] }`,
      'read.yaml':
        'schema: "definition user {} definition note { relation r: user }"\nrelationships: "note:1#r@user:ann"\nassertions: { assertTrue: ["note:1#r@user:ann"] }',
    })
    expect(await cli(['test', 'none.yaml', 'some.yaml'], { cwd })).toMatchObject({
      code: 1,
      stdout: [
        'empty   none.yaml: it asserts nothing, so nothing is tested',
        'empty   some.yaml: it asserts nothing, so nothing is tested',
        '0 passed, 0 failed\n',
      ].join('\n'),
    })
    expect(await cli(['test', 'none.yaml', 'read.yaml'], { cwd })).toMatchObject({ code: 0 })
  })

  it('does not pass over a schema with mistakes', async () => {
    const schema = (body: string) => JSON.stringify({ schema: `definition user {} definition note { ${body} }` })
    const cwd = await folder({
      'a.yaml': schema('relation owner: user permission read = ownr'),
      'b.yaml': 'schema: [\n',
      'c.yaml': '{ "schema": "", "assertion": {} }',
      'd.fga.yaml': 'model: "x"\nchecks: []\n',
    })
    const failing = async (file: string) => {
      const { code, stderr, stdout } = await cli(['test', file], { cwd })
      expect([code, stdout]).toEqual([1, ''])
      return stderr
    }
    expect(await failing('a.yaml')).toMatch(/^a\.yaml: relations\.note.*"ownr".*E_RELATION$/m)
    const lines = (await failing('b.yaml')).trimEnd().split('\n')
    expect(lines).toHaveLength(1)
    expect(lines[0]).toMatch(/b\.yaml is not valid YAML: .* at line 2, column 1 {2}E_FILE$/)
    expect(await failing('c.yaml')).toMatch(/c\.yaml is no validation file: unknown key "assertion".*"assertions"\?/)
    expect(await failing('d.fga.yaml')).toMatch(/d\.fga\.yaml is no store file: unknown key "checks" in a store file/)
  })

  it('names files that are not there, or no stores, and models with mistakes', async () => {
    const cwd = await folder({
      's.fga.yaml': 'model_file: none.fga',
      'x.fga.yaml': '[]',
      'm.fga.yaml': 'model: "model\\n  schema 1.1\\ntype a\\n  relations\\n    define b: [c]\\n"',
    })
    expect((await cli(['test'], { cwd })).code).toBe(2)
    expect((await cli(['test', 's.fga.yaml'], { cwd })).stderr).toMatch(/none\.fga.*E_FILE/)
    expect((await cli(['test', 'x.fga.yaml'], { cwd })).stderr).toMatch(/x\.fga\.yaml is no store file.*E_FILE/)
    expect(await cli(['test', 'm.fga.yaml'], { cwd })).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/"c".*E_RELATION/),
    })
  })
})
