/** Actor chains, and what the host marks as untrusted: "Actor chains" and "Trust" of docs/policy-reference.md. */
import type { AccessRequest, Actor, Subject } from '../../src/engine/types.ts'
import type { PolicyDocument } from '../../src/policy/document.ts'
import { parsePath, type Scope, suppliedByEntity } from './paths.ts'
import { RequestError } from './request-error.ts'

/** "A chain with more delegators than `max_depth` is an error of its own" */
export class ChainDepthError extends Error {
  override name = 'ChainDepthError'
}

/** The subject, then its delegators, the nearest first: the last one is the root. */
export function actorsOf(document: PolicyDocument, { subject }: AccessRequest): readonly Actor[] {
  const { on_behalf_of: nested, delegation_chain: listed } = subject
  if (nested !== undefined && listed !== undefined) throw new RequestError('both forms at once')
  const most = document.chain?.max_depth ?? 5
  const delegators: Actor[] = []
  for (let next: Subject | undefined = nested; next !== undefined; next = next.on_behalf_of) {
    if (delegators.length === most) throw new ChainDepthError('too deep')
    delegators.push(checked(next))
    if (next.delegation_chain !== undefined) throw new RequestError('a list inside')
  }
  if (listed !== undefined) {
    if (!Array.isArray(listed)) throw new RequestError('no list')
    if (listed.length > most) throw new ChainDepthError('too deep')
    for (const actor of Array.from(listed as readonly Subject[]).reverse()) {
      delegators.push(checked(actor))
      const inner = actor.on_behalf_of ?? actor.delegation_chain
      if (actor.on_behalf_of === null || inner !== undefined) throw new RequestError('a chain inside')
    }
  }
  const actors = [subject, ...delegators]
  const repeated = actors.some(
    (actor, i) => i > 0 && actor.type === actors[i - 1]!.type && actor.id === actors[i - 1]!.id,
  )
  if (repeated && document.chain?.repeats !== true) throw new RequestError('an actor twice in a row')
  return actors
}

function checked(actor: unknown): Actor {
  if (typeof actor !== 'object' || actor === null || Array.isArray(actor)) throw new RequestError('no actor')
  const { type, id, properties } = actor as Record<string, unknown>
  if (typeof type !== 'string' || typeof id !== 'string') throw new RequestError('an actor without type and id')
  const isMap = typeof properties === 'object' && properties !== null && !Array.isArray(properties)
  if (properties !== undefined && !isMap) throw new RequestError('properties that are no map')
  return actor as Actor
}

/** Where a path leads in the request: `actor 0` is the subject, `actor 1` who it acts for, and so on. */
type Way = readonly (string | number)[]

/** "An attribute that is marked, that has something marked in it, or that lies in something marked" */
export function isUntrusted(text: string, scope: Scope): boolean {
  if (text === 'now') return false
  const marks = (scope.untrusted ?? []).flatMap((mark) => marked(mark, scope))
  const ways = waysOf(text, scope)
  // Of an actor that the chain does not have, it is the number of actors that says so.
  const read = ways.length === 0 ? [['depth']] : ways
  const touched = read.some((way) => marks.some((mark) => touches(mark, way)))
  // "What the policies say of an entity is trusted"
  return touched && !suppliedByEntity(text, scope)
}

function touches(a: Way, b: Way): boolean {
  return a.every((key, i) => i >= b.length || key === b[i])
}

/** "A mark on an actor is also one, under the same name, on every actor that acts for it" */
function marked(text: string, scope: Scope): Way[] {
  return waysOf(text, scope).flatMap((way) => {
    const [actor, ...keys] = way
    const number = /^actor (\d+)$/.exec(String(actor))?.[1]
    if (number === undefined) return [way]
    return Array.from({ length: Number(number) + 1 }, (_, i) => [`actor ${i}`, ...keys])
  })
}

function waysOf(text: string, scope: Scope): Way[] {
  const actors = actorsOf(scope.document, scope.request)
  const [root, ...keys] = parsePath(text)
  const last = actors.length - 1
  const ofActor = (number: number, rest: Way): Way => [`actor ${number}`, ...withProperties(rest, ['type', 'id'])]
  switch (root) {
    case 'subject':
      return [ofActor(0, keys)]
    case 'resource':
      return [[root, ...withProperties(keys, ['type', 'id'])]]
    case 'action':
      return [[root, ...withProperties(keys, ['name'])]]
    case 'item':
      return waysOf(itemPath(scope, keys), scope)
    case 'chain': {
      const [part, ...rest] = keys
      if (part === 'depth') return [['depth']]
      if (part === 'root') return [ofActor(last, rest)]
      if (part === 'immediate') return [ofActor(0, rest)]
      if (typeof rest[0] === 'number') return rest[0] < last ? [ofActor(rest[0] + 1, rest.slice(1))] : []
      // How many there are, and each of them; `chain` is the subject as well.
      const from = part === undefined ? 0 : 1
      return [['depth'], ...actors.slice(from).map((_, i) => ofActor(i + from, []))]
    }
    default:
      return [[root!, ...keys]]
  }
}

function itemPath({ item }: Scope, keys: Way): string {
  return `${item!.list}[${item!.index}]${keys.map((key) => `[${JSON.stringify(key)}]`).join('')}`
}

function withProperties(keys: Way, parts: readonly string[]): Way {
  const [first] = keys
  return first === undefined || first === 'properties' || parts.includes(String(first)) ? keys : ['properties', ...keys]
}
