/** How a request of the wire is decided: by the engine, and by the profiles that the PDP speaks. */

import type { AccessRequest, Engine } from '../engine/types.ts'
import { type ErrorCode, SallyportError } from '../errors.ts'
import { formatDecision, type WireDecision } from './decision.ts'
import type { JsonObject } from './json.ts'
import type { PlainSchema } from './plain-schema.ts'

/** Decides one request, or throws SallyportError `E_REQUEST` as the engine does. */
export type Decide = (request: AccessRequest) => WireDecision | Promise<WireDecision>

/** Who sends a request to the PDP, as proved: an enforcement point, an application, an administrator. Not the subject it asks about. */
export interface Caller {
  readonly id: string
  /** `service` where nothing else is known. */
  readonly type: string
  /** The tenants it may use; for all others it is as if they were not there. */
  readonly tenants: readonly string[] | 'all'
  /** What else is known of it, such as roles and scopes: for policies on what callers may do. */
  readonly attributes: Readonly<Record<string, unknown>>
  readonly proof: CallerProof
}

/** How a caller has proved who it is. */
export type CallerProof = 'api-key' | 'jwt' | 'mtls' | 'callback'

/** Where, when and for whom it is decided: one tenant's engine. */
export interface DecisionPoint {
  readonly engine: Engine
  /** Milliseconds since the epoch. */
  readonly now: number
  /** The URL of the PDP, without a slash at its end. */
  readonly base: string
  readonly caller: Caller | undefined
  /** A search asks about many candidates, and keeps only those that are allowed. */
  readonly purpose: 'evaluation' | 'search'
}

/** An addition to the plain API, by a profile of AuthZEN. */
export interface Profile {
  /** What it adds to the discovery document of the PDP at `base`. */
  readonly describe: (base: string) => Readonly<Record<string, unknown>>
  /** URNs of AuthZEN's registry of capabilities. */
  readonly capabilities: readonly string[]
  /** Puts itself around what decides so far. */
  readonly around: (decide: Decide, point: DecisionPoint) => Decide
  readonly endpoints?: readonly Endpoint[]
  /** Whether it is of no use, or no good, where callers do not prove who they are. */
  readonly needsCaller?: boolean
}

/** Where an endpoint of a profile is, and what documents say of it. */
export interface DescribedEndpoint {
  readonly method: 'GET' | 'POST'
  /** Below the base URL; `:name` stands for one segment. */
  readonly path: string
  readonly description: EndpointDescription
}

/** In the words of OpenAPI 3.1, whose schemas are JSON Schema 2020-12. */
export interface EndpointDescription {
  readonly operationId: string
  /** One line. */
  readonly summary: string
  /** That it reads, by names in lower case; none is required. */
  readonly headers?: Readonly<Record<string, PlainSchema>>
  readonly body?: PlainSchema
  readonly answers: Readonly<
    Record<
      number,
      { readonly description: string; readonly body: PlainSchema; readonly headers?: Readonly<Record<string, string>> }
    >
  >
  /** The statuses of problems besides 400, 401, 404 and 500. */
  readonly problems?: readonly number[]
}

/** An endpoint of a profile, in terms of HTTP, but without its machinery. */
export interface Endpoint extends DescribedEndpoint {
  /** Throws SallyportError for what is wrong with the call, ProfileError where the profile has a problem type for it. */
  readonly answer: (call: EndpointCall) => Promise<EndpointAnswer>
}

export interface EndpointCall {
  readonly point: DecisionPoint
  /** The body as a JSON object; throws SallyportError `E_REQUEST`. */
  readonly body: () => Promise<JsonObject>
  readonly param: (name: string) => string
  readonly header: (name: string) => string | undefined
}

export interface EndpointAnswer {
  readonly status: 200 | 201 | 202
  readonly body: object
  readonly headers?: Readonly<Record<string, string>>
}

/** A problem for which a profile defines a type (RFC 9457, section 3.1.1). */
export class ProfileError extends SallyportError {
  readonly type: string
  readonly status: 400 | 404 | 409 | 410 | 503

  constructor(code: ErrorCode, message: string, type: string, status: ProfileError['status']) {
    super(code, message)
    this.type = type
    this.status = status
  }
}

/**
 * The engine's decision in the form of the wire, at the time `now` (milliseconds since the epoch).
 *
 * @example answerEvaluation(decideBy(engine, Date.now()), body)
 */
export function decideBy(engine: Engine, now: number): (request: AccessRequest) => WireDecision {
  return (request) => formatDecision(engine.evaluate(request, { now }))
}

/** The same, with profiles around it: the last one has the last word. */
export function decideAt(point: DecisionPoint, profiles: readonly Profile[]): Decide {
  return profiles.reduce<Decide>((decide, profile) => profile.around(decide, point), decideBy(point.engine, point.now))
}
