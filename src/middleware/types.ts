/** What the middlewares have in common: a request as they see it, and what is asked about it. */
import type { AccessRequest, Decision, Properties, Subject } from '../engine/types.ts'
import type { Obligation } from '../policy/document.ts'

/** A request of any framework. */
export interface Incoming {
  readonly method: string
  /** Path and query, or a whole URL, as the framework gives it. */
  readonly url: string
  /** The value of a header; undefined when it is not there. */
  readonly header: (name: string) => string | undefined
  /** Of the route: `{ id: '7' }`. */
  readonly params: Readonly<Record<string, string>>
  /** Those of them that are lists: `{ path: ['a', 'b'] }` of Express' `/files/*path` and Next's `[...path]`. */
  readonly lists?: Readonly<Record<string, readonly string[]>>
}

/** Who asks; undefined when the request does not say, or does not prove it. */
export type IdentifySubject = (incoming: Incoming) => Subject | undefined | Promise<Subject | undefined>

export type Resource = AccessRequest['resource']
export type Action = AccessRequest['action']

/** An action by name, or by request. */
export type ActionOf = string | ((incoming: Incoming) => Action | string)
/** A resource, one whose id is a parameter of the route, or one by request. */
export type ResourceOf =
  | Resource
  | { readonly type: string; readonly param: string }
  | ((incoming: Incoming) => Resource | Promise<Resource>)

/** Who has to be the one that acts, which is the first of the chain. */
export interface ActorRequirement {
  /** One of these types; left out: any. */
  readonly type?: string | readonly string[]
  /** `true`: on behalf of someone; `false`: for itself; left out: either. */
  readonly delegated?: boolean
}

/** What decides: an engine does. */
export interface Decider {
  evaluate(request: AccessRequest, options: { readonly now: number }): Decision | Promise<Decision>
}

export interface AuthorizerOptions {
  readonly engine: Decider
  readonly subject: IdentifySubject
  /** Attributes of the environment; none when left out. */
  readonly context?: (incoming: Incoming) => Properties
  /**
   * Where the one who asks can see what becomes of a review, a URL: it is answered with 202 and this `Location`. Left out: a
   * review is a denial.
   */
  readonly review?: (review: Authorization & { readonly request: AccessRequest }) => string | Promise<string>
  /**
   * Meets the obligations of an allow, and says whether it could. Left out: an allow with obligations is a denial, since
   * nobody meets them.
   */
  readonly fulfil?: (obligations: readonly Obligation[], incoming: Incoming) => boolean | Promise<boolean>
  /** Whether a denial tells the reason of its decision, which may say something about policies; no when left out. */
  readonly tellReasons?: boolean
  /** `WWW-Authenticate` for those who do not say who they are; `Bearer` when left out. */
  readonly challenge?: string
  /** The clock: milliseconds since the epoch. */
  readonly now: () => number
}

/** What was found out about a request that may proceed. */
export interface Authorization {
  readonly subject: Subject
  /** Where a permission was asked for. */
  readonly decision?: Decision
}

/** A refusal, ready to be sent. */
export interface Refusal {
  readonly status: 202 | 401 | 403
  readonly headers: Readonly<Record<string, string>>
  /** JSON text. */
  readonly body: string
}

export type Verdict = { readonly authorization: Authorization } | { readonly refusal: Refusal }

/** What each framework's middleware calls. */
export interface Authorizer {
  permission(action: ActionOf, resource: ResourceOf): (incoming: Incoming) => Promise<Verdict>
  actor(requirement: ActorRequirement): (incoming: Incoming) => Promise<Verdict>
}
