/** Attribute paths: "Paths" and "Entities" of docs/policy-reference.md. */
import type { AccessRequest, Actor } from '../../src/engine/types.ts'
import type { Entity, PolicyDocument } from '../../src/policy/document.ts'
import { actorsOf } from './chain.ts'
import { namesOnResource } from './held-roles.ts'
import { kindOf } from './values.ts'

/** Everything that a condition may read. `item` is set inside a quantifier. */
export interface Scope {
  readonly document: PolicyDocument
  readonly request: AccessRequest
  readonly now: number | undefined
  /** What the host marks as untrusted. */
  readonly untrusted?: readonly string[]
  /** An item, and where it is: the path of its list, its place in it. */
  readonly item?: { readonly value: unknown; readonly list: string; readonly index: number }
  /** The context of a tuple, in a condition on tuples. */
  readonly tuple?: unknown
  /** Told when a check of a relation is cut off at its depth. */
  readonly onCut?: () => void
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
  const [root, ...keys] = parsePath(text)
  if (root === 'subject' && (keys[0] === 'type' || keys[0] === 'id')) return request.subject[keys[0]]
  if (root === 'resource' && (keys[0] === 'type' || keys[0] === 'id')) return request.resource[keys[0]]
  if (root === 'action' && keys[0] === 'name') return request.action.name

  if (root === 'chain') return readChain(keys, scope)
  if (root === 'item' && scope.item?.list === 'chain.ancestors') return ofActor(scope.item.value as Actor, keys)
  if (root === 'state') return descend(request.state, keys)
  // A list has no missing items: what stands for one (a hole, undefined) is invalid. Its parts are missing, though.
  if (root === 'item' && keys.length === 0) return scope.item?.value === undefined ? NO_ITEM : scope.item.value
  if (root === 'item') return descend(scope.item?.value, keys)
  if (root === 'tuple') return descend(scope.tuple, keys)
  if (root === 'context') return descend(request.context, keys)
  // "every other subject.x is subject.properties.x …, which may also be written out"
  if (keys[0] === 'properties') keys.shift()
  if (root === 'subject') return descend(subjectAttribute(scope, keys[0]!), keys.slice(1))
  if (root === 'resource') return descend(resourceAttribute(scope, keys[0]!), keys.slice(1))
  if (root === 'action') return descend(request.action.properties, keys)
  throw new Error(`unknown path ${text}`)
}

/** "`chain.root`, …: the actor's type, id, or a property" */
function readChain([part, ...keys]: readonly (string | number)[], scope: Scope): unknown {
  const [subject, ...delegators] = actorsOf(scope.document, scope.request)
  if (part === 'depth') return delegators.length
  if (part === 'immediate' || (part === 'root' && delegators.length === 0)) {
    return read(`subject${keys.map((key) => `[${JSON.stringify(key)}]`).join('')}`, scope)
  }
  if (part === 'root') return ofActor(delegators.at(-1) ?? subject!, keys)
  if (keys.length === 0) return delegators
  const actor = delegators[Number(keys[0])]
  return actor === undefined ? undefined : ofActor(actor, keys.slice(1))
}

function ofActor(actor: Actor, keys: readonly (string | number)[]): unknown {
  if (keys[0] === 'type') return actor.type
  if (keys[0] === 'id') return actor.id
  return descend(actor.properties, keys[0] === 'properties' ? keys.slice(1) : keys)
}

/** Whether the policies' own entity, and not the request, says what the path reads. */
export function suppliedByEntity(text: string, { document, request, item }: Scope): boolean {
  if (/^item\b/.test(text)) return suppliedByEntity(item!.list, { document, request, now: undefined })
  const [root, ...keys] = parsePath(text)
  const isRoot = root === 'chain' && (keys[0] === 'immediate' || (keys[0] === 'root' && isAlone({ document, request })))
  if (root !== 'subject' && root !== 'resource' && !isRoot) return false
  const rest = isRoot ? keys.slice(1) : keys
  if (rest[0] === 'type' || rest[0] === 'id') return false
  const key = rest[0] === 'properties' ? rest[1] : rest[0]
  const [part, entities] =
    root === 'resource'
      ? [request.resource, document.entities?.resources]
      : [request.subject, document.entities?.subjects]
  if (own(part.properties, key!) !== undefined) return false
  const entity = find(entities, part)
  return (root !== 'resource' && key === 'roles' ? entity?.roles : own(entity?.properties, key!)) !== undefined
}

function isAlone({ document, request }: Pick<Scope, 'document' | 'request'>): boolean {
  return actorsOf(document, request).length === 1
}

/** The value of `subject.roles`, from the request or, when it does not mention it, from the entity. */
export function subjectAttribute({ document, request }: Scope, key: string | number): unknown {
  const mentioned = own(request.subject.properties, key)
  const entity = find(document.entities?.subjects, request.subject)
  if (key !== 'roles') return mentioned !== undefined ? mentioned : own(entity?.properties, key)
  const roles = mentioned !== undefined ? mentioned : entity?.roles
  if (typeof roles === 'string') return [roles]
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
