/**
 * Operations of our HTTP APIs: what each is called, what it takes and answers, and what answers it. The routes and the OpenAPI
 * document are both made of this one list, so that neither can say what the other does not.
 */
import type { Static, TObject, TSchema } from 'typebox'
import type { DecisionPoint } from '../../authzen/decide.ts'
import type { Limits } from '../../authzen/limits.ts'
import type { Pace } from '../../pace.ts'
import type { Tenant } from '../tenants.ts'

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/** What is known of an operation without running it. Schemas are JSON Schema 2020-12, as OpenAPI 3.1 has them. */
export interface Description {
  readonly method: Method
  /** Below the base URL of a tenant; `{name}` stands for one segment: `/v1/delegations/{id}`. */
  readonly path: `/${string}`
  /** Unique; the name of the method in clients. */
  readonly operationId: string
  readonly tag: string
  /** One line. */
  readonly summary: string
  readonly description?: string
  /** Read without credentials, and the same for every tenant, also for those that are not there. */
  readonly published?: true
  /** Not below the paths of tenants. */
  readonly atRoot?: true
  /** The action that a caller must be permitted; undefined where everybody who may ask at all may ask this. */
  readonly permission?: string
  /** A member for each `{name}` in the path. */
  readonly params?: ParameterSchemas
  /** Strings, integers and booleans; each at most once. */
  readonly query?: ParameterSchemas
  /** By names in lower case. An `idempotency-key` or `if-match` that is not named here is refused, as it would have no effect. */
  readonly headers?: ParameterSchemas
  readonly body?: TSchema
  /** By status. Problems (RFC 9457) are added to it. */
  readonly answers: Readonly<Record<number, AnswerDescription>>
  /** The statuses of problems that it can answer with, besides those of every operation: `problemsOf` in openapi.ts. */
  readonly problems?: readonly number[]
}

/** A schema for each name. */
export interface ParameterSchemas {
  readonly properties: Readonly<Record<string, TSchema>>
  readonly required?: readonly string[]
}

export interface AnswerDescription {
  readonly description: string
  /** Of the body; `application/json` when left out. */
  readonly mediaType?: string
  /** Left out: the answer has no body. */
  readonly body?: TSchema
  readonly headers?: Readonly<Record<string, string>>
}

/** Who asks what tenant. */
export interface Asked {
  readonly tenant: Tenant
  /** With the caller, as far as it has proved who it is, and the time. */
  readonly point: DecisionPoint
  /** Aborted when the client has gone. */
  readonly signal: AbortSignal
  /** To be asked between the pieces of work that a body makes many of. */
  readonly pace: Pace
  readonly limits: Pick<Limits, 'time'>
}

/** A call whose parts have been held against the operation's schemas. */
export interface Call<Params = object, Query = object, Headers = object, Body = unknown> extends Asked {
  readonly params: Params
  readonly query: Query
  readonly headers: Headers
  readonly body: Body
}

export interface Answer {
  readonly status: number
  /** Left out: 204, or another status without a body. */
  readonly body?: object
  readonly headers?: Readonly<Record<string, string>>
}

/** An operation that can be run with what its API gives it. */
export interface Operation<Context> extends Description {
  answer(call: Call, context: Context): Answer | Promise<Answer>
}

interface Parts<P extends TObject, Q extends TObject, H extends TObject, B extends TSchema> {
  readonly params?: P
  readonly query?: Q
  readonly headers?: H
  readonly body?: B
}

type None = TObject<Record<never, never>>

/**
 * Makes a function that defines operations of one API, so that `answer` knows the types of what the schemas let pass.
 *
 * @example
 * const define = operationsWith<{ readonly guard: Guard }>()
 * const getTask = define({
 *   method: 'GET', path: '/v1/tasks/{id}', operationId: 'getTask', tag: 'tasks', summary: 'Tells of a task.',
 *   params: Type.Object({ id: Type.String() }),
 *   answers: { 200: { description: 'The task.', body: TaskSchema } },
 *   answer: async ({ params }, { guard }) => ({ status: 200, body: await guard.tasks.get(params.id) }),
 * })
 */
export function operationsWith<Context>() {
  return <
    P extends TObject = None,
    Q extends TObject = None,
    H extends TObject = None,
    B extends TSchema = TSchema & { static: undefined },
  >(
    operation: Omit<Description, keyof Parts<P, Q, H, B>> &
      Parts<P, Q, H, B> & {
        answer(call: Call<Static<P>, Static<Q>, Static<H>, Static<B>>, context: Context): Answer | Promise<Answer>
      },
  ): Operation<Context> => operation as Operation<Context>
}
