/** Relation models in documents: mistakes with their places, OpenFGA's language and its JSON form, merging. */
import { beforeAll, describe, expect, it } from 'vitest'
import { parsePolicies, prepareReading } from '../../../src/policy/index.ts'
import type { PolicyModel } from '../../../src/policy/model.ts'

function check(text: string): string[] {
  return parsePolicies({ name: 'p.yaml', text })
    .diagnostics.filter(({ severity }) => severity === 'error')
    .map(({ place, code, message }) => `${place.line}:${place.column} ${code} ${message}`)
}

/** A model whose type `doc` has these relations, from line 4 on, and further keys after it. */
function model(relations: string, rest = ''): string {
  return `version: 1\nrelations:\n  user: {}\n  doc: ${relations}\n${rest}rules: [{ id: r, allow: read }]\n`
}

const openfga = `model
  schema 1.1
type user
type group
  relations
    define member: [user, group#member]
type doc
  relations
    define parent: [doc]
    define blocked: [user]
    define viewer: ([user, user:*, group#member] or viewer from parent) but not blocked
    define both: blocked and viewer
`
const yaml = {
  user: {},
  group: { member: ['user', 'group#member'] },
  doc: {
    parent: ['doc'],
    blocked: ['user'],
    viewer: {
      base: { any: [['user', 'user:*', 'group#member'], { from: 'parent', relation: 'viewer' }] },
      except: 'blocked',
    },
    both: { all: ['blocked', 'viewer'] },
  },
}

beforeAll(() => prepareReading({ version: 1, relations: openfga }))

describe('one mistake, its place and its message', () => {
  it.each<[string, string, string]>([
    [
      'a type that there is not',
      model('{ viewer: [usr] }'),
      '4:10 E_RELATION "viewer" of "doc" is for the type "usr", which there is not; did you mean "user"?',
    ],
    [
      'a relation of a userset that there is not',
      model('{ viewer: [user, doc#vewer] }'),
      '4:10 E_RELATION "viewer" of "doc" needs a relation "vewer" of "doc", which there is not; did you mean "viewer"?',
    ],
    [
      'a computed relation that there is not',
      model('{ viewer: owner }'),
      '4:10 E_RELATION "viewer" of "doc" needs a relation "owner" of "doc", which there is not; define it',
    ],
    [
      "a relation of OpenFGA's language that there is not",
      `version: 1\nrelations: |\n${openfga.replace('blocked and viewer', 'blocked and boht').replace(/^/gm, '  ')}\nrules: [{ id: r, allow: read }]\n`,
      '2:12 E_RELATION "both" of "doc" needs a relation "boht" of "doc", which there is not; use one of parent, blocked, viewer',
    ],
    [
      'a computed relation that there is not, beside others',
      model('{ viewer: ownr, owner: [user], boss: [user] }'),
      '4:10 E_RELATION "viewer" of "doc" needs a relation "ownr" of "doc", which there is not; did you mean "owner"?',
    ],
    [
      'a type in place of a relation',
      model('{ owner: user }'),
      '4:10 E_RELATION "owner" of "doc": "user" is a type; write [user]',
    ],
    [
      'a type that is not defined, and none is near',
      model('{ viewer: [employee] }'),
      '4:10 E_RELATION "viewer" of "doc" is for the type "employee", which there is not; add employee: {} to "relations"',
    ],
    [
      'a type that only another one names',
      'version: 1\nrelations:\n  document: { owner: [user] }\nrules: [{ id: r, allow: read }]\n',
      '3:15 E_RELATION "owner" of "document" is for the type "user", which there is not; add user: {} to "relations"',
    ],
    [
      'a relation in a list of types',
      model('{ owner: [user], viewer: [owner, user, "user:*"] }'),
      '4:25 E_RELATION "owner" is a relation, and stands in a list of types; write any: [[user, "user:*"], owner]',
    ],
    [
      'a relation alone in a list of types',
      model('{ owner: [user], viewer: [owner] }'),
      '4:25 E_RELATION "owner" is a relation, and stands in a list of types; write owner without brackets',
    ],
    [
      'an arrow over usersets',
      model('{ parent: [user, doc#parent], viewer: { from: parent, relation: parent } }'),
      '4:38 E_RELATION "viewer" of "doc" goes from "parent", which does not lead to single objects by tuples alone; define "parent" as a list of plain types',
    ],
    [
      'an arrow to nothing',
      model('{ parent: [user], viewer: { from: parent, relation: owner } }'),
      '4:26 E_RELATION "viewer" of "doc" needs a relation "owner" of "user", which there is not',
    ],
    [
      'a condition that there is not',
      model('{ viewer: [user with near] }'),
      '4:10 E_RELATION "viewer" of "doc" names the condition "near", which there is not; add it to "conditions"',
    ],
    [
      'relations in a circle',
      model('{ a: b, b: { any: [[user], a] } }'),
      '4:10 E_RELATION relations of one object follow from one another in a circle: doc#a → doc#b → doc#a; remove one of these steps',
    ],
    [
      'a relation that nobody can have',
      model('{ a: [doc#a] }'),
      '4:10 E_RELATION nobody can ever have the relation "doc#a": no tuple leads to it; give it, or one that it follows from, a list of types',
    ],
    [
      'no list of types',
      model('{ a: "user:*" }'),
      '4:13 E_RELATION "user:*" is not a relation of the same type; for a type of subject write [user:*]',
    ],
    [
      'a bad type of subject',
      model('{ a: ["user:ann"] }'),
      '4:14 E_RELATION "user:ann" is no type of subject; write user, user:* or group#member',
    ],
    [
      'an empty list',
      model('{ a: [] }'),
      '4:13 E_MISSING the list of the relation "a" is empty; name a type of subject: [user]',
    ],
    [
      'keys that do not go together',
      model('{ a: { any: [[user]], all: [[user]] } }'),
      '4:30 E_KEY unknown key "all" in the relation "a"; use one of any',
    ],
    [
      'a depth that is none',
      model('{ a: [user] }', 'relation_depth: 51\n'),
      '5:17 E_RELATION "relation_depth" cannot be the number 51; write a whole number from 1 to 50',
    ],
    [
      'a relation in a rule without a model',
      'version: 1\nrules: [{ id: r, allow: read, to: { relation: viewer } }]\n',
      '2:47 E_RELATION the relation "viewer" needs "relations", which the policies do not have in rule "r"; add them',
    ],
    [
      'an unknown relation in a rule',
      model('{ viewer: [user] }').replace('allow: read', 'allow: read, to: { relation: viewr }'),
      '5:47 E_RELATION no type has a relation "viewr" in rule "r"; did you mean "viewer"?',
    ],
    [
      'a relation that the type does not have',
      model('{ viewer: [user] }').replace('allow: read', 'allow: read, on: user, to: { relation: viewer }'),
      '5:57 E_RELATION the type "user" has no relation "viewer" in rule "r"',
    ],
    [
      'an unknown type in a rule',
      model('{ viewer: [user] }').replace(
        'allow: read',
        'allow: read, when: { related: { relation: viewer, object: { type: docs, id: x } } }',
      ),
      '5:48 E_RELATION "relations" has no type "docs" in rule "r"; did you mean "doc"?',
    ],
    [
      'related without a relation',
      model('{ viewer: [user] }').replace('allow: read', 'allow: read, when: { related: { object: resource.id } }'),
      '5:48 E_MISSING "related" has no relation in rule "r"; write { relation: viewer }',
    ],
    [
      'a condition on tuples that asks for relations',
      model('{ viewer: [user] }', 'conditions: { c: { related: { relation: viewer } } }\n'),
      '5:29 E_CONDITION a condition on tuples cannot ask for relations; put it into a rule',
    ],
    [
      'a mistake in the CEL of a condition on tuples',
      model('{ viewer: [user] }', 'conditions: { c: { all: ["tuple.a == 1 && a"] } }\n'),
      '5:43 E_CEL_NAME nothing is called "a"; write what it is a part of: tuple.a, resource.a, subject.a or context.a',
    ],
    [
      'a parameter of no type',
      model('{ viewer: [user] }', 'conditions: { c: { parameters: { a: number }, cel: a == 1 } }\n'),
      '5:34 E_RELATION "number" is no type of a parameter; write any, bool, string, int, uint, double, duration, timestamp, ipaddress, list<…> or map<…>',
    ],
    [
      'a parameter that has no name',
      model('{ viewer: [user] }', 'conditions: { c: { parameters: { a-b: int }, cel: "true" } }\n'),
      '5:34 E_RELATION "a-b" cannot be a parameter; use letters, digits and _',
    ],
    [
      'parameters without an expression',
      model('{ viewer: [user] }', 'conditions: { c: { parameters: { a: int } } }\n'),
      '5:18 E_MISSING the condition "c" has no "cel"; write { parameters: { ip: ipaddress }, cel: ip.in_cidr("10.0.0.0/8") }',
    ],
    [
      'parameters with an expression that does not fit them',
      model('{ viewer: [user] }', 'conditions: { c: { parameters: { a: int }, cel: a == "x" } }\n'),
      '5:49 E_CEL_TYPE an int is never equal to a string; compare values of one type',
    ],
    [
      'parameters as "tuple"',
      model('{ viewer: [user] }', 'conditions: { c: { parameters: { a: int }, cel: tuple.a == a } }\n'),
      '5:49 E_CEL_NAME nothing is called "tuple"; names are a, subject, resource, action, context, chain, state, now',
    ],
    [
      'tuple outside of conditions',
      model('{ viewer: [user] }').replace('allow: read', 'allow: read, when: { tuple.a: 1 }'),
      '5:39 E_PATH "tuple" means something only in "conditions" in rule "r"',
    ],
    [
      'tuples without a model',
      'version: 1\nentities: { tuples: ["doc:1#viewer@user:ann"] }\nrules: [{ id: r, allow: read }]\n',
      '2:22 E_TUPLE there are tuples, but no "relations"; add the relations that they are about',
    ],
    [
      'a text that is no tuple',
      model('{ viewer: [user] }', 'entities: { tuples: ["doc:1 viewer"] }\n'),
      '5:22 E_TUPLE "doc:1 viewer" is not a tuple; write document:1#viewer@user:ann',
    ],
    [
      'a tuple that the model does not allow',
      model('{ viewer: [user] }', 'entities: { tuples: ["doc:1#viewer@doc:2"] }\n'),
      '5:22 E_TUPLE "doc:2" cannot have "viewer" of "doc"; allowed are user',
    ],
    [
      'a tuple of a computed relation',
      model('{ a: [user], b: a }', 'entities: { tuples: ["doc:1#b@user:ann"] }\n'),
      '5:22 E_TUPLE "b" of "doc" follows from other relations; add tuples of those',
    ],
    [
      'the same tuple twice',
      model(
        '{ a: [user] }',
        'entities: { tuples: ["doc:1#a@user:x", { object: "doc:1", relation: a, subject: "user:x" }] }\n',
      ),
      '5:40 E_DUPLICATE the tuple doc:1#a@user:x occurs twice; the first one is at 5:22; remove one',
    ],
  ])('%s', (_, text, expected) => {
    expect(check(text)).toEqual([expected])
  })

  it('tells several at once', () => {
    expect(
      check(model('{ a: [x], b: { from: c, relation: d }, "e f": [user] }', 'entities: { tuples: [1] }\n')).length,
    ).toBe(4)
  })
})

describe("OpenFGA's language", () => {
  const relationsOf = (relations: unknown): PolicyModel['relations'] => {
    const { tenants, diagnostics } = parsePolicies({ version: 1, relations } as never)
    expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([])
    return tenants.get('default')?.relations
  }

  it('says the same as ours', () => {
    expect(relationsOf(openfga)).toEqual(relationsOf(yaml))
    expect(relationsOf({ openfga })).toEqual(relationsOf(yaml))
  })

  it('may come as its JSON form', () => {
    const type = (name: string, relations: object, subjects: Record<string, object[]>) => ({
      type: name,
      relations,
      metadata: {
        relations: Object.fromEntries(
          Object.entries(subjects).map(([key, types]) => [key, { directly_related_user_types: types }]),
        ),
      },
    })
    const json = {
      schema_version: '1.1',
      type_definitions: [
        { type: 'user' },
        type('doc', { viewer: { this: {} } }, { viewer: [{ type: 'user' }, { type: 'user', wildcard: {} }] }),
      ],
    }
    expect(relationsOf({ openfga: json })).toEqual(relationsOf({ user: {}, doc: { viewer: ['user', 'user:*'] } }))
    expect(check(`version: 1\nrelations: { openfga: { types: [] } }\nrules: [{ id: r, allow: read }]\n`)[0]).toMatch(
      /2:23 E_RELATION .*no type_definitions/,
    )
  })

  it('is refused with the line of a mistake', () => {
    const text = `version: 1\nrelations: |\n  model\n    schema 1.1\n  type doc\n    relations\n      define viewer: [user or\nrules: [{ id: r, allow: read }]\n`
    expect(check(text)[0]).toMatch(/^2:12 E_RELATION in the OpenFGA model, line 5: /)
  })

  it('has its conditions compiled, with mistakes where they are', () => {
    const model = (expression: string, type = 'int') =>
      JSON.stringify({
        version: 1,
        relations: `model\n  schema 1.1\ntype user\ntype doc\n  relations\n    define viewer: [user with near]\ncondition near(x: ${type}) {\n  ${expression}\n}\n`,
        rules: [{ id: 'r', allow: 'read' }],
      })
    expect(check(model('x < 3'))).toEqual([])
    expect(check(model('x < "a"'))[0]).toMatch(/in the condition "near", character \d+: "<" does not work on/)
    // The model's expressions know nothing but their parameters.
    expect(check(model('x < 3 && subject.id == "a"'))[0]).toMatch(/nothing is called "subject"; names are x/)
    const twice = { ...JSON.parse(model('x < 3')), conditions: { near: { 'context.x': { lt: 3 } } } }
    expect(check(JSON.stringify(twice))[0]).toMatch(/E_DUPLICATE .*"near"/)
  })
})

it('relations of several documents are united, and a type in two of them is a mistake', () => {
  const part = (relations: object) => ({ version: 1 as const, relations, rules: [] }) as never
  const { tenants } = parsePolicies([part({ user: {} }), part({ doc: { viewer: ['user'] } })])
  expect(tenants.get('default')?.relations?.types.map(([name]) => name)).toEqual(['user', 'doc'])
  const { diagnostics } = parsePolicies([part({ user: {} }), part({ user: {} })])
  expect(diagnostics.find(({ code }) => code === 'E_DUPLICATE')?.message).toMatch(
    /the type "user" occurs twice in "relations"/,
  )
})
