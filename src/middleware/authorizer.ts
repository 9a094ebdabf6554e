/** May this request proceed? The same for every framework. */
import type { AccessRequest, Decision, Subject } from '../engine/types.ts'
import { denied, underReview, unidentified } from './refusal.ts'
import type {
  ActionOf,
  ActorRequirement,
  Authorizer,
  AuthorizerOptions,
  Incoming,
  Resource,
  ResourceOf,
  Verdict,
} from './types.ts'

/**
 * The part of the middlewares that knows no framework. Pass it to that of yours: `honoMiddleware`, `expressMiddleware`,
 * `fastifyMiddleware`, `fetchMiddleware`.
 *
 * @example
 * const authorizer = createAuthorizer({ engine, subject: subjectFromJwt({ issuer, audience, keys }), now: Date.now })
 * const { requirePermission } = honoMiddleware(authorizer)
 * app.get('/records/:id', requirePermission('read', { type: 'record', param: 'id' }), handler)
 */
export function createAuthorizer(options: AuthorizerOptions): Authorizer {
  const { challenge = 'Bearer' } = options
  const identified = (check: (subject: Subject, incoming: Incoming) => Verdict | Promise<Verdict>) => {
    return async (incoming: Incoming): Promise<Verdict> => {
      const subject = await options.subject(incoming)
      return subject === undefined ? { refusal: unidentified(challenge) } : check(subject, incoming)
    }
  }
  return {
    permission: (action, resource) =>
      identified(async (subject, incoming) => {
        const request = await buildRequest(subject, action, resource, incoming, options)
        const decision = await options.engine.evaluate(request, { now: options.now() })
        return judge(request, decision, incoming, options)
      }),
    actor: (requirement) =>
      identified((subject) =>
        fits(subject, requirement)
          ? { authorization: { subject } }
          : { refusal: denied('E_ACTOR', 'this is not for the kind of actor that you are') },
      ),
  }
}

async function buildRequest(
  subject: Subject,
  action: ActionOf,
  resource: ResourceOf,
  incoming: Incoming,
  { context }: AuthorizerOptions,
): Promise<AccessRequest> {
  const named = typeof action === 'function' ? action(incoming) : action
  return {
    subject,
    action: typeof named === 'string' ? { name: named } : named,
    resource: await resourceOf(resource, incoming),
    ...(context === undefined ? {} : { context: context(incoming) }),
  }
}

async function resourceOf(resource: ResourceOf, incoming: Incoming): Promise<Resource> {
  if (typeof resource === 'function') return resource(incoming)
  if (!('param' in resource)) return resource
  const { type, param } = resource
  const id = Object.hasOwn(incoming.params, param) ? incoming.params[param] : undefined
  if (id === undefined) {
    // A mistake in the program. How the parts of a list make an id is for the program to say.
    const isList = Object.hasOwn(incoming.lists ?? {}, param)
    const why = isList
      ? `its parameter ${param} is a list; name the resource by a function`
      : `it has no parameter ${param}`
    throw new TypeError(`the route does not give the id of a resource: ${why}`)
  }
  return { type, id }
}

async function judge(
  request: AccessRequest,
  decision: Decision,
  incoming: Incoming,
  { review, fulfil, tellReasons = false }: AuthorizerOptions,
): Promise<Verdict> {
  const { subject } = request
  const detail = tellReasons ? decision.reason : 'you may not do this'
  if (decision.status === 'review' && review !== undefined) {
    return { refusal: underReview(await review({ subject, decision, request })) }
  }
  if (!decision.decision) return { refusal: denied('E_DENIED', detail) }
  const { obligations } = decision
  if (obligations.length > 0 && !(await fulfil?.(obligations, incoming))) {
    return { refusal: denied('E_OBLIGATION', 'what would have to be done with it cannot be done here') }
  }
  return { authorization: { subject, decision } }
}

function fits(subject: Subject, { type, delegated }: ActorRequirement): boolean {
  const acts = subject.on_behalf_of !== undefined || (subject.delegation_chain?.length ?? 0) > 0
  if (delegated !== undefined && delegated !== acts) return false
  return type === undefined || (typeof type === 'string' ? type === subject.type : type.includes(subject.type))
}
