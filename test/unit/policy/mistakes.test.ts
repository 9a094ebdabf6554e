import { describe, expect, it } from 'vitest'
import { diagnosticCodes } from '../../../src/policy/codes.ts'
import { formatDiagnostic, parsePolicies } from '../../../src/policy/index.ts'

/** The diagnostics of a text, as `LINE:COLUMN CODE MESSAGE`. */
function check(text: string): string[] {
  return parsePolicies({ name: 'p.yaml', text }).diagnostics.map(
    ({ place, code, message }) => `${place.line}:${place.column} ${code} ${message}`,
  )
}

/** A rule with this condition, on line 5. */
function withWhen(when: string): string {
  return `version: 1\nrules:\n  - id: r\n    allow: read\n    when: ${when}\n`
}

/** A rule with this line, the fifth. */
function withLine(line: string): string {
  return `version: 1\nrules:\n  - id: r\n    allow: read\n    ${line}\n`
}

/** A document with this line, the second. */
function document(line: string): string {
  return `version: 1\n${line}\nrules: [{ id: r, allow: read }]\n`
}

const operatorExample = `version: 1
rules:
  - id: archived
    deny: write
    when: { resource.status: { equals: archived } }
`

describe('one mistake, its place and its message', () => {
  it.each<[string, string, string]>([
    [
      'an operator of another language',
      operatorExample,
      '5:32 E_OPERATOR unknown operator "equals" in rule "archived"; did you mean "eq"?',
    ],
    [
      'a misspelt operator',
      withWhen('{ context.a: { start_with: x } }'),
      '5:26 E_OPERATOR unknown operator "start_with" in rule "r"; did you mean "starts_with"?',
    ],
    [
      'a reference without operator',
      withWhen('{ context.a: { ref: context.b } }'),
      '5:26 E_OPERATOR unknown operator "ref" in rule "r"; write { eq: { ref: … } }',
    ],
    [
      'a symbol for an operator',
      withWhen('{ context.a: { ">=": 5 } }'),
      '5:26 E_OPERATOR unknown operator ">=" in rule "r"; did you mean "gte"?',
    ],
    [
      'a bare list',
      withWhen('{ context.a: [1] }'),
      '5:24 E_TYPE the test of "context.a" is a bare list in rule "r"; write { in: [...] } or { eq: [...] }',
    ],
    [
      'gt with a boolean',
      withWhen('{ context.a: { gt: true } }'),
      '5:30 E_OPERAND "gt" needs a number or a string or { ref: path }, not true in rule "r"',
    ],
    [
      'in with a scalar',
      withWhen('{ context.a: { in: x } }'),
      '5:30 E_OPERAND "in" needs a list or { ref: path }, not the string "x" in rule "r"; write { in: ["x"] } or { eq: "x" }',
    ],
    [
      'contains_any with a scalar',
      withWhen('{ context.a: { contains_any: 3 } }'),
      '5:40 E_OPERAND "contains_any" needs a list or { ref: path }, not the number 3 in rule "r"; write { contains_any: [3] }',
    ],
    [
      'starts_with with a number',
      withWhen('{ context.a: { starts_with: 3 } }'),
      '5:39 E_OPERAND "starts_with" needs a string or { ref: path }, not the number 3 in rule "r"',
    ],
    [
      'exists with a string',
      withWhen('{ context.a: { exists: "yes" } }'),
      '5:34 E_TYPE the operand of "exists" must be true or false, not the string "yes" in rule "r"',
    ],
    [
      'otherwise with a number',
      withWhen('{ context.a: { eq: 1, otherwise: 0 } }'),
      '5:44 E_TYPE "otherwise" must be true or false, not the number 0 in rule "r"',
    ],
    [
      'otherwise alone',
      withWhen('{ context.a: { otherwise: true } }'),
      '5:24 E_MISSING the test of "context.a" has no operator in rule "r"; write, for example, { eq: … }',
    ],
    [
      'eq with a map',
      withWhen('{ context.a: { eq: { b: 1 } } }'),
      '5:30 E_OPERAND a map cannot be compared ("eq") in rule "r"; compare one of its keys, or write { ref: path }',
    ],
    [
      'a map in a list',
      withWhen('{ context.a: { in: [{ b: 1 }] } }'),
      '5:31 E_OPERAND a map cannot be compared ("in") in rule "r"; compare one of its keys',
    ],
    [
      'a reference in a list',
      withWhen('{ context.a: { in: [{ ref: context.b }] } }'),
      '5:31 E_OPERAND a reference cannot be an item of a list in rule "r"; use a reference to a list',
    ],
    [
      'a key beside ref',
      withWhen('{ context.a: { eq: { ref: context.b, x: 1 } } }'),
      '5:48 E_KEY unknown key "x" beside "ref" in rule "r"; write { ref: path } alone',
    ],
    [
      'glob with a reference',
      withWhen('{ context.a: { glob: { ref: context.b } } }'),
      '5:32 E_OPERAND "glob" takes a constant, not a reference in rule "r"; write a string',
    ],
    [
      'regex with a number',
      withWhen('{ context.a: { regex: 5 } }'),
      '5:33 E_OPERAND "regex" needs a constant string in rule "r"; write "5" in quotes',
    ],
    [
      'an unknown root',
      withWhen('{ user.name: x }'),
      '5:13 E_PATH unknown path "user.name": nothing is called "user" in rule "r"; did you mean "subject.name"?',
    ],
    [
      'a misspelt root',
      withWhen('{ resorce.a: x }'),
      '5:13 E_PATH unknown path "resorce.a": nothing is called "resorce" in rule "r"; did you mean "resource.a"?',
    ],
    [
      'a path cut in two',
      withWhen('{ resource: { status: archived } }'),
      '5:13 E_PATH "resource" is a map in rule "r"; name one of its keys: resource.id',
    ],
    [
      'a path that ends early',
      withWhen('{ context.: x }'),
      '5:13 E_PATH the path "context." ends too early in rule "r"; write root.key.key, and other keys as ["key"]',
    ],
    [
      'a part of a string',
      withWhen('{ subject.id.x: x }'),
      '5:13 E_PATH "subject.id" is a string and has no parts in rule "r"; for a property of that name write subject.properties.id',
    ],
    [
      'item outside',
      withWhen('{ item.x: 1 }'),
      '5:13 E_PATH "item" means something only inside any_matches, all_match and none_match in rule "r"',
    ],
    [
      'a bad reference',
      withWhen('{ context.a: { eq: { ref: foo.b } } }'),
      '5:37 E_PATH unknown path "foo.b": nothing is called "foo" in rule "r"; paths start with one of subject, resource, action, context, chain, state, now',
    ],
    [
      'nested quantifiers',
      withWhen('{ context.a: { any_matches: { item.b: { all_match: { item: 1 } } } } }'),
      '5:51 E_OPERATOR "all_match" cannot stand inside another condition over items in rule "r"; test a key of the item instead',
    ],
    [
      'a number against an id',
      withWhen('{ subject.id: 5 }'),
      '5:25 E_OPERAND "subject.id" is always a string and cannot be compared with the number 5 ("eq") in rule "r"; write a string',
    ],
    [
      'a list operator on an id',
      withWhen('{ subject.id: { is_subset: [a] } }'),
      '5:27 E_OPERATOR "is_subset" cannot work on "subject.id", which is always a string in rule "r"; use another operator',
    ],
    [
      'now against no time',
      withWhen('{ now: { gt: tomorrow } }'),
      '5:24 E_OPERAND "tomorrow" is not an RFC 3339 time in rule "r"; write it like 2026-01-31T09:00:00Z, or as milliseconds since 1970',
    ],
    [
      'a number as condition',
      withWhen('5'),
      '5:11 E_TYPE a condition must be a map, not the number 5 in rule "r"; write, for example, { resource.status: archived }',
    ],
    [
      'a list as condition',
      withWhen('[{ context.a: 1 }]'),
      '5:11 E_TYPE a condition must be a map, not a list in rule "r"; write { all: [...] } or { any: [...] }',
    ],
    [
      'an empty condition',
      withWhen('{}'),
      '5:11 E_MISSING the condition is empty in rule "r"; name an attribute, or leave it out',
    ],
    [
      'an empty any',
      withWhen('{ any: [] }'),
      '5:18 E_MISSING the list of "any" is empty in rule "r"; name a condition, or leave it out',
    ],
    [
      'all with a map',
      withWhen('{ all: { context.a: 1 } }'),
      '5:18 E_TYPE "all" needs a list of conditions, not a map in rule "r"; write all: [{ … }]',
    ],
    [
      'all beside a path',
      withWhen('{ all: [{ context.a: 1 }], context.b: 1 }'),
      '5:38 E_CONDITION "context.b" stands beside "all" in rule "r"; put both into one list: all: [{ … }, { … }]',
    ],
    [
      'a bad glob',
      withWhen('{ context.a: { glob: "a[" } }'),
      '5:32 E_PATTERN bad pattern "a[": "[" is not closed in rule "r"; write [abc], or \\[ for the character',
    ],
    [
      'a bad regex',
      withWhen('{ context.a: { regex: "(" } }'),
      '5:33 E_REGEX bad regular expression "(": unterminated group at character 2 in rule "r"',
    ],
    [
      'look-around',
      withWhen('{ context.a: { not_regex: "(?=a)" } }'),
      '5:37 E_REGEX bad regular expression "(?=a)": look-around such as (?=a) is not supported in rule "r"; use a second test, not_regex for a negative one',
    ],
    [
      'a back-reference',
      withWhen("{ context.a: { regex: '(a)\\1' } }"),
      '5:33 E_REGEX bad regular expression "(a)\\\\1": back-references such as \\1 are not supported in rule "r"; write the text out',
    ],
    [
      'host bits',
      withWhen('{ context.ip: { ip_in_cidr: [10.0.0.0/8, 10.1.2.3/16] } }'),
      '5:52 E_CIDR "10.1.2.3/16" has bits set beyond its prefix in rule "r"; write 10.1.0.0/16',
    ],
    [
      'no address',
      withWhen('{ context.ip: { ip_in_cidr: 10.0.0/8 } }'),
      '5:39 E_CIDR "10.0.0/8" is not an address range in rule "r"; write, for example, 10.0.0.0/8 or 2001:db8::/32',
    ],
    [
      'a version with v',
      withWhen('{ context.v: { semver_gt: v1.2.3 } }'),
      '5:37 E_SEMVER "v1.2.3" is not a SemVer 2.0.0 version in rule "r"; write "1.2.3"',
    ],
    [
      'half a version',
      withWhen('{ context.v: { semver_gt: "1.2" } }'),
      '5:37 E_SEMVER "1.2" is not a SemVer 2.0.0 version in rule "r"; write it like 1.4.0 or 2.0.0-rc.1',
    ],
    [
      'beyond 2^53',
      withWhen('{ context.n: 9007199254740993 }'),
      '5:24 E_NUMBER 9007199254740993 is beyond ±9007199254740991, the whole numbers that a double holds exactly in rule "r"; write it as a string',
    ],
    ['NaN', withWhen('{ context.n: .nan }'), '5:24 E_NUMBER NaN is not a finite number in rule "r"; write a number'],
    [
      'infinity',
      withWhen('{ context.n: { in: [1, -.inf] } }'),
      '5:34 E_NUMBER -Infinity is not a finite number in rule "r"; write a number',
    ],
    [
      'overflow',
      withWhen('{ context.n: 1e999 }'),
      '5:24 E_NUMBER Infinity is not a finite number in rule "r"; write a number',
    ],
    [
      'half a character',
      withWhen('{ context.n: "\\ud800" }'),
      '5:24 E_STRING a string holds half of a surrogate pair, which is no character in rule "r"; write the whole character, or remove it',
    ],
    [
      'a synonym of an effect',
      'version: 1\nrules:\n  - { id: r, permit: read }\n',
      '3:14 E_KEY unknown key "permit" in rule "r"; did you mean "allow"?',
    ],
    [
      'a misspelt key',
      withLine('unles: { context.a: 1 }'),
      '5:5 E_KEY unknown key "unles" in rule "r"; did you mean "unless"?',
    ],
    [
      'no effect',
      'version: 1\nrules:\n  - { id: r, on: record }\n',
      '3:5 E_EFFECT the rule has no effect in rule "r"; write allow, deny or review, with the actions',
    ],
    [
      'two effects',
      withLine('deny: write'),
      '5:5 E_EFFECT a rule has one effect, and both "allow" and "deny" are here in rule "r"; make two rules of it',
    ],
    [
      'no id',
      'version: 1\nrules:\n  - { allow: read }\n',
      '3:5 E_MISSING the rule has no id; give it one that is unique in the tenant',
    ],
    [
      'a number as id',
      'version: 1\nrules:\n  - { id: 5, allow: read }\n',
      '3:11 E_TYPE id must be a string, not the number 5; write "5" in quotes',
    ],
    [
      'a repeated id',
      'version: 1\nrules:\n  - { id: r, allow: read }\n  - { id: r, allow: list }\n',
      '4:11 E_DUPLICATE the rule id "r" occurs twice; the first one is at 3:11; rename or remove one',
    ],
    [
      'a string as "to"',
      withLine('to: editor'),
      '5:9 E_TYPE "to" must be a map, not the string "editor" in rule "r"; write { role: editor } or { type: editor }',
    ],
    ['an empty "to"', withLine('to: {}'), '5:9 E_MISSING "to" is empty in rule "r"; leave it out for any subject'],
    [
      'a pattern as role',
      withLine('to: { role: "adm*" }'),
      '5:17 E_ROLE a role is an exact name, not a pattern: "adm*" in rule "r"; for any role leave "role" out',
    ],
    [
      'an unknown key in "on"',
      withLine('on: { kind: record }'),
      '5:11 E_KEY unknown key "kind" in "on" in rule "r"; use one of type, id',
    ],
    ['an empty pattern', withLine('on: ""'), '5:9 E_MISSING "on" is empty in rule "r"; write a text'],
    [
      'an empty list',
      withLine('on: []'),
      '5:9 E_MISSING "on" is an empty list, which matches nothing in rule "r"; name one',
    ],
    [
      'a boolean as action',
      'version: 1\nrules:\n  - { id: r, allow: true }\n',
      '3:21 E_TYPE "allow" must be a string or a list of strings, not true in rule "r"',
    ],
    [
      'too many braces',
      withLine('on: "{a,b,c,d,e}{a,b,c,d,e}{a,b,c,d,e}"'),
      '5:9 E_PATTERN bad pattern "{a,b,c,d,e}{a,b,c,d,e}{a,b,c,d,e}": the braces stand for more than 64 patterns in rule "r"; use "*", or several rules',
    ],
    [
      'a fraction as priority',
      withLine('priority: 1.5'),
      '5:15 E_PRIORITY a priority cannot be the number 1.5 in rule "r"; write an integer from -2147483648 to 2147483647',
    ],
    [
      'a priority of 33 bits',
      withLine('priority: 2147483648'),
      '5:15 E_PRIORITY a priority cannot be the number 2147483648 in rule "r"; write an integer from -2147483648 to 2147483647',
    ],
    [
      'an obligation without id',
      withLine('obligations: [{ log: true }]'),
      '5:19 E_MISSING an obligation has no id in rule "r"; write { id: … }',
    ],
    [
      'advice as a map',
      withLine('advice: { id: log }'),
      '5:13 E_TYPE "advice" must be a list, not a map in rule "r"; write [{ id: … }]',
    ],
    [
      'no version',
      'rules: [{ id: r, allow: read }]\n',
      '1:1 E_VERSION the document has no version; start it with "version: 1"',
    ],
    [
      'version 2',
      'version: 2\nrules: [{ id: r, allow: read }]\n',
      '1:10 E_VERSION the version must be 1, not the number 2; write "version: 1"',
    ],
    [
      'version "1"',
      'version: "1"\nrules: [{ id: r, allow: read }]\n',
      '1:10 E_VERSION the version must be 1, not the string "1"; write "version: 1"',
    ],
    [
      'an unknown algorithm',
      document('algorithm: deny-override'),
      '2:12 E_ALGORITHM unknown algorithm "deny-override"; did you mean "deny-overrides"?',
    ],
    [
      'an unknown combination',
      document('combine: every'),
      '2:10 E_ALGORITHM unknown combine "every"; use one of any, all',
    ],
    [
      'an undeclared action',
      document('actions: [raed, write]'),
      '3:25 E_ACTION unknown action "read" in rule "r"; did you mean "raed"?',
    ],
    [
      'an unknown role',
      'version: 1\nroles: { editor: [viewer] }\nrules: [{ id: r, allow: read, to: { role: editr } }]\n',
      '3:43 E_ROLE unknown role "editr" in rule "r"; did you mean "editor"?',
    ],
    [
      'a cycle of roles',
      document('roles: { a: [b], b: [c], c: [a] }'),
      '2:26 E_ROLE_CYCLE roles inherit one another in a circle: a → b → c → a; remove one of these steps',
    ],
    [
      'a role without list',
      document('roles: { a: }'),
      '2:10 E_TYPE the role "a" needs a list of the roles it inherits; write a: []',
    ],
    [
      'a string for a list',
      document('roles: { a: b }'),
      '2:13 E_TYPE the role "a" must be a list, not the string "b"; write [b]',
    ],
    [
      'an unknown set',
      document('routes: [{ actions: read, sets: [defualt] }]'),
      '2:34 E_SET unknown set "defualt" in a route; did you mean "default"?',
    ],
    [
      'a route without sets',
      document('routes: [{ actions: read }]'),
      '2:10 E_MISSING a route has no sets; write sets: [...]',
    ],
    [
      'the reserved set',
      document('sets: { default: { rules: [{ id: s, deny: x }] } }'),
      '2:9 E_SET the set name "default" is that of the top-level rules; choose another name',
    ],
    ['a set without rules', document('sets: { s: {} }'), '2:9 E_MISSING the set "s" has no rules; write rules: [...]'],
    [
      'an entity without id',
      document('entities: { subjects: [{ type: user }] }'),
      '2:24 E_MISSING a subject has no id; write { type: …, id: … }',
    ],
    [
      'an entity twice',
      document('entities: { resources: [{ type: t, id: a }, { type: t, id: a }] }'),
      '2:45 E_DUPLICATE the resource "a" of type "t" occurs twice; the first one is at 2:25; rename or remove one',
    ],
    [
      'roles of a resource',
      document('entities: { resources: [{ type: t, id: a, roles: [x] }] }'),
      '2:43 E_KEY unknown key "roles" in a resource; use one of type, id, properties',
    ],
    [
      'roles among properties',
      document('entities: { subjects: [{ type: t, id: a, properties: { roles: [x] } }] }'),
      '2:56 E_KEY the roles of a subject stand beside its properties, not among them; move "roles" up',
    ],
    [
      'a synonym of a key',
      'version: 1\npolicies: []\n',
      '2:1 E_KEY unknown key "policies" in a policy document; did you mean "rules"?',
    ],
    [
      'a list as document',
      '- version: 1\n',
      '1:1 E_TYPE a policy document must be a map, not a list; start it with "version: 1"',
    ],
    ['no document', '# nothing\n', '1:1 E_MISSING there is no policy document here; start it with "version: 1"'],
    [
      'a key twice',
      withLine('allow: write'),
      '5:5 E_DUPLICATE the key "allow" occurs twice in this map in rule "r"; the first one is at 4:5; remove one',
    ],
    [
      'a merge key',
      withLine('<<: { on: x }'),
      '5:5 E_SYNTAX merge keys ("<<") are not supported in rule "r"; write the keys out',
    ],
    [
      'an open bracket',
      'version: 1\nrules: [\n',
      '3:1 E_SYNTAX not valid YAML: flow sequence in block collection must be sufficiently indented and end with a ]',
    ],
    ['a bad escape', 'version: 1\ntenant: "a\\q"\n', '2:11 E_SYNTAX not valid YAML: invalid escape sequence \\q'],
  ])('%s', (_, text, expected) => {
    const found = check(text)
    expect(found.filter((line) => line.includes(' E_'))).toEqual([expected])
  })
})

describe('diagnostics', () => {
  it('carry the rule and the path', () => {
    const [first] = parsePolicies({ name: 'p.yaml', text: operatorExample }).diagnostics
    expect(first).toEqual({
      severity: 'error',
      code: 'E_OPERATOR',
      message: 'unknown operator "equals" in rule "archived"; did you mean "eq"?',
      place: {
        file: 'p.yaml',
        line: 5,
        column: 32,
        path: 'rules[0].when["resource.status"].equals',
        range: { start: 82, end: 88 },
      },
      rule: 'archived',
      suggestion: 'eq',
      fix: { title: 'write eq', edits: [{ range: { start: 82, end: 88 }, text: 'eq' }] },
    })
    expect(first && formatDiagnostic(first)).toBe(
      'p.yaml:5:32  error  unknown operator "equals" in rule "archived"; did you mean "eq"?  E_OPERATOR',
    )
  })

  it('name the path when the policies are an object', () => {
    const document: unknown = JSON.parse('{ "version": 1, "rules": [{ "id": "r", "allow": "read", "whenn": {} }] }')
    // The point is a document that the types would refuse.
    const { diagnostics } = parsePolicies(document as Parameters<typeof parsePolicies>[0])
    expect(diagnostics.map(formatDiagnostic)).toEqual([
      'policies: rules[0].whenn  error  unknown key "whenn" in rule "r"; did you mean "when"?  E_KEY',
    ])
  })

  it('warn of what is empty', () => {
    expect(check('version: 1\nrules: []\n')).toEqual([
      '1:1 W_NO_RULES the tenant "default" has no rules; every request will be denied',
      '2:8 W_EMPTY "rules" is an empty list; add a rule, or leave it out',
    ])
    expect(check(withWhen('{ context.a: { in: [] } }'))).toEqual([
      '5:30 W_EMPTY the list of "in" is empty in rule "r"; list the values that are meant',
    ])
    expect(parsePolicies([]).diagnostics.map(({ code }) => code)).toEqual(['W_NO_RULES'])
  })
})

describe('many mistakes at once', () => {
  const text = `version: 2
algorithm: first
combine: some
roles: { a: [b], b: [a] }
actions: [read, write]
entites: {}
entities:
  subjects: [{ type: user }]
routes:
  - { actions: read, sets: [mony] }
rules:
  - { id: r1, alow: read }
  - { id: r2, allow: read, deny: write }
  - { id: r3, allow: raed }
  - { id: r4, allow: "[" }
  - { id: r5, allow: read, to: { role: c } }
  - { id: r5, allow: read }
  - { id: r6, allow: read, priority: high }
  - { id: r7, allow: read, when: { context.a: { equals: 1 } } }
  - { id: r8, allow: read, when: { context.a: [1] } }
  - { id: r9, allow: read, when: { contxt.a: 1 } }
  - { id: r10, allow: read, when: { context.a: { regex: "(" } } }
  - { id: r11, allow: read, when: { context.a: { ip_in_cidr: 10.0.0.1/8 } } }
  - { id: r12, allow: read, when: { context.a: { semver_eq: v1 } } }
  - { id: r13, allow: read, when: { context.a: { gt: true } } }
  - { id: r14, allow: read, when: { context.a: { exists: 1 } } }
  - { id: r15, allow: read, when: { context.a: { eq: { b: 1 } } } }
  - { id: r16, allow: read, when: { context.a: .inf } }
  - { id: r17, allow: read, when: { context.a: 12345678901234567890 } }
  - { id: r18, allow: read, when: { context.a: "\\udead" } }
  - { id: r19, allow: read, when: { any: [] } }
  - { id: r20, allow: read, when: { now: { gt: soon } } }
  - { allow: read }
  - { id: r21, allow: read, id: r22 }
sets: { money: { algorithm: priorty } }
`

  it('are all told, in the order of the lines', () => {
    const found = check(text).map((line) => line.split(' ').slice(0, 2).join(' '))
    expect(found).toEqual([
      '1:10 E_VERSION',
      '2:12 E_ALGORITHM',
      '3:10 E_ALGORITHM',
      '4:18 E_ROLE_CYCLE',
      '6:1 E_KEY',
      '8:14 E_MISSING',
      '10:29 E_SET',
      '12:15 E_KEY',
      '13:28 E_EFFECT',
      '14:22 E_ACTION',
      '15:22 E_PATTERN',
      '16:40 E_ROLE',
      '17:11 E_DUPLICATE',
      '18:38 E_PRIORITY',
      '19:49 E_OPERATOR',
      '20:47 E_TYPE',
      '21:36 E_PATH',
      '22:57 E_REGEX',
      '23:62 E_CIDR',
      '24:61 E_SEMVER',
      '25:54 E_OPERAND',
      '26:58 E_TYPE',
      '27:54 E_OPERAND',
      '28:48 E_NUMBER',
      '29:48 E_NUMBER',
      '30:48 E_STRING',
      '31:42 E_MISSING',
      '32:48 E_OPERAND',
      '33:5 E_MISSING',
      '34:29 E_DUPLICATE',
      '35:9 E_MISSING',
      '35:29 E_ALGORITHM',
    ])
    expect(parsePolicies(text).tenants.size).toBe(0)
  })

  it('every code in use is explained', () => {
    for (const { code } of parsePolicies(text).diagnostics) expect(Object.keys(diagnosticCodes)).toContain(code)
  })
})
