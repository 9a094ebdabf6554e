/**
 * From a JSON body to a checked access request (AuthZEN Authorization API 1.0, sections 5 and 6). Fields that the
 * specification does not know are left out, as it asks of receivers.
 */
import type { AccessRequest, Actor, Delegator, Properties } from '../engine/types.ts'
import { isMap } from '../text/is-map.ts'
import { bad, type JsonObject, own } from './json.ts'

export type Subject = AccessRequest['subject']
export type Action = AccessRequest['action']
export type Resource = AccessRequest['resource']

/** The entity that a search looks for: its id is ignored, what is said about it counts. */
export type Searched = { readonly type: string; readonly properties?: Properties }
type ChainOf = Pick<Subject, 'on_behalf_of' | 'delegation_chain'>
export type SearchedSubject = Searched & ChainOf

/**
 * The access request in a body.
 *
 * Beyond the specification, `tenant` may be given: a request that names another tenant than the one asked is denied
 * by the engine, and not silently decided by the wrong policies.
 *
 * @throws SallyportError `E_REQUEST` naming the part that is missing or of the wrong type.
 */
export function readRequest(body: JsonObject): AccessRequest {
  return buildRequest(
    readSubject(own(body, 'subject'), 'subject'),
    readAction(own(body, 'action'), 'action'),
    readResource(own(body, 'resource'), 'resource'),
    readSurroundings(body),
  )
}

/** Puts the parts together; what is not given is left out. */
export function buildRequest(subject: Subject, action: Action, resource: Resource, more: Surroundings): AccessRequest {
  return { subject, action, resource, ...more }
}

export type Surroundings = { readonly context?: Properties; readonly tenant?: string }

/** `context` and `tenant`, both optional. `where` prefixes the names in messages. */
export function readSurroundings(body: JsonObject, where = ''): Surroundings {
  const context = own(body, 'context')
  const tenant = own(body, 'tenant')
  return {
    ...(context === undefined ? {} : { context: readObject(context, `${where}context`) }),
    ...(tenant === undefined ? {} : { tenant: readString(tenant, `${where}tenant`) }),
  }
}

/**
 * A subject, with the actors on whose behalf it asks: nested `on_behalf_of`, or the list `delegation_chain`. Neither is
 * part of AuthZEN 1.0; the second is what openid/authzen issue 416 proposes. That there is only one of them, and how deep it
 * is, the engine checks.
 */
export function readSubject(value: unknown, where: string): Subject {
  return { ...readEntity(value, where), ...readChain(readObject(value, where), where) }
}

/** What a search for subjects says of them: everything but the id. */
export function readSearchedSubject(value: unknown, where: string): SearchedSubject {
  return { ...readSearched(value, where), ...readChain(readObject(value, where), where) }
}

function readChain(object: JsonObject, where: string): ChainOf {
  const nested = own(object, 'on_behalf_of')
  const listed = own(object, 'delegation_chain')
  return {
    ...(nested === undefined ? {} : { on_behalf_of: readDelegator(nested, `${where}.on_behalf_of`) }),
    ...(listed === undefined ? {} : { delegation_chain: readList(listed, `${where}.delegation_chain`) }),
  }
}

/** As deep as bodies may be nested. */
function readDelegator(value: unknown, where: string): Delegator {
  const actor = readEntity(value, where)
  refuseChain(value, where, 'delegation_chain')
  const next = own(readObject(value, where), 'on_behalf_of')
  return next === undefined ? actor : { ...actor, on_behalf_of: readDelegator(next, `${where}.on_behalf_of`) }
}

function readList(value: unknown, where: string): Actor[] {
  if (!Array.isArray(value)) throw bad(`${where} is ${kindOf(value)}; give a list, the root first`)
  return value.map((item: unknown, i) => {
    refuseChain(item, `${where}[${i}]`, 'on_behalf_of', 'delegation_chain')
    return readEntity(item, `${where}[${i}]`)
  })
}

/** What the engine refuses must not be left out: the chain would be shorter than it says. */
function refuseChain(actor: unknown, where: string, ...names: readonly (keyof ChainOf)[]): void {
  const name = names.find((one) => own(readObject(actor, where), one) !== undefined)
  if (name !== undefined) throw bad(`${where} has ${name}; only the subject may have a chain of its own`)
}

export function readResource(value: unknown, where: string): Resource {
  return readEntity(value, where)
}

export function readAction(value: unknown, where: string): Action {
  const object = readObject(value, where)
  return { name: readString(own(object, 'name'), `${where}.name`), ...readProperties(object, where) }
}

export function readSearched(value: unknown, where: string): Searched {
  const object = readObject(value, where)
  return { type: readString(own(object, 'type'), `${where}.type`), ...readProperties(object, where) }
}

function readEntity(value: unknown, where: string): Actor {
  const object = readObject(value, where)
  return {
    type: readString(own(object, 'type'), `${where}.type`),
    id: readString(own(object, 'id'), `${where}.id`),
    ...readProperties(object, where),
  }
}

function readProperties(object: JsonObject, where: string): { readonly properties?: Properties } {
  const properties = own(object, 'properties')
  return properties === undefined ? {} : { properties: readObject(properties, `${where}.properties`) }
}

export function readObject(value: unknown, where: string): JsonObject {
  if (!isMap(value)) throw bad(`${where} is ${kindOf(value)}; give an object`)
  return value
}

export function readString(value: unknown, where: string): string {
  if (typeof value !== 'string') throw bad(`${where} is ${kindOf(value)}; give a string`)
  return value
}

/** What a wrong value is, in words. */
export function kindOf(value: unknown): string {
  if (value === undefined) return 'missing'
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'a list'
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`
}
