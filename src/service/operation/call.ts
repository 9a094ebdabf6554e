/** From a request to a checked call. */
import type { Context } from 'hono'
import type { TSchema } from 'typebox'
import { SallyportError } from '../../errors.ts'
import { type BodyLimits, readBody } from '../body.ts'
import { refuseOtherSites } from '../other-sites.ts'
import { checked } from './check.ts'
import type { Asked, Call, Description, ParameterSchemas } from './operation.ts'

/** Headers that promise something: sent to an operation that does not keep the promise, they are refused. */
const PROMISES = ['idempotency-key', 'if-match', 'if-none-match'] as const

/** @throws SallyportError `E_REQUEST` naming the part that is wrong; ProblemError as `readBody` does, and 403 for calls from other sites */
export async function readCall(c: Context, operation: Description, asked: Asked, limits: BodyLimits): Promise<Call> {
  const { params, query, headers, body } = operation
  if (body === undefined && operation.method !== 'GET') refuseOtherSites(c)
  return {
    ...asked,
    params:
      params === undefined
        ? {}
        : checked(
            params,
            pick(params, (name) => c.req.param(name)),
            'the path',
          ),
    query: readQuery(new URL(c.req.url).searchParams, query),
    headers: readHeaders((name) => c.req.header(name), headers),
    body: body === undefined ? undefined : checked(body, await readBody(c, limits), 'the body'),
  }
}

function readQuery(given: URLSearchParams, schema: ParameterSchemas | undefined): object {
  const values: Record<string, unknown> = Object.create(null)
  for (const [name, text] of given) {
    if (name in values) throw new SallyportError('E_REQUEST', `the query has ${JSON.stringify(name)} twice`)
    values[name] = typed(text, schema?.properties[name])
  }
  const copy = { ...values }
  if (schema !== undefined) return checked(schema, copy, 'the query')
  const [unknown] = Object.keys(copy)
  if (unknown !== undefined) throw new SallyportError('E_REQUEST', 'this operation has no query parameters')
  return copy
}

/** Text that is no number or boolean stays text, which the schema then refuses. */
function typed(text: string, schema: TSchema | undefined): unknown {
  const type = schema !== undefined && 'type' in schema ? schema.type : undefined
  if (type === 'integer' && /^-?\d{1,15}$/.test(text)) return Number(text)
  if (type === 'boolean' && /^(?:true|false)$/.test(text)) return text === 'true'
  return text
}

function readHeaders(header: (name: string) => string | undefined, schema: ParameterSchemas | undefined): object {
  const vain = PROMISES.find(
    (name) => header(name) !== undefined && !(schema !== undefined && name in schema.properties),
  )
  if (vain !== undefined) throw new SallyportError('E_REQUEST', `this operation takes no ${vain} header; leave it out`)
  return schema === undefined ? {} : checked(schema, pick(schema, header), 'the headers')
}

function pick(schema: ParameterSchemas, read: (name: string) => string | undefined): Record<string, string> {
  const found = Object.keys(schema.properties).flatMap((name) => {
    const value = read(name)
    return value === undefined ? [] : [[name, value] as const]
  })
  return Object.fromEntries(found)
}
