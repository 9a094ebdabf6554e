/** OpenFGA's sample stores (github.com/openfga/sample-stores): models, tuples and assertions that no one here wrote. */
import { readdirSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { runStore } from '../../../src/openfga/run-store.ts'
import { loadStore, type Store, StoreFormError } from '../../../src/openfga/store-file.ts'
import { YamlFormError } from '../../../src/openfga/yaml-file.ts'

const folder = 'test/vectors/openfga-stores/stores'
const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.fga.yaml'))
  .sort()

const load = (name: string): Promise<Store> => loadStore(join(folder, name), (path) => readFile(path, 'utf8'))

test('the stores are all there', () => {
  expect(files.length).toBe(32)
})

describe('every assertion holds', () => {
  let assertions = 0
  test.each(files)('%s', async (name) => {
    const { results } = await runStore(await load(name))
    expect(results.length).toBeGreaterThan(0)
    expect(results.filter(({ passed }) => !passed)).toEqual([])
    assertions += results.length
  })
  test('and none was passed over', () => {
    expect(assertions).toBe(363)
  })
})

describe('an assertion that does not hold', () => {
  const change = async (edit: (store: Store) => Partial<Store>) => {
    const store = await load('github/store.fga.yaml')
    const { results } = await runStore({ ...store, ...edit(store) })
    return results.filter(({ passed }) => !passed)
  }

  test('fails when a tuple is missing', async () => {
    const failures = await change(({ tuples }) => ({ tuples: tuples.slice(1) }))
    expect(failures.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['check', 'list_users']))
    expect(failures[0]).toMatchObject({ asked: 'user:erik reader repo:openfga/openfga', expected: true, got: false })
  })

  test('fails with what the engine said when it asks for a relation that there is not', async () => {
    const failures = await change(({ tests }) => ({
      tests: tests.map((one) => ({
        ...one,
        check: one.check.map((each) => ({ ...each, assertions: { nothing: true } })),
      })),
    }))
    expect(failures[0]?.error).toMatch(/no relation "nothing"/)
  })
})

test('what cannot be said is no "no"', async () => {
  const model = [
    'model',
    '  schema 1.1',
    'type user',
    'type note',
    '  relations',
    '    define reader: [user with early]',
    'condition early(hour: int) {',
    '  hour < 17',
    '}',
  ].join('\n')
  const tests = (context?: object) => [
    {
      name: 't',
      check: [{ user: 'user:ann', object: 'note:1', context, assertions: { reader: false } }],
      list_objects: [{ user: 'user:ann', type: 'note', context, assertions: { reader: [] } }],
      list_users: [
        { object: 'note:1', user_filter: [{ type: 'user' }], context, assertions: { reader: { users: [] } } },
      ],
    },
  ]
  const tuples = [{ user: 'user:ann', relation: 'reader', object: 'note:1', condition: { name: 'early' } }]
  const run = async (context?: object) => {
    const text = JSON.stringify({ name: 'N', model, tuples, tests: tests(context) })
    const { results } = await runStore(await loadStore('x.fga.yaml', async () => text))
    return results.map(({ passed, got, error }) => (passed ? 'passed' : (error ?? got)))
  }
  expect(await run()).toEqual([
    'not evaluable: condition',
    'note:1: not evaluable: condition',
    'user:ann: not evaluable: condition',
  ])
  expect(await run({ hour: 18 })).toEqual(['passed', 'passed', 'passed'])
  expect(await run({ hour: 9 })).toEqual([true, ['note:1'], ['user:ann']])
})

test.each([
  ['[]', 'a store file must be a map'],
  ['name: x', 'model must be a string'],
  ['model: x\ntuples: {}', 'tuples must be a list'],
  ['model: x\ntuple: []', 'unknown key "tuple" in a store file; did you mean "tuples"?'],
  ['model: x\ntests: [{ checks: [] }]', 'unknown key "checks" in a test; did you mean "check"?'],
  ['model: x\ntests: [{ check: [{ user: a, object: b, assertion: {} }] }]', 'unknown key "assertion" in check'],
  ['model: x\ntests: [{ check: [{ user: a, object: b, assertions: { r: 1 } }] }]', 'true or false'],
])('%s is no store', async (text, message) => {
  const failure = loadStore('x.fga.yaml', async () => text)
  await expect(failure).rejects.toThrow(StoreFormError)
  await expect(failure).rejects.toThrow(message)
})

test('tuples come from all files that are named, and what is no YAML is told with its file', async () => {
  const texts: Readonly<Record<string, string>> = {
    'x.fga.yaml': 'model: x\ntuple_file: a.yaml\ntuple_files: [b.yaml, c.yaml]\ntests: [{ description: none }]',
    'a.yaml': '- { user: u:a, relation: r, object: o:1 }',
    'b.yaml': '- { user: u:b, relation: r, object: o:1 }',
    'c.yaml': '[{ "user": "u:c", "relation": "r", "object": "o:1" }]',
  }
  const store = await loadStore('x.fga.yaml', async (path) => texts[path] ?? '')
  expect(store.tuples.map(({ subject }) => subject)).toEqual(['u:a', 'u:b', 'u:c'])
  const broken = loadStore('x.fga.yaml', async (path) => (path === 'c.yaml' ? '- [a' : (texts[path] ?? '')))
  await expect(broken).rejects.toThrow(/^c\.yaml: .* at line \d+, column \d+$/)
  await expect(broken).rejects.toThrow(YamlFormError)
})
