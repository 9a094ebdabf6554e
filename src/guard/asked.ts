/** The request that a method of the guard works with: the caller's as it was when it called, and of the form that a request has. */
import { error, hasParts, requestError } from '../engine/request.ts'
import type { AccessRequest } from '../engine/types.ts'
import { SallyportError } from '../errors.ts'
import { isMap } from '../text/is-map.ts'
import { copyOf, unreadable } from './copy.ts'

/** The most delegators that policies can permit. */
const DEEPEST = 64

/** @throws SallyportError as `checkRequest`, and for what cannot be copied */
export function requestAsked(request: AccessRequest): AccessRequest {
  const asked = copyOf(request)
  try {
    checkRequest(asked)
  } catch (cause) {
    // A getter of its class, which finds nothing in a copy.
    throw unreadable(cause)
  }
  return asked
}

/**
 * What the engine leaves alone until a policy reads it, others of the guard read always: keys of limits, digests, events of the log. So it
 * is looked at before anything is used up.
 *
 * @throws SallyportError `E_REQUEST`; `E_CHAIN_DEPTH` for a chain that is longer than any policies permit
 */
export function checkRequest(request: AccessRequest): void {
  if (!hasParts(request)) throw requestError(request)
  const { subject, action, resource, context, state } = request
  const areTexts = [subject.type, subject.id, action.name, resource.type, resource.id].every(isText)
  if (!areTexts || !isOptionalMap(context) || !isOptionalMap(state)) throw requestError(request)
  checkChain(subject)
}

function isText(value: unknown): boolean {
  return typeof value === 'string'
}

function isOptionalMap(value: unknown): boolean {
  return value === undefined || isMap(value)
}

function checkChain({ on_behalf_of, delegation_chain }: AccessRequest['subject']): void {
  if (delegation_chain !== undefined) {
    if (!Array.isArray(delegation_chain)) throw error('subject.delegation_chain', 'a list', delegation_chain)
    if (delegation_chain.length > DEEPEST) throw tooDeep()
    for (const [i, actor] of delegation_chain.entries()) checkActor(`subject.delegation_chain[${i}]`, actor)
  }
  let depth = 0
  for (let actor = on_behalf_of; actor !== undefined; actor = actor.on_behalf_of) {
    if (depth === DEEPEST) throw tooDeep()
    checkActor(`subject.on_behalf_of${'.on_behalf_of'.repeat(depth)}`, actor)
    depth++
  }
}

function checkActor(where: string, actor: unknown): void {
  if (!isMap(actor)) throw error(where, 'an object with type and id', actor)
  for (const key of ['type', 'id'])
    if (typeof actor[key] !== 'string') throw error(`${where}.${key}`, 'a string', actor[key])
}

function tooDeep(): SallyportError {
  return new SallyportError('E_CHAIN_DEPTH', `the actor chain has more than ${DEEPEST} delegators`)
}
