/** The OpenAPI 3.1 document of a list of operations (https://spec.openapis.org/oas/v3.1.1). */
import type { AnswerDescription, Description } from './operation.ts'

/** A JSON value as it stands in the document. */
type Json = { readonly [name: string]: unknown }

export interface DocumentInfo {
  readonly title: string
  readonly version: string
  readonly description?: string
}

/**
 * The document without its servers. Schemas with an `$id` become components of that name, so that clients have names for them; the same
 * `$id` must mean the same schema.
 */
export function openApiDocument(operations: readonly Description[], info: DocumentInfo): Json {
  const components = new Map<string, Json>()
  const paths: Record<string, Json> = {}
  for (const operation of operations) {
    const { path, method } = operation
    paths[path] = { ...paths[path], [method.toLowerCase()]: operationObject(operation, components) }
  }
  return {
    openapi: '3.1.1',
    jsonSchemaDialect: 'https://json-schema.org/draft/2020-12/schema',
    info,
    tags: [...new Set(operations.map(({ tag }) => tag))].map((name) => ({ name })),
    // Whether and how callers prove who they are is set up by whoever runs the service; the challenge of a 401 says it.
    security: [{}, { bearer: [] }],
    paths,
    components: {
      schemas: Object.fromEntries([...components, ['Problem', problemSchema]]),
      securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } },
    },
  }
}

/**
 * The document for a service.
 *
 * @param base the URL of the service, without a slash at its end
 */
export function servedAt(document: Json, base: string): Json {
  const { openapi, jsonSchemaDialect, info, ...rest } = document
  const tenants = { url: `${base}/tenants/{tenant}`, description: 'One of several tenants.' }
  const servers = [rootServer(base), { ...tenants, variables: { tenant: { default: 'default' } } }]
  return { openapi, jsonSchemaDialect, info, servers, ...rest, paths: atServer(rest.paths as Paths, base) }
}

type Paths = { readonly [path: string]: { readonly [method: string]: Json } }

/** The operations that are at the root alone name it themselves. */
function atServer(paths: Paths, base: string): Paths {
  const moved = (operation: Json) =>
    'servers' in operation ? { ...operation, servers: [rootServer(base)] } : operation
  const each = <V, R>(of: { readonly [name: string]: V }, change: (value: V) => R) =>
    Object.fromEntries(Object.entries(of).map(([name, value]) => [name, change(value)]))
  return each(paths, (path) => each(path, moved))
}

function rootServer(base: string): Json {
  return { url: base === '' ? '/' : base, description: 'The tenant at the root.' }
}

function operationObject(operation: Description, components: Map<string, Json>): Json {
  const { operationId, tag, summary, description, permission, published, atRoot, body, answers } = operation
  const responses: Record<string, Json> = {}
  for (const [status, answer] of Object.entries(answers)) responses[status] = responseObject(answer, components)
  for (const status of problemsOf(operation)) responses[status] ??= problemResponse
  const parameters = parametersOf(operation, components)
  return {
    operationId,
    tags: [tag],
    summary,
    ...(description !== undefined && { description }),
    ...(published && { security: [] }),
    ...(atRoot && { servers: [rootServer('')] }),
    ...(permission !== undefined && { 'x-permission': permission }),
    ...(parameters.length > 0 && { parameters }),
    ...(body !== undefined && {
      requestBody: { required: true, content: { 'application/json': { schema: hoisted(body, components) } } },
    }),
    responses,
  }
}

/** 404 is of the tenant as well, 503 of whoever knows the callers or keeps the data. */
function problemsOf({ permission, published, params, body, problems = [] }: Description): readonly number[] {
  return [
    ...(published ? [] : [400, 401, 404, 429, 503]),
    ...(permission === undefined ? [] : [403]),
    ...(params === undefined ? [] : [404]),
    ...(body === undefined ? [] : [408, 413]),
    ...problems,
    500,
  ]
}

function parametersOf({ params, query, headers }: Description, components: Map<string, Json>): readonly Json[] {
  const places = [
    { place: 'path', schema: params },
    { place: 'query', schema: query },
    { place: 'header', schema: headers },
  ] as const
  return places.flatMap(({ place, schema }) => {
    const required = new Set(schema?.required ?? [])
    return Object.entries(schema?.properties ?? {}).map(([name, one]) => {
      const { description, ...rest } = hoisted(one, components)
      return {
        name,
        in: place,
        required: required.has(name),
        ...(description !== undefined && { description }),
        schema: rest,
      }
    })
  })
}

function responseObject(
  { description, mediaType = 'application/json', body, headers = {} }: AnswerDescription,
  components: Map<string, Json>,
): Json {
  const described = Object.entries(headers).map(([name, text]) => [
    name,
    { description: text, schema: { type: 'string' } },
  ])
  return {
    description,
    ...(described.length > 0 && { headers: Object.fromEntries(described) }),
    ...(body !== undefined && { content: { [mediaType]: { schema: hoisted(body, components) } } }),
  }
}

/** The schema with what has a name replaced by a reference. */
function hoisted(schema: unknown, components: Map<string, Json>): Json {
  return hoist(schema, components) as Json
}

function hoist(value: unknown, components: Map<string, Json>): unknown {
  if (Array.isArray(value)) return value.map((item) => hoist(item, components))
  if (typeof value !== 'object' || value === null) return value
  const { $id, $defs, ...rest } = value as Json
  // A schema that names itself carries its definition, which has a name.
  if (typeof $defs === 'object' && $defs !== null) for (const one of Object.values($defs)) hoist(one, components)
  if (typeof $id !== 'string') return inside(rest, components)
  if (!components.has($id)) {
    // Before what is inside: a name may occur within itself.
    components.set($id, {})
    components.set($id, inside(rest, components))
  }
  return { $ref: `#/components/schemas/${$id}` }
}

function inside(schema: Json, components: Map<string, Json>): Json {
  const entries = Object.entries(schema).map(([name, value]) =>
    name === '$ref' ? [name, `#/components/schemas/${value}`] : [name, hoist(value, components)],
  )
  return Object.fromEntries(entries)
}

const problemSchema: Json = {
  type: 'object',
  description: 'What went wrong (RFC 9457).',
  required: ['title', 'status', 'code', 'detail'],
  properties: {
    type: { type: 'string', description: 'A URI, where a specification defines one for this problem.' },
    title: { type: 'string' },
    status: { type: 'integer' },
    code: { type: 'string', description: 'A stable code, such as E_REQUEST.' },
    detail: { type: 'string', description: 'One line: what is wrong and what to do.' },
  },
}

const problemResponse: Json = {
  description: 'A problem.',
  content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
}
