/** SpiceDB's own test files and Authzed's examples (test/vectors/spicedb): schemas and assertions that no one here wrote. */
import { readdirSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { PolicyError } from '../../../src/policy/diagnostic.ts'
import { runValidation } from '../../../src/spicedb/run-validation.ts'
import { SchemaError } from '../../../src/spicedb/scanner.ts'
import { readSchema } from '../../../src/spicedb/schema.ts'
import { isValidation, loadValidation, ValidationFormError } from '../../../src/spicedb/validation-file.ts'

const folder = 'test/vectors/spicedb'
const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.yaml'))
  .sort()

/** Why a file is not run: something that its schema has. */
const uncovered: Readonly<Record<string, RegExp>> = {
  'testconfigs/aliasing.yaml': /emptyone: "nil" alone/,
  'testconfigs/arrowoverexpiration.yaml': /expiration/,
  'testconfigs/arrowoversametype.yaml': /goes from "folder", which does not lead to single objects/,
  'testconfigs/arrowsublr.yaml': /goes from "viewer", which does not lead to single objects/,
  'testconfigs/caveatedintersectionarrow.yaml': /team\.all\(member\): an intersection of arrows/,
  'testconfigs/caveatunderarrow.yaml': /goes from "viewer", which does not lead to single objects/,
  'testconfigs/expirationwithcaveat.yaml': /expiration/,
  'testconfigs/indirectrelexpiration.yaml': /expiration/,
  'testconfigs/intersectionarrow.yaml': /team\.all\(member\): an intersection of arrows/,
  'testconfigs/linuxfoundation.yaml': /goes from "blacklist", which does not lead to single objects/,
  'testconfigs/lrordering.yaml': /goes from "arbiter", which does not lead to single objects/,
  'testconfigs/lroverrelation.yaml': /goes from "arbiter", which does not lead to single objects/,
  'testconfigs/mixednil.yaml': /empty: "nil" alone/,
  'testconfigs/multibranchcaveatwithintersectionarrows.yaml': /an intersection of arrows/,
  'testconfigs/nil.yaml': /empty: "nil" alone/,
  'testconfigs/nilexclusion.yaml': /empty: "nil" alone/,
  'testconfigs/relexpiration.yaml': /expiration/,
}

const load = (name: string) => loadValidation(`${folder}/${name}`, (path) => readFile(path, 'utf8'))

describe('every assertion holds', () => {
  let assertions = 0
  test.each(files.filter((name) => uncovered[name] === undefined))('%s', async (name) => {
    expect(isValidation(await readFile(`${folder}/${name}`, 'utf8'))).toBe(true)
    const { results, uncovered: none } = await runValidation(name, await load(name))
    expect(none).toBeUndefined()
    expect(results.length).toBeGreaterThan(0)
    expect(results.filter(({ passed }) => !passed)).toEqual([])
    assertions += results.length
  })
  test('and none was passed over', () => {
    expect([files.length, assertions]).toEqual([70, 404])
  })
})

test('what lies too deep is no "no"', async () => {
  const parents = Array.from({ length: 60 }, (_, i) => `g:${i + 1}#parent@g:${i + 2}`)
  const text = JSON.stringify({
    schema: `definition user {}
      definition g {
        relation parent: g
        relation member: user
        permission m = member + parent->m
      }`,
    relationships: [...parents, 'g:61#member@user:ann'].join('\n'),
    assertions: {
      assertTrue: ['g:20#m@user:ann'],
      assertFalse: ['g:1#m@user:ann'],
      assertCaveated: ['g:1#m@user:ann'],
    },
  })
  const { results } = await runValidation('x', await loadValidation('x', async () => text))
  const said = results.map(({ passed, error }) => [passed, error])
  expect(said).toEqual([
    [true, undefined],
    [false, 'not evaluable: relation_limit'],
    [false, 'not evaluable: relation_limit'],
  ])
})

describe('what is not covered is said', () => {
  test.each(Object.entries(uncovered))('%s', async (name, why) => {
    const result = await runValidation(name, await load(name))
    expect(result.results).toEqual([])
    expect(result.uncovered?.join('\n')).toMatch(why)
  })
})

describe('an assertion that does not hold', () => {
  const change = async (edit: (text: string) => string) => {
    const text = edit(await readFile(`${folder}/testconfigs/caveatip.yaml`, 'utf8'))
    const { results } = await runValidation('x', await loadValidation('x.yaml', async () => text))
    return results.filter(({ passed }) => !passed).map(({ asked, expected, got }) => [asked, expected, got])
  }

  test('fails when a relationship is missing', async () => {
    expect(await change((text) => text.replace('document:firstdoc#viewer@user:tracy\n', '\n'))).toEqual([
      ['document:firstdoc#view@user:tracy', true, false],
    ])
  })

  test('fails when a caveat says otherwise', async () => {
    expect(await change((text) => text.replace('10.1.0.0/16', '10.2.0.0/16'))).toEqual([
      ['document:firstdoc#view@user:sarah with {"user_ip": "10.1.3.4"}', true, false],
      ['document:firstdoc#view@user:sarah with {"user_ip": "10.2.3.4"}', false, true],
    ])
  })

  test('fails when a caveat can be told', async () => {
    expect(await change((text) => text.replace('viewer@user:tom[is_valid_ip:{', '$&"user_ip":"10.0.0.1",'))).toEqual(
      [
        ['document:firstdoc#view@user:tom with {"user_ip": "1.2.3.4"}', false, true],
        ['document:firstdoc#view@user:tom', 'caveated', true],
      ].sort((a, b) => (a[1] === 'caveated' && b[1] !== 'caveated' ? -1 : 1)),
    )
  })
})

test('operators bind as SpiceDB has them', () => {
  const by = (expression: string) =>
    readSchema(`definition user {} definition d { relation a: user; permission p = ${expression} }`).relations.d?.p
  expect(by('a & b + c - d')).toEqual({ base: { all: ['a', { any: ['b', 'c'] }] }, except: 'd' })
  expect(by('a - b - c')).toEqual({ base: { base: 'a', except: 'b' }, except: 'c' })
  expect(by('a - (b - c)')).toEqual({ base: 'a', except: { base: 'b', except: 'c' } })
  expect(by('a.any(b) + c->d')).toEqual({
    any: [
      { from: 'a', relation: 'b' },
      { from: 'c', relation: 'd' },
    ],
  })
  expect(by('a + nil')).toEqual('a')
  expect(by('a - nil')).toEqual('a')
  expect(by('(a & nil) + b')).toEqual('b')
})

test('subjects, comments and the bodies of caveats', () => {
  const schema = readSchema(
    `
    /** all of them */ use typechecking
    definition org/user {}
    definition doc {
      relation reader: org/user | org/user:* with open // one
        | group#member | org/user#...
      permission read: org/user = reader
    }
    definition group { relation member: org/user }
    caveat open(l list<map<int>>, s string) { s != "}" && {"a": 1}.a == 1 /* } */ }`.replace('/* } */', ''),
  )
  expect(schema.relations.doc).toEqual({
    reader: ['org/user', 'org/user:* with open', 'group#member', 'org/user'],
    read: 'reader',
  })
  expect(schema.conditions.open).toEqual({
    parameters: { l: 'list<map<int>>', s: 'string' },
    cel: 's != "}" && {"a": 1}.a == 1',
  })
  expect(schema.uncovered).toEqual([])
})

test.each([
  ['definition {', 'line 1 of the schema: "{" where the name of a definition belongs'],
  ['definition a {\n relation b\n}', 'line 3 of the schema: "}" where ":" belongs'],
  ['definition a {\n permission b = c +\n}', 'line 3 of the schema: "}" where a relation or permission belongs'],
  ['definition a {', 'the end where a relation or permission belongs'],
  ['caveat a(b int) { b == 1', 'a brace that nothing closes'],
  ['definition a { ? }', '"?"'],
  [`definition a { permission b = ${'('.repeat(30_000)}`, 'nested deeper than 64 levels'],
  [`caveat a(b ${'list<'.repeat(30_000)}`, 'nested deeper than 64 levels'],
  ['relation a: b', '"relation" where a definition belongs'],
])('%j is no schema', (text, message) => {
  expect(() => readSchema(text)).toThrow(SchemaError)
  expect(() => readSchema(text)).toThrow(message)
})

test.each([
  ['schema: 5', 'schema must be a string'],
  ['schema: ""\nrelationships: "a:b@c"', '"a:b@c" is no relationship'],
  ['schema: ""\nrelationships: "a:b#c@d:e[f:{]"', 'ends in what is no caveat'],
  ['schema: ""\nassertion: {}', 'unknown key "assertion" in a validation file; did you mean "assertions"?'],
  ['schema: ""\nassertions: { assertTru: [] }', 'no assertions called "assertTru"; did you mean "assertTrue"?'],
  ['schema: ""\nassertions: { assertMaybe: [] }', 'there are no assertions called "assertMaybe"'],
  ['schema: ""\nassertions: { assertTrue: ["a:b#c@d:e with {x}"] }', '{x} is no JSON object'],
  ['schema: ""\nvalidation: { "a:b": [] }', '"a:b" is no permission'],
  ['schema: ""\nvalidation: { "a:b#c": ["user:d"] }', '"user:d" names no subject'],
])('%j is no validation file', async (text, message) => {
  const failure = loadValidation('x.yaml', async () => text)
  await expect(failure).rejects.toThrow(ValidationFormError)
  await expect(failure).rejects.toThrow(message)
})

test.each([
  ['a relation that there is not', 'relation a: user\n permission b = c', '', /unknown relation|no relation|"c"/],
  ['a type that there is not', 'relation a: usr', '', /"usr"/],
  ['a caveat that does not compile', 'relation a: user', 'caveat c(x int) { x == "a" }', /never equal/],
  [
    'a mistake beside what is not covered',
    'relation a: user | d#a\n permission b = a->a\n relation e: usr',
    '',
    /"usr"/,
  ],
])('%s is a mistake, and nothing to pass over', async (_, body, caveat, message) => {
  const text = JSON.stringify({ schema: `definition user {} definition d {\n ${body}\n}\n${caveat}` })
  const run = runValidation('x', await loadValidation('x.yaml', async () => text))
  await expect(run).rejects.toThrow(PolicyError)
  await expect(run).rejects.toThrow(message)
})
