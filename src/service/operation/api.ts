/** An API is a list of operations and what admits calls to them. The app mounts it at the root and below each tenant's path. */
import { Hono, type Context as HonoContext } from 'hono'
import type { ContentfulStatusCode, StatusCode } from 'hono/utils/http-status'
import type { Limits } from '../../authzen/limits.ts'
import { isRequestError, SallyportError } from '../../errors.ts'
import type { Pace } from '../../pace.ts'
import type { BodyLimits } from '../body.ts'
import { type PointOptions, pointOf } from '../point.ts'
import { ProblemError } from '../problem.ts'
import { readCall } from './call.ts'
import type { Answer, Asked, Description, Operation } from './operation.ts'
import { statusOf } from './status.ts'

export interface ApiOptions extends PointOptions {
  readonly body: BodyLimits
  readonly limits: Pick<Limits, 'time'>
  /** A new one for each request. */
  readonly pace: () => Pace
}

export interface Api {
  readonly operations: readonly Description[]
  readonly routes: (options: ApiOptions) => Hono
}

/** What is `published`: it knows no caller, no tenant and nothing of the request. */
export interface Publication extends Description {
  publish(): Answer | Promise<Answer>
}

export interface ApiParts<Context> {
  readonly operations: readonly Operation<Context>[]
  readonly publications?: readonly Publication[]
  /**
   * What an operation works with. Called when the caller and the tenant are known and before the body is read: who may not call the operation
   * at all is refused here, by a ProblemError.
   */
  readonly admit: (operation: Operation<Context>, asked: Asked) => Context | Promise<Context>
}

/** @example createApp({ engine, apis: [defineApi({ operations, admit })] }) */
export function defineApi<Context>({ operations, publications = [], admit }: ApiParts<Context>): Api {
  return {
    operations: [...operations, ...publications],
    routes: (options) => {
      const routes = new Hono()
      for (const operation of operations) addRoute(routes, operation, admit, options)
      for (const publication of publications) {
        routes.on(publication.method, honoPath(publication), (c) => answering(c, () => publication.publish()))
      }
      return routes
    },
  }
}

function addRoute<Context>(
  routes: Hono,
  operation: Operation<Context>,
  admit: ApiParts<Context>['admit'],
  options: ApiOptions,
): void {
  routes.on(operation.method, honoPath(operation), async (c) => {
    const { tenant, point } = await pointOf(c, options)
    const asked = { tenant, point, signal: c.req.raw.signal, pace: options.pace(), limits: options.limits }
    return answering(c, async () => {
      const context = await admit(operation, asked)
      return operation.answer(await readCall(c, operation, asked, options.body), context)
    })
  })
}

function honoPath({ path }: Description): string {
  return path.replace(/\{(\w+)\}/g, ':$1')
}

async function answering(c: HonoContext, answer: () => Answer | Promise<Answer>): Promise<Response> {
  try {
    const { status, body, headers } = await answer()
    // Answers are of one caller at one time, unless they say otherwise.
    const all = { 'Cache-Control': 'no-store', ...headers }
    return body === undefined
      ? c.body(null, status as StatusCode, all)
      : c.json(body, status as ContentfulStatusCode, all)
  } catch (error) {
    throw asProblem(error)
  }
}

/** Errors of the library that are about the call, as what they are over HTTP; the others are faults of ours. */
function asProblem(error: unknown): unknown {
  if (!(error instanceof SallyportError) || isRequestError(error)) return error
  const status = statusOf(error.code)
  if (status === undefined) return error
  return new ProblemError(status, error.code, error.message, status === 503 ? { headers: { 'Retry-After': '1' } } : {})
}
