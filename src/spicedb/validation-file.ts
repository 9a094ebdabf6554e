/**
 * SpiceDB's validation files: a schema, relationships, and what is asserted of them, as `zed validate` reads them.
 * https://authzed.com/docs/spicedb/modeling/validation-testing-debugging
 */
import { parseYaml, unknownKey } from '../openfga/yaml-file.ts'
import { adviceText, didYouMean } from '../policy/suggest.ts'
import { isMap } from '../text/is-map.ts'
import type { TupleObject } from '../tuple/tuple.ts'
import { RelationshipError, readContext, readRelationship, readRelationships } from './relationship.ts'
import { SchemaError } from './scanner.ts'
import { readSchema, type Schema } from './schema.ts'

export interface Validation {
  readonly schema: Schema
  readonly tuples: readonly TupleObject[]
  readonly assertions: readonly Assertion[]
}

export interface Assertion {
  /** The list that it stands in. */
  readonly list: string
  readonly text: string
  readonly subject: string
  readonly relation: string
  readonly object: string
  readonly context: Readonly<Record<string, unknown>>
  readonly expected: Expected
}

/** Whether the subject has the permission, or has it under a caveat that cannot be told without more context. */
export type Expected = boolean | 'caveated'

/** The file is not of the form of a validation file. */
export class ValidationFormError extends Error {
  override name = 'ValidationFormError'
}

const fileKeys = ['schema', 'schemaFile', 'relationships', 'assertions', 'validation'] as const

/**
 * Whether a text in YAML can be meant to be a validation file: it has a schema.
 *
 * @throws YamlFormError when it is no YAML
 */
export function isValidation(whole: string): boolean {
  const document: unknown = parseYaml(whole)
  return typeof document === 'object' && document !== null && ('schema' in document || 'schemaFile' in document)
}

/**
 * Reads a validation file, and the file with its schema when that is another.
 *
 * @param path Of the file; the schema's is relative to it, with slashes.
 * @param read The text of a file by its path.
 * @throws ValidationFormError, YamlFormError, and what `read` throws
 */
export async function loadValidation(path: string, read: (path: string) => Promise<string>): Promise<Validation> {
  const file = record(parseYaml(await read(path)), 'a validation file')
  const unknown = unknownKey(file, fileKeys, 'a validation file')
  if (unknown !== undefined) throw new ValidationFormError(unknown)
  const folder = path.slice(0, path.lastIndexOf('/') + 1)
  const schema =
    file.schemaFile === undefined
      ? text(file.schema, 'schema')
      : await read(folder + text(file.schemaFile, 'schemaFile'))
  try {
    return {
      schema: readSchema(schema),
      tuples: readRelationships(text(file.relationships ?? '', 'relationships')),
      assertions: [...readAssertions(file.assertions), ...readExpected(file.validation)],
    }
  } catch (error) {
    if (error instanceof SchemaError || error instanceof RelationshipError) throw new ValidationFormError(error.message)
    throw error
  }
}

const lists: Readonly<Partial<Record<string, Expected>>> = {
  assertTrue: true,
  assertCaveated: 'caveated',
  assertFalse: false,
}

function readAssertions(value: unknown): Assertion[] {
  const named = record(value ?? {}, 'assertions')
  return Object.entries(named).flatMap(([list, items]) => {
    const expected = lists[list]
    if (expected === undefined) {
      const advice = didYouMean(list, Object.keys(lists))
      throw new ValidationFormError(`there are no assertions called "${list}"; ${adviceText(advice)}`)
    }
    return texts(items ?? [], list).map((item): Assertion => {
      const [, what = '', json] = /^(.*?)(?:\s+with\s+(\{.*\}))?\s*$/s.exec(item) ?? []
      const { object, relation, subject } = readRelationship(what)
      const context = json === undefined ? {} : readContext(json)
      return { list, text: item, object, relation, subject, context, expected }
    })
  })
}

/**
 * Expected relations: every subject that a permission is said to lead to. What is said of exceptions (`[user:* - {user:ann}]`)
 * and of the way (`is <document:1#viewer>`) is left aside.
 */
function readExpected(value: unknown): Assertion[] {
  return Object.entries(record(value ?? {}, 'validation')).flatMap(([what, items]) => {
    const [, object, relation] = /^([^#]+)#([^#]+)$/.exec(what) ?? []
    if (object === undefined || relation === undefined) throw new ValidationFormError(`"${what}" is no permission`)
    return texts(items ?? [], what).map((item): Assertion => {
      const [, subject, caveated] = /^\[([^\s[\]{}]+?)(\[\.\.\.\])?(?:\s+-\s+\{.*\})?\]/s.exec(item) ?? []
      if (subject === undefined) throw new ValidationFormError(`"${item}" names no subject`)
      const read = readRelationship(`${what}@${subject}`)
      const expected = caveated === undefined ? true : 'caveated'
      return {
        list: 'validation',
        text: `${what} ${item}`,
        object,
        relation,
        subject: read.subject,
        context: {},
        expected,
      }
    })
  })
}

function record(value: unknown, what: string): Readonly<Record<string, unknown>> {
  if (isMap(value)) return value
  throw new ValidationFormError(`${what} must be a map`)
}

function text(value: unknown, what: string): string {
  if (typeof value === 'string') return value
  throw new ValidationFormError(`${what} must be a string`)
}

function texts(value: unknown, what: string): readonly string[] {
  if (Array.isArray(value)) return value.map((item) => text(item, `an item of ${what}`))
  throw new ValidationFormError(`${what} must be a list`)
}
