import { describe, expect, it } from 'vitest'
import { formatDiagnostic, loadModel, parsePolicies } from '../../../src/policy/index.ts'

function errors(...texts: string[]): string[] {
  const sources = texts.map((text, i) => ({ name: `${'abc'[i]}.yaml`, text }))
  return parsePolicies(sources).diagnostics.map(formatDiagnostic)
}

describe('several files of one tenant', () => {
  it('make one document, in the order given', () => {
    const model = loadModel([
      {
        name: 'a.yaml',
        text: `
version: 1
actions: [read, write]
roles: { admin: [editor] }
combine: all
rules: [{ id: a1, allow: read, to: { role: viewer } }]
sets: { x: { rules: [{ id: x1, deny: write }] } }`,
      },
      {
        name: 'b.json',
        text: `{ "version": 1, "actions": ["write", "pay"], "roles": { "editor": ["viewer"] }, "algorithm": "priority",
          "entities": { "subjects": [{ "type": "user", "id": "u" }] },
          "rules": [{ "id": "b1", "deny": "pay" }], "routes": [{ "actions": "pay", "sets": ["x", "default"] }] }`,
      },
      { version: 1, combine: 'all', rules: [{ id: 'c1', review: 'read' }] },
    ])
    expect(model.actions).toEqual(['read', 'write', 'pay'])
    expect([...model.roles.keys()]).toEqual(['admin', 'editor', 'viewer'])
    expect(model.combine).toBe('all')
    expect(model.sets.map(({ name, algorithm, rules }) => [name, algorithm, rules.map(({ id }) => id)])).toEqual([
      ['default', 'priority', ['a1', 'b1', 'c1']],
      ['x', 'deny-overrides', ['x1']],
    ])
    expect(model.routes[0]?.sets).toEqual([1, 0])
    expect(model.sets[0]?.rules[1]?.place).toMatchObject({ file: 'b.json', line: 3, column: 21 })
  })

  it('stay apart by tenant', () => {
    const { tenants } = parsePolicies([
      'version: 1\ntenant: a\nrules: [{ id: r, allow: x }]',
      'version: 1\nrules: [{ id: r, allow: x }]',
    ])
    expect([...tenants.keys()]).toEqual(['a', 'default'])
  })

  it('must not define the same thing twice', () => {
    const file = `version: 1
roles: { a: [] }
entities: { subjects: [{ type: t, id: i }] }
rules: [{ id: r, allow: x }]
sets: { s: { rules: [{ id: q, deny: x }] } }
`
    expect(errors(file, file)).toEqual([
      'b.yaml:2:10  error  the role "a" occurs twice; the first one is at a.yaml:2:10; keep one  E_DUPLICATE',
      'b.yaml:3:24  error  the subject "i" of type "t" occurs twice; the first one is at a.yaml:3:24; rename or remove one  E_DUPLICATE',
      'b.yaml:4:15  error  the rule id "r" occurs twice; the first one is at a.yaml:4:15; rename or remove one  E_DUPLICATE',
      'b.yaml:5:9  error  the set "s" occurs twice; the first one is at a.yaml:5:9; rename or remove one  E_DUPLICATE',
    ])
  })

  it('must agree on algorithm and combine', () => {
    const rules = (id: string) => `rules: [{ id: ${id}, allow: x }]`
    expect(
      errors(
        `version: 1\nalgorithm: priority\n${rules('a')}`,
        `version: 1\ncombine: any\n${rules('b')}`,
        `version: 1\nalgorithm: most-specific\ncombine: all\n${rules('c')}`,
      ),
    ).toEqual([
      'c.yaml:2:12  error  "algorithm" is most-specific here and priority at a.yaml:2:12; give it once  E_CONFLICT',
      'c.yaml:3:10  error  "combine" is all here and any at b.yaml:2:10; give it once  E_CONFLICT',
    ])
  })

  it('check names against those of all files', () => {
    expect(
      errors(
        'version: 1\nrules: [{ id: a, allow: pay, to: { role: clerk } }]',
        'version: 1\nactions: [pay]\nroles: { boss: [clerk] }',
      ),
    ).toEqual([])
    expect(errors('version: 1\nrules: [{ id: a, allow: pya }]', 'version: 1\nactions: [pay]')).toEqual([
      'a.yaml:2:25  error  unknown action "pya" in rule "a"; use "pay"  E_ACTION',
    ])
  })

  it('find a cycle of roles through several files', () => {
    expect(
      errors('version: 1\nroles: { a: [b] }\nrules: [{ id: r, deny: x }]', 'version: 1\nroles: { b: [a] }'),
    ).toEqual([
      'b.yaml:2:10  error  roles inherit one another in a circle: a → b → a; remove one of these steps  E_ROLE_CYCLE',
    ])
  })
})

describe('an inherited role that nobody defines', () => {
  const withRoles = (roles: string, rest = '') =>
    errors(`{ version: 1, roles: ${roles}, rules: [{ id: r, allow: x }]${rest} }`)

  it('is a slip when its name is almost that of a defined one', () => {
    expect(withRoles('{ temp: [contracter], contractor: [] }')).toEqual([
      'a.yaml:1:24  warning  the role "temp" inherits "contracter", which "roles" does not define; did you mean "contractor"?  W_ROLE',
    ])
    expect(withRoles('{ temp: [eidtor], editor: [] }')).toHaveLength(1)
  })

  it.each([
    ['of another name', '{ temp: [visitor], editor: [] }', ''],
    ['with another number', '{ temp: [level-2], level-1: [] }', ''],
    ['of a short name', '{ temp: [dev], dex: [] }', ''],
    [
      'that a subject holds',
      '{ temp: [editors], editor: [] }',
      ', entities: { subjects: [{ type: u, id: a, roles: [editors] }] }',
    ],
  ])('but not one %s', (_, roles, rest) => {
    expect(withRoles(roles, rest)).toEqual([])
  })
})
