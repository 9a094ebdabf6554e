/**
 * How slots of the actor chain are read, prepared once per image: which actor, and what of it. Only those that are written
 * as they are; the others, and what marks may concern, derived.ts reads with more care.
 */
import type { ItemSpec, SlotSpec } from '../compiler/slots.ts'
import type { Chain } from './chain.ts'
import { isInherited, own } from './own-property.ts'
import { isModified } from './reading.ts'
import { type Path, pathOf, valueBelow } from './value-at.ts'

export const ActorSource = {
  /** How many delegators there are. */
  depth: 0,
  /** Something of one of them. */
  actor: 1,
  /** The list of all of them, with what is read of each. */
  list: 2,
} as const

/** In place of a delegator's number: the last one. */
export const ROOT = -1

export interface ActorReading {
  readonly source: (typeof ActorSource)[keyof typeof ActorSource]
  /** The delegator's number, or ROOT. */
  readonly actor: number
  readonly part: ActorPart | undefined
  /** What is read of each in the list, after the actor itself. */
  readonly parts: readonly ActorPart[]
}

/** What is read of an actor. */
export interface ActorPart {
  readonly from: 'type' | 'id' | 'properties'
  /** The property, and the path below it. */
  readonly key: string
  readonly rest: Path | undefined
  /** Whether a plain object may be asked for the property without further ado; see own-property.ts. */
  readonly direct: boolean
}

/** How the slot is read of the chain; undefined when it takes more than that. */
export function actorReadingOf(spec: SlotSpec): ActorReading | undefined {
  const { root, keys, items = [] } = spec
  if (root !== 'chain' || isModified(spec)) return undefined
  const [part, second, ...rest] = keys
  if (part === 'depth') return { source: ActorSource.depth, actor: ROOT, part: undefined, parts: [] }
  if (part === 'root') return ofActor(ROOT, keys.slice(1))
  if (typeof second === 'number') return ofActor(second, rest)
  if (second !== undefined || spec.whole || items.some(({ whole }) => whole) || items.some(isModified)) return undefined
  return ofList(items.slice(1))
}

function ofActor(actor: number, keys: ItemSpec['keys']): ActorReading | undefined {
  const part = partOf(keys)
  return part && { source: ActorSource.actor, actor, part, parts: [] }
}

function ofList(items: readonly ItemSpec[]): ActorReading | undefined {
  const parts = items.flatMap(({ keys }) => partOf(keys) ?? [])
  if (parts.length < items.length) return undefined
  return { source: ActorSource.list, actor: ROOT, part: undefined, parts }
}

function partOf([from, key, ...rest]: ItemSpec['keys']): ActorPart | undefined {
  if ((from === 'type' || from === 'id') && key === undefined) return { from, key: '', rest: undefined, direct: false }
  if (from !== 'properties' || typeof key !== 'string') return undefined
  return { from, key, rest: rest.length > 0 ? pathOf(rest) : undefined, direct: !isInherited(key) }
}

/** What a delegator has there; undefined for nothing. */
export function readActor(chain: Chain, actor: number, { from, key, rest, direct }: ActorPart): unknown {
  if (from !== 'properties') return (from === 'type' ? chain.types : chain.ids)[actor]
  const properties = chain.properties[actor]
  if (properties === undefined) return undefined
  const plain = chain.plain[actor] === true
  const value = direct && plain ? properties[key] : own(properties, key)
  return rest === undefined ? value : valueBelow(value, rest, plain)
}
