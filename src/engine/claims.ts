/**
 * From the claims of a verified token to a subject with its chain. A token of RFC 8693 is about `sub`, on whose behalf all is
 * done: the root of the chain. The outermost `act` is the current actor, an `act` inside it the actor before it (section 4.1).
 *
 * That section says that prior actors inform and do not count in access control. Here they are delegators: limits of depth
 * and conditions on every ancestor then see the whole way. `priorActors: 'leave_out'` follows the section to the letter.
 */
import { SallyportError } from '../errors.ts'
import { isMap } from '../text/is-map.ts'
import type { Actor, Delegator, Properties, Subject } from './types.ts'

export interface ClaimsOptions {
  /** The type of the root, or how to tell it from its claims; `user` when left out. */
  readonly rootType?: TypeOfClaims
  /** The type of an actor, likewise; `agent` when left out. */
  readonly actorType?: TypeOfClaims
  /** Claims that become properties, of the token for the root, of an `act` for an actor; `iss` and `client_id` when left out. */
  readonly properties?: readonly string[]
  /** What becomes of actors before the current one; `include` when left out. */
  readonly priorActors?: 'include' | 'leave_out'
}

export type TypeOfClaims = string | ((claims: Properties) => string)

/** Nested deeper than any policy permits: such a token is refused before it is read on. */
const DEEPEST = 64

/**
 * The subject that the claims describe: the current actor, on behalf of prior actors, on behalf of the token's `sub`; or
 * that alone where nobody acts for it. The caller has verified the token: signature, issuer, audience, time.
 *
 * @throws SallyportError `E_REQUEST` when `sub` is missing, or an `act` is no object with one.
 * @example
 * subjectFromClaims({ sub: 'alice', act: { sub: 'planner' } })
 * // { type: 'agent', id: 'planner', on_behalf_of: { type: 'user', id: 'alice' } }
 */
export function subjectFromClaims(claims: Properties, options: ClaimsOptions = {}): Subject {
  const { rootType = 'user', actorType = 'agent', properties = ['iss', 'client_id'], priorActors = 'include' } = options
  if (!isMap(claims)) throw bad('the claims of a token must be an object')
  // The current actor first, as in the token.
  const actors: Actor[] = []
  let where = 'act'
  for (let act = own(claims, 'act'); act !== undefined; act = own(act as Properties, 'act')) {
    if (!isMap(act)) throw bad(`the claim ${where} must be an object`)
    if (actors.length === DEEPEST)
      throw new SallyportError('E_CHAIN_DEPTH', `the token has more than ${DEEPEST} actors`)
    actors.push(actorOf(act, actorType, properties, where))
    where += '.act'
  }
  const root = actorOf(claims, rootType, properties, '')
  const chain = priorActors === 'include' ? actors : actors.slice(0, 1)
  return chain.reduceRight<Delegator>((behind, actor) => ({ ...actor, on_behalf_of: behind }), root)
}

function actorOf(claims: Properties, type: TypeOfClaims, names: readonly string[], where: string): Actor {
  const id = own(claims, 'sub')
  if (typeof id !== 'string' || id === '') {
    throw bad(`the claim ${where === '' ? 'sub' : `${where}.sub`} must be a string that is not empty`)
  }
  const properties = Object.fromEntries(
    names.flatMap((name) => {
      const value = own(claims, name)
      return value === undefined ? [] : [[name, value]]
    }),
  )
  const named = typeof type === 'string' ? type : type(claims)
  return { type: named, id, ...(Object.keys(properties).length > 0 && { properties }) }
}

function own(claims: Properties, name: string): unknown {
  return Object.hasOwn(claims, name) ? claims[name] : undefined
}

function bad(message: string): SallyportError {
  return new SallyportError('E_REQUEST', message)
}
