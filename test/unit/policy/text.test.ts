import { describe, expect, it } from 'vitest'
import { formatDiagnostic, loadModel, parsePolicies } from '../../../src/policy/index.ts'

function errors(text: string): string[] {
  return parsePolicies({ name: 'p', text }).diagnostics.map(formatDiagnostic)
}

/** A document whose only entity has these properties. */
function properties(text: string): unknown {
  const model = loadModel(`version: 1\nentities:\n  resources:\n  - type: t\n    id: i\n    properties: ${text}\n`)
  return model.resources[0]?.properties
}

describe('YAML', () => {
  it('is 1.2 with the core schema: on, yes, dates and octal-looking numbers are what they look like', () => {
    expect(properties('{ on: yes, no: ~, date: 2026-01-31, n: 010, x: 0x1F, f: 1e3, t: true }')).toEqual({
      on: 'yes',
      no: null,
      date: '2026-01-31',
      n: 10,
      x: 31,
      f: 1000,
      t: true,
    })
  })

  it('may share parts by aliases, whose mistakes are told where they are written', () => {
    const text = `version: 1
rules:
  - { id: a, allow: read, when: &office { context.zone: { equals: office } } }
  - { id: b, allow: write, when: *office }
`
    expect(errors(text)).toEqual([
      'p:3:59  error  unknown operator "equals" in rule "a"; did you mean "eq"?  E_OPERATOR',
      'p:3:59  error  unknown operator "equals" in rule "b"; did you mean "eq"?  E_OPERATOR',
    ])
    expect(loadModel(text.replace('equals', 'eq')).sets[0]?.rules[1]?.condition).toMatchObject({ op: 'eq' })
  })

  it('refuses aliases that refer to nothing, to themselves, or to too much', () => {
    expect(errors('version: 1\ntenant: *none\n')[0]).toMatch(/^p:2:9 {2}error {2}.*(E_SYNTAX)$/)
    expect(errors('version: 1\nentities: &e { subjects: [*e] }\n')[0]).toMatch(
      /^p:2:27 .*stands inside what it refers to.*E_SYNTAX$/,
    )
    let bomb =
      'version: 1\nentities:\n  resources:\n  - type: t\n    id: i\n    properties:\n      a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n'
    for (let i = 1; i < 10; i++)
      bomb += `      a${i}: &a${i} [${Array(10)
        .fill(`*a${i - 1}`)
        .join(',')}]\n`
    expect(errors(bomb)[0]).toMatch(/the aliases stand for more than 100000 values.*E_LIMIT$/)
  })

  it('may hold several documents', () => {
    const { tenants } = parsePolicies(
      '---\nversion: 1\ntenant: a\n---\n# nothing here\n---\nversion: 1\ntenant: b\n...\n',
    )
    expect([...tenants.keys()]).toEqual(['a', 'b'])
    expect(errors('version: 1\n---\nversion: 1\nrulse: 3\n')).toContain(
      'p:4:1  error  unknown key "rulse" in a policy document; did you mean "rules"?  E_KEY',
    )
  })

  it('refuses tags and other versions', () => {
    expect(errors('version: 1\ntenant: !secret x\n')[0]).toMatch(/^p:2:9 .*E_SYNTAX$/)
    expect(errors('%YAML 1.1\n---\nversion: 1\n')).toEqual([
      'p:1:1  error  YAML 1.1 is not supported; remove the %YAML line  E_SYNTAX',
    ])
  })

  it('survives deep nesting', () => {
    for (const depth of [300, 20_000]) {
      const text = `version: 1\nrules: ${'['.repeat(depth)}${']'.repeat(depth)}\n`
      expect(errors(text).join('\n')).toMatch(/nested too deeply|must be a map/)
      const value = `${'['.repeat(depth)}${']'.repeat(depth)}`
      expect(() => properties(`{ a: ${value} }`)).toThrow(/E_LIMIT/)
    }
  })

  it('tells what is wrong in every document of a text', () => {
    expect(errors('version: [\n---\nversion: 3\n').map((line) => line.split(' ').at(-1))).toContain('E_VERSION')
  })
})

describe('prototype keys', () => {
  it('are keys like any other', () => {
    const text = `{ "version": 1, "__proto__": 1, "constructor": 2,
      "rules": [{ "id": "r", "allow": "x", "toString": 1, "when": { "context.a": { "__proto__": 1, "hasOwnProperty": 2 } } }] }`
    const found = errors(text).map((line) => line.replace(/;.*/, ''))
    expect(found).toEqual([
      'p:1:17  error  unknown key "__proto__" in a policy document',
      'p:1:33  error  unknown key "constructor" in a policy document',
      'p:2:44  error  unknown key "toString" in rule "r"',
      'p:2:84  error  unknown operator "__proto__" in rule "r"',
      'p:2:100  error  unknown operator "hasOwnProperty" in rule "r"',
    ])
    const object: unknown = JSON.parse(text)
    expect(parsePolicies(object as Parameters<typeof parsePolicies>[0]).diagnostics).toHaveLength(5)
  })

  it('work as attributes, roles and sets', () => {
    const model = loadModel(`{ "version": 1, "roles": { "__proto__": ["constructor"] },
      "sets": { "__proto__": { "rules": [{ "id": "constructor", "allow": "x", "to": { "role": "constructor" },
        "obligations": [{ "id": "o", "__proto__": { "polluted": true } }],
        "when": { "context.__proto__.constructor": 1 } }] } } }`)
    expect([...model.roles.keys()]).toEqual(['__proto__', 'constructor'])
    const [rule] = model.sets[0]?.rules ?? []
    expect(rule?.condition).toMatchObject({ path: { keys: ['__proto__', 'constructor'] } })
    expect(Object.keys(rule?.obligations[0] ?? {})).toEqual(['id', '__proto__'])
    expect('polluted' in {}).toBe(false)
  })
})

describe('an object', () => {
  const check = (value: unknown) =>
    parsePolicies(value as Parameters<typeof parsePolicies>[0]).diagnostics.map(formatDiagnostic)

  it('may only hold plain data', () => {
    const circle: Record<string, unknown> = {}
    circle.self = circle
    const properties = {
      date: new Date(0),
      big: 5n,
      huge: 2n ** 60n,
      call: () => 1,
      sym: Symbol('s'),
      map: new Map(),
      circle,
      nan: Number.NaN,
    }
    expect(
      check({ version: 1, entities: { resources: [{ type: 't', id: 'i', properties }] }, rules: [undefined] }),
    ).toEqual([
      'policies: entities.resources[0].properties.date  error  a Date cannot be in a policy; write a string, number, boolean, null, list or map  E_TYPE',
      'policies: entities.resources[0].properties.huge  error  1152921504606846976 is beyond ±9007199254740991, the whole numbers that a double holds exactly; write it as a string  E_NUMBER',
      'policies: entities.resources[0].properties.call  error  a function cannot be in a policy; write a string, number, boolean, null, list or map  E_TYPE',
      'policies: entities.resources[0].properties.sym  error  a symbol cannot be in a policy; write a string, number, boolean, null, list or map  E_TYPE',
      'policies: entities.resources[0].properties.map  error  a Map cannot be in a policy; write a string, number, boolean, null, list or map  E_TYPE',
      'policies: entities.resources[0].properties.circle.self  error  the object contains itself; write a tree  E_TYPE',
      'policies: entities.resources[0].properties.nan  error  NaN is not a finite number; write a number  E_NUMBER',
      'policies: rules[0]  error  undefined cannot be in a policy; write a string, number, boolean, null, list or map  E_TYPE',
    ])
  })

  it('has keys that are names in JavaScript, few and many, as a text has them', () => {
    const names = ['__proto__', 'constructor', 'toString', ...Array.from({ length: 30 }, (_, i) => `role${i}`)]
    const roles = Object.fromEntries(names.map((name, i) => [name, names.slice(i + 1, i + 2)]))
    for (const some of [names.slice(0, 4), names]) {
      const text = JSON.stringify({ version: 1, roles: Object.fromEntries(some.map((name) => [name, roles[name]])) })
      expect([...loadModel(JSON.parse(text)).roles]).toEqual([...loadModel(text).roles])
    }
    expect(check(JSON.parse('{ "version": 1, "__proto__": 1, "rules": [{ "id": "r", "allow": "x" }] }'))).toEqual([
      expect.stringContaining('unknown key "__proto__" in a policy document'),
    ])
  })

  it('names what its patterns stand for, not how they are written', () => {
    const rules = ['{read,read}', '\\read', 'read', ['{read,read}']].map((allow, i) => ({ id: `r${i}`, allow }))
    const unknown = check({ version: 1, actions: ['read'], rules }).filter((line) => line.includes('unknown action'))
    expect(unknown).toEqual([])
    expect(check({ version: 1, actions: ['{read,read}'], rules: rules.slice(0, 1) })).toEqual([
      expect.stringContaining('unknown action "read"'),
    ])
  })

  it('is asked for each value once', () => {
    let asked = 0
    const rule = {
      id: 'r',
      get allow() {
        return asked++ === 0 ? 'read' : 'write'
      },
    }
    expect(loadModel({ version: 1, rules: [rule] }).sets[0]?.rules[0]?.actions).toEqual([
      { kind: 'exact', value: 'read' },
    ])
    expect(asked).toBe(1)
  })

  it('may leave a key out by giving it undefined', () => {
    expect(check({ version: 1, tenant: undefined, rules: [{ id: 'r', allow: 'x', when: undefined }] })).toEqual([])
  })

  it.each([[null], [5], [true], [undefined], [() => 1]])('is not %s', (value) => {
    expect(check(value).join()).toMatch(/^policies: \(document\) {2}error {2}.*E_TYPE/)
  })
})
