/** Attribute paths: "Paths" and "Entities" of docs/policy-reference.md. */
import type { AccessRequest } from '../../src/engine/types.ts'
import type { Entity, PolicyDocument } from '../../src/policy/document.ts'
import { namesOnResource } from './held-roles.ts'
import { kindOf } from './values.ts'

/** Everything that a condition may read. `item` is set inside a quantifier. */
export interface Scope {
  readonly document: PolicyDocument
  readonly request: AccessRequest
  readonly now: number | undefined
  readonly item?: { readonly value: unknown }
}

/** Any value that is invalid. */
const NO_ITEM = Number.NaN

/** `context["x.y"].z[0]` is ['context', 'x.y', 'z', 0]. */
export function parsePath(text: string): (string | number)[] {
  const steps: (string | number)[] = []
  for (const match of text.matchAll(/\.?([\p{L}\p{M}\p{N}_-]+)|\[(\d+)\]|\[("(?:[^"\\]|\\.)*")\]/gu)) {
    const [, key, index, quoted] = match
    if (key !== undefined) steps.push(key)
    else if (index !== undefined) steps.push(Number(index))
    else if (quoted !== undefined) steps.push(String(JSON.parse(quoted)))
  }
  return steps
}

export function read(text: string, scope: Scope): unknown {
  const { request } = scope
  if (text === 'now') return scope.now
  if (text === 'subject.type') return request.subject.type
  if (text === 'subject.id') return request.subject.id
  if (text === 'resource.type') return request.resource.type
  if (text === 'resource.id') return request.resource.id
  if (text === 'action.name') return request.action.name

  const [root, ...keys] = parsePath(text)
  // A list has no missing items: what stands for one (a hole, undefined) is invalid. Its parts are missing, though.
  if (root === 'item' && keys.length === 0) return scope.item?.value === undefined ? NO_ITEM : scope.item.value
  if (root === 'item') return descend(scope.item?.value, keys)
  if (root === 'context') return descend(request.context, keys)
  // "every other subject.x is subject.properties.x …, which may also be written out"
  if (keys[0] === 'properties') keys.shift()
  if (root === 'subject') return descend(subjectAttribute(scope, keys[0]!), keys.slice(1))
  if (root === 'resource') return descend(resourceAttribute(scope, keys[0]!), keys.slice(1))
  if (root === 'action') return descend(request.action.properties, keys)
  throw new Error(`unknown path ${text}`)
}

/**
 * The value of `subject.zone`, from the request or, when it does not mention it, from the entity. "`subject.roles` is the
 * list of the names that apply to the resource."
 */
export function subjectAttribute({ document, request }: Scope, key: string | number): unknown {
  const mentioned = own(request.subject.properties, key)
  const entity = find(document.entities?.subjects, request.subject)
  if (key !== 'roles') return mentioned !== undefined ? mentioned : own(entity?.properties, key)
  const roles = mentioned !== undefined ? mentioned : entity?.roles
  return Array.isArray(roles) ? namesOnResource(roles, request) : roles
}

function resourceAttribute({ document, request }: Scope, key: string | number): unknown {
  const mentioned = own(request.resource.properties, key)
  if (mentioned !== undefined) return mentioned
  return own(find(document.entities?.resources, request.resource)?.properties, key)
}

function find(entities: readonly Entity[] | undefined, wanted: { type: string; id: string }): Entity | undefined {
  return entities?.find((entity) => entity.type === wanted.type && entity.id === wanted.id)
}

function descend(value: unknown, keys: readonly (string | number)[]): unknown {
  return keys.reduce(own, value)
}

/**
 * The part of a value under one key. A map has own properties, a list has items by index; nothing else has parts. What is
 * invalid has no parts that could be told missing either, so it stays invalid.
 */
function own(value: unknown, key: string | number): unknown {
  const kind = kindOf(value)
  if (kind === 'invalid') return value
  if (kind === 'list' && typeof key === 'number' && Array.isArray(value)) return value[key]
  if (kind !== 'map' || typeof key !== 'string') return undefined
  return Object.getOwnPropertyDescriptor(value, key)?.value
}
