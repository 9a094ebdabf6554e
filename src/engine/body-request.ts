/** The request in a body as an object, for what the core does not do with bytes. */
import type { AccessRequest, Actor, Delegator, Subject } from './types.ts'

/**
 * Reads a body that the core has found to be a request. Only what a request over the wire may hold is taken over: of the
 * host's `state` it says nothing.
 */
export function readBodyRequest(body: Uint8Array): AccessRequest {
  const request = JSON.parse(DECODER.decode(body)) as AccessRequest
  return {
    ...pick(request, 'context', 'tenant'),
    subject: readSubject(request.subject),
    action: pick(request.action, 'name', 'properties'),
    resource: readActor(request.resource),
  }
}

const DECODER = new TextDecoder('utf-8', { fatal: true })

function readSubject(subject: Subject): Subject {
  const { delegation_chain: listed } = pick(subject, 'delegation_chain')
  return { ...readDelegator(subject), ...(listed !== undefined && { delegation_chain: listed.map(readActor) }) }
}

function readDelegator(actor: Delegator): Delegator {
  const { on_behalf_of: nested } = pick(actor, 'on_behalf_of')
  return { ...readActor(actor), ...(nested !== undefined && { on_behalf_of: readDelegator(nested) }) }
}

function readActor(actor: Actor): Actor {
  return pick(actor, 'type', 'id', 'properties')
}

/** The own properties of these names, as far as they are there. */
function pick<T extends object, K extends keyof T>(object: T, ...keys: readonly K[]): Pick<T, K> {
  const picked: Partial<Pick<T, K>> = {}
  for (const key of keys) if (Object.hasOwn(object, key)) picked[key] = object[key]
  return picked as Pick<T, K>
}
