import { describe, expect, it } from 'vitest'
import { SallyportError } from '../../../src/errors.ts'
import type { PolicyDocument } from '../../../src/policy/document.ts'
import { loadModel, PolicyError } from '../../../src/policy/index.ts'
import type { AttributePath, Condition, RuleModel } from '../../../src/policy/model.ts'

/** The only rule of a document whose rule has these lines. */
function rule(lines: string): RuleModel {
  const text = `version: 1\nrules:\n  - id: r\n${lines.replace(/^/gm, '    ')}\n`
  const [first] = loadModel(text).sets[0]?.rules ?? []
  if (first === undefined) throw new Error('no rule')
  return first
}

function condition(when: string): Condition | undefined {
  return rule(`allow: read\nwhen: ${when}`).condition
}

function context(key: string): AttributePath {
  return { root: 'context', keys: [key], fixed: false, text: `context.${key}` }
}

const a = context('a')
const b = context('b')

describe('a rule', () => {
  it('without conditions has defaults everywhere', () => {
    expect(rule('allow: read')).toEqual({
      id: 'r',
      effect: 'allow',
      actions: [{ kind: 'exact', value: 'read' }],
      resourceTypes: [],
      resourceIds: [],
      subjectTypes: [],
      subjectIds: [],
      roles: [],
      condition: undefined,
      priority: 0,
      because: undefined,
      obligations: [],
      delegable: true,
      approval: undefined,
      advice: [],
      place: { file: 'policies', line: 3, column: 5, path: 'rules[0]', range: { start: 22, end: 43 } },
    })
  })

  it('has every part of its target', () => {
    const full = rule(`
review: [purge, "travel:*"]
on: { type: [record, "{a,b}"], id: "r?" }
to: { role: [editor, admin], type: agent, id: [x, "*"] }
priority: -2147483648
because: ""
obligations: [{ id: log, level: { deep: [1, null] } }]
advice: [{ id: tell }]
description: text`)
    expect(full.effect).toBe('review')
    expect(full.actions.map((p) => p.kind)).toEqual(['exact', 'glob'])
    expect(full.resourceTypes).toEqual(['record', 'a', 'b'].map((value) => ({ kind: 'exact', value })))
    expect(full.resourceIds).toEqual([
      { kind: 'glob', source: 'r?', tokens: [{ kind: 'literal', text: 'r' }, { kind: 'one' }] },
    ])
    expect(full.subjectTypes).toEqual([{ kind: 'exact', value: 'agent' }])
    expect(full.subjectIds).toEqual([])
    expect(full.roles).toEqual(['editor', 'admin'])
    expect(full.priority).toBe(-2147483648)
    expect(full.because).toBe('')
    expect(full.obligations).toEqual([{ id: 'log', level: { deep: [1, null] } }])
    expect(full.advice).toEqual([{ id: 'tell' }])
  })

  it('holds when and not unless, without needless nesting', () => {
    const eq = (path: AttributePath): Condition => ({
      kind: 'test',
      path,
      op: 'eq',
      operand: { kind: 'value', value: 1 },
    })
    expect(rule('allow: x\nwhen: { context.a: 1 }').condition).toEqual(eq(a))
    expect(rule('allow: x\nunless: { context.a: 1 }').condition).toEqual({ kind: 'not', of: eq(a) })
    expect(rule('allow: x\nwhen: { context.a: 1 }\nunless: { context.b: 1 }').condition).toEqual({
      kind: 'all',
      of: [eq(a), { kind: 'not', of: eq(b) }],
    })
    expect(condition('{ all: [{ any: [{ context.a: 1 }] }] }')).toEqual(eq(a))
  })
})

describe('tests', () => {
  const value = (value: unknown) => ({ kind: 'value', value })

  it.each<[string, unknown]>([
    ['null', { kind: 'test', path: a, op: 'eq', operand: value(null) }],
    ['-0.0', { kind: 'test', path: a, op: 'eq', operand: value(0) }],
    ['{ neq: x }', { kind: 'not', of: { kind: 'test', path: a, op: 'eq', operand: value('x') } }],
    ['{ eq: [1, [2]] }', { kind: 'test', path: a, op: 'eq', operand: value([1, [2]]) }],
    ['{ in: [1] }', { kind: 'test', path: a, op: 'in', operand: value([1]) }],
    ['{ not_in: [1] }', { kind: 'not', of: { kind: 'test', path: a, op: 'in', operand: value([1]) } }],
    ['{ gt: { ref: context.b } }', { kind: 'test', path: a, op: 'gt', operand: { kind: 'path', path: b } }],
    ['{ not_contains: x }', { kind: 'not', of: { kind: 'test', path: a, op: 'contains', operand: value('x') } }],
    ['{ exists: true }', { kind: 'exists', path: a }],
    ['{ exists: false }', { kind: 'not', of: { kind: 'exists', path: a } }],
    ['{ glob: "{x,y}" }', { kind: 'glob', path: a, patterns: ['x', 'y'].map((value) => ({ kind: 'exact', value })) }],
    ['{ regex: x }', { kind: 'regex', path: a, source: 'x', ast: { kind: 'class', ranges: [[120, 120]] } }],
    ['{ not_regex: "" }', { kind: 'not', of: { kind: 'regex', path: a, source: '', ast: { kind: 'empty' } } }],
    [
      '{ ip_in_cidr: [10.0.0.0/8, "::1"] }',
      {
        kind: 'cidr',
        path: a,
        ranges: [
          { bytes: [10, 0, 0, 0], bits: 8 },
          { bytes: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1], bits: 128 },
        ],
      },
    ],
    ['{ semver_lte: 1.0.0-rc.1+b }', { kind: 'semver', path: a, op: 'lte', version: '1.0.0-rc.1+b' }],
    [
      '{ gt: 1, lt: 5, otherwise: true }',
      {
        kind: 'otherwise',
        value: true,
        of: {
          kind: 'all',
          of: [
            { kind: 'test', path: a, op: 'gt', operand: value(1) },
            { kind: 'test', path: a, op: 'lt', operand: value(5) },
          ],
        },
      },
    ],
    [
      '{ none_match: { item.x: 1 } }',
      {
        kind: 'items',
        path: a,
        quantifier: 'none',
        of: {
          kind: 'test',
          path: { root: 'item', keys: ['x'], fixed: false, text: 'item.x' },
          op: 'eq',
          operand: value(1),
        },
      },
    ],
  ])('%s', (test, expected) => {
    expect(condition(`{ context.a: ${test} }`)).toEqual(expected)
  })

  it('of now take times, and give milliseconds', () => {
    const path = { root: 'now', keys: [], fixed: false, text: 'now' }
    expect(condition('{ now: { in: [2026-01-01T01:00:00+01:00, 5] } }')).toEqual({
      kind: 'test',
      path,
      op: 'in',
      operand: value([1767225600000, 5]),
    })
  })

  it('nest up to 32 conditions, and no deeper', () => {
    const nested = (depth: number) => `${'{ not: '.repeat(depth - 1)}{ context.a: 1 }${' }'.repeat(depth - 1)}`
    expect(condition(nested(32))).toBeDefined()
    expect(() => condition(nested(33))).toThrow(/conditions are nested deeper than 32.*E_LIMIT/)
  })
})

describe('a document', () => {
  it('has every role that anything names as a key', () => {
    const model = loadModel(`
version: 1
entities: { subjects: [{ type: user, id: alice, roles: [guest, guest], properties: { __proto__: 1, constructor: [2] } }] }
rules: [{ id: r, allow: read, to: { role: editor } }]`)
    expect([...model.roles]).toEqual([
      ['editor', []],
      ['guest', []],
    ])
    const [alice] = model.subjects
    expect(alice?.roles).toEqual([{ role: 'guest', type: undefined, id: undefined }])
    expect(Object.entries(alice?.properties ?? {})).toEqual([
      ['__proto__', 1],
      ['constructor', [2]],
    ])
    expect(Object.getPrototypeOf(alice?.properties)).toBeNull()
  })

  it('allows a role that is only inherited', () => {
    const model = loadModel(`
version: 1
roles: { admin: [editor, editor], editor: [viewer] }
rules: [{ id: r, allow: read, to: { role: viewer } }]`)
    expect([...model.roles]).toEqual([
      ['admin', ['editor']],
      ['editor', ['viewer']],
      ['viewer', []],
    ])
  })

  it('has sets and routes', () => {
    const model = loadModel(`
version: 1
algorithm: first-applicable
combine: all
rules: [{ id: a, allow: read }]
sets:
  money: { algorithm: priority, rules: [{ id: b, review: pay }] }
routes: [{ actions: "pay*", sets: [money, default] }]`)
    expect(model.combine).toBe('all')
    expect(model.sets.map(({ name, algorithm, rules }) => [name, algorithm, rules.length])).toEqual([
      ['default', 'first-applicable', 1],
      ['money', 'priority', 1],
    ])
    expect(model.routes.map(({ sets }) => sets)).toEqual([[1, 0]])
  })

  it('has no set of top-level rules when it has only named sets', () => {
    const model = loadModel('version: 1\nsets: { s: { rules: [{ id: a, allow: x }] } }')
    expect(model.sets.map(({ name }) => name)).toEqual(['s'])
    expect(loadModel('version: 1').sets.map(({ name }) => name)).toEqual(['default'])
    expect(loadModel([]).sets.map(({ name }) => name)).toEqual(['default'])
  })

  it('means the same as text, as JSON and as an object', () => {
    const document: PolicyDocument = {
      version: 1,
      tenant: 'acme',
      entities: { resources: [{ type: 'record', id: '1', properties: { list: [1, { deep: null }] } }] },
      rules: [
        {
          id: 'r',
          allow: ['read', 'x*'],
          when: { any: [{ 'context.a': 1 }, { now: { gt: '2026-01-01T00:00:00Z' } }] },
        },
      ],
    }
    const withoutPlaces = (text: unknown) => JSON.stringify(text, (key, value) => (key === 'place' ? undefined : value))
    const expected = withoutPlaces(loadModel(document))
    expect(withoutPlaces(loadModel(JSON.stringify(document)))).toBe(expected)
    expect(withoutPlaces(loadModel(JSON.stringify(document, null, '\t')))).toBe(expected)
  })

  it('of 65 sets is too large', () => {
    const sets = (count: number): PolicyDocument => ({
      version: 1,
      sets: Object.fromEntries(
        Array.from({ length: count }, (_, i) => [`s${i}`, { rules: [{ id: `r${i}`, deny: '*' }] }]),
      ),
    })
    expect(loadModel(sets(64)).sets).toHaveLength(64)
    expect(() => loadModel(sets(65))).toThrow('there are 65 sets, more than 64; join some of them')
  })
})

describe('loadModel', () => {
  const two = 'version: 1\ntenant: a\n---\nversion: 1\ntenant: b\nrules: [{ id: r, allow: x }]\n'

  it('chooses a tenant', () => {
    expect(loadModel(two, 'b').sets[0]?.rules).toHaveLength(1)
    expect(loadModel(two, 'a').tenant).toBe('a')
  })

  it('refuses to guess', () => {
    const code = (load: () => unknown) => {
      try {
        return load()
      } catch (error) {
        return error instanceof SallyportError ? `${error.code} ${error.message}` : error
      }
    }
    expect(code(() => loadModel(two))).toBe('E_TENANT the policies have several tenants, choose one of "a", "b"')
    expect(code(() => loadModel(two, 'c'))).toBe('E_TENANT the policies have no tenant "c", only "a", "b"')
  })

  it('throws every mistake at once', () => {
    expect.assertions(2)
    try {
      loadModel('rulse: 1')
    } catch (error) {
      expect(error).toBeInstanceOf(PolicyError)
      expect(error instanceof PolicyError && error.diagnostics.map(({ code }) => code)).toEqual(['E_KEY', 'E_VERSION'])
    }
  })
})
