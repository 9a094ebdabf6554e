/**
 * OpenFGA's store files (`*.fga.yaml`): a model, tuples, and what is asserted of them, as `fga model test` reads them.
 * https://openfga.dev/docs/modeling/testing
 */
import { isMap } from '../text/is-map.ts'
import type { TupleObject } from '../tuple/tuple.ts'
import { readModules } from './modules.ts'
import { parseYaml, unknownKey } from './yaml-file.ts'

/** A store with everything that its file refers to. */
export interface Store {
  readonly name: string
  /** The model: OpenFGA's language, or its JSON form. */
  readonly model: string | { readonly [key: string]: unknown }
  readonly tuples: readonly TupleObject[]
  readonly tests: readonly StoreTest[]
}

export interface StoreTest {
  readonly name: string
  /** For this test alone. */
  readonly tuples: readonly TupleObject[]
  readonly check: readonly CheckAssertion[]
  readonly listObjects: readonly ListObjectsAssertion[]
  readonly listUsers: readonly ListUsersAssertion[]
}

interface Asserted<T> {
  readonly context: { readonly [key: string]: unknown } | undefined
  /** By relation. */
  readonly assertions: Readonly<Record<string, T>>
}

export interface CheckAssertion extends Asserted<boolean> {
  readonly user: string
  readonly object: string
}

export interface ListObjectsAssertion extends Asserted<readonly string[]> {
  readonly user: string
  readonly type: string
}

export interface ListUsersAssertion extends Asserted<readonly string[]> {
  readonly object: string
  /** `user`, or `group#member`. */
  readonly type: string
}

/** The file is not of the form of a store. */
export class StoreFormError extends Error {
  override name = 'StoreFormError'
}

/** The keys that the format has: https://openfga.dev/docs/modeling/store-file-format */
const storeKeys = ['name', 'model', 'model_file', 'tuples', 'tuple_file', 'tuple_files', 'tests'] as const
const testKeys = ['name', 'description', 'tuples', 'tuple_file', 'check', 'list_objects', 'list_users'] as const
const assertionKeys = {
  check: ['user', 'users', 'object', 'objects', 'context', 'assertions'],
  list_objects: ['user', 'type', 'context', 'assertions'],
  list_users: ['object', 'user_filter', 'context', 'assertions'],
} as const

/**
 * Reads a store file and what it refers to.
 *
 * @param path Of the file; others are named relative to it, with slashes.
 * @param read The text of a file by its path.
 * @throws StoreFormError, YamlFormError, and what `read` throws
 */
export async function loadStore(path: string, read: (path: string) => Promise<string>): Promise<Store> {
  const beside = (name: string): string =>
    path.includes('/') ? `${path.slice(0, path.lastIndexOf('/'))}/${name}` : name
  const file = record(parseYaml(await read(path)), 'a store file', storeKeys)
  const files = async (value: unknown): Promise<readonly unknown[]> => {
    if (value === undefined) return []
    const name = beside(text(value, 'tuple_file'))
    return list(parseYaml(await read(name), name), `tuples in ${name}`)
  }
  const shared = [...(await files(file.tuple_file)), ...list(file.tuples ?? [], 'tuples')]
  for (const name of list(file.tuple_files ?? [], 'tuple_files')) shared.push(...(await files(name)))
  const tests: StoreTest[] = []
  for (const value of list(file.tests ?? [], 'tests')) {
    const test = record(value, 'a test', testKeys)
    const own = [...(await files(test.tuple_file)), ...list(test.tuples ?? [], 'tuples')]
    tests.push(readTest(test, own))
  }
  return {
    name: typeof file.name === 'string' ? file.name : path,
    model:
      file.model_file === undefined
        ? text(file.model, 'model')
        : await loadModel(beside(text(file.model_file, 'model_file')), read),
    tuples: shared.map(readTuple),
    tests,
  }
}

/** A model's text, or the modules that an `fga.mod` names as one. */
async function loadModel(path: string, read: (path: string) => Promise<string>): Promise<Store['model']> {
  const whole = await read(path)
  if (!path.endsWith('.mod')) return whole
  const { schema, contents } = record(parseYaml(whole, path), 'fga.mod')
  const folder = path.slice(0, path.lastIndexOf('/') + 1)
  const names = list(contents, 'contents').map((name) => text(name, 'an item of contents'))
  const files = await Promise.all(names.map(async (name) => ({ name, contents: await read(folder + name) })))
  return record(readModules(files, text(schema, 'schema')), 'a model')
}

function readTest(test: Readonly<Record<string, unknown>>, tuples: readonly unknown[]): StoreTest {
  const each = (key: keyof typeof assertionKeys) =>
    list(test[key] ?? [], key).map((value) => record(value, key, assertionKeys[key]))
  return {
    name: typeof test.name === 'string' ? test.name : '',
    tuples: tuples.map(readTuple),
    check: each('check').flatMap((one) => {
      const users = one.users === undefined ? [one.user] : list(one.users, 'users')
      const objects = one.objects === undefined ? [one.object] : list(one.objects, 'objects')
      const rest = { context: context(one), assertions: assertions(one, boolean) }
      return users.flatMap((user) =>
        objects.map((object) => ({ user: text(user, 'user'), object: text(object, 'object'), ...rest })),
      )
    }),
    listObjects: each('list_objects').map((one) => ({
      user: text(one.user, 'user'),
      type: text(one.type, 'type'),
      context: context(one),
      assertions: assertions(one, texts),
    })),
    listUsers: each('list_users').flatMap((one) =>
      list(one.user_filter, 'user_filter').map((value) => {
        const { type, relation } = record(value, 'user_filter')
        return {
          object: text(one.object, 'object'),
          type: relation === undefined ? text(type, 'type') : `${text(type, 'type')}#${text(relation, 'relation')}`,
          context: context(one),
          assertions: assertions(one, (asserted) => texts(record(asserted, 'an assertion').users)),
        }
      }),
    ),
  }
}

function readTuple(value: unknown): TupleObject {
  const { user, relation, object, condition } = record(value, 'a tuple')
  const base = { object: text(object, 'object'), relation: text(relation, 'relation'), subject: text(user, 'user') }
  if (condition === undefined) return base
  const { name, context: own } = record(condition, 'a condition')
  return {
    ...base,
    condition: { name: text(name, 'name'), ...(own !== undefined && { context: record(own, 'a context') }) },
  }
}

function context(one: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> | undefined {
  return one.context === undefined ? undefined : record(one.context, 'context')
}

function assertions<T>(
  one: Readonly<Record<string, unknown>>,
  read: (value: unknown) => T,
): Readonly<Record<string, T>> {
  return Object.fromEntries(
    Object.entries(record(one.assertions, 'assertions')).map(([relation, value]) => [relation, read(value)]),
  )
}

/** A map; one whose `keys` are given has no other. */
function record(value: unknown, what: string, keys?: readonly string[]): Readonly<Record<string, unknown>> {
  if (!isMap(value)) throw new StoreFormError(`${what} must be a map`)
  const unknown = keys && unknownKey(value, keys, what)
  if (unknown !== undefined) throw new StoreFormError(unknown)
  return value
}

function list(value: unknown, what: string): readonly unknown[] {
  if (Array.isArray(value)) return value
  throw new StoreFormError(`${what} must be a list`)
}

function text(value: unknown, what: string): string {
  if (typeof value === 'string') return value
  throw new StoreFormError(`${what} must be a string`)
}

function texts(value: unknown): readonly string[] {
  return list(value ?? [], 'an assertion').map((item) => text(item, 'an item of an assertion'))
}

function boolean(value: unknown): boolean {
  if (typeof value === 'boolean') return value
  throw new StoreFormError('an assertion of check must be true or false')
}
