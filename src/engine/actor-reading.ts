/**
 * How slots of the actor chain are read, prepared once per image: which actor, and what of it. Only those that are written
 * as they are; the others, and what marks may concern, derived.ts reads with more care.
 */
import type { ItemSpec, SlotSpec } from '../compiler/slots.ts'
import type { Chain } from './chain.ts'
import { isInherited, own } from './own-property.ts'
import { ELSEWHERE, type PropertyPlaces, type ReadPlain } from './property-reader.ts'
import { isModified, type Trail, trailOf } from './reading.ts'
import { valueBelow } from './value-at.ts'

export const enum ActorSource {
  /** How many delegators there are. */
  Depth = 0,
  /** Something of one of them. */
  Actor = 1,
  /** The list of all of them, with what is read of each. */
  List = 2,
}

/** In place of a delegator's number: the last one. */
export const ROOT = -1

export interface ActorReading {
  readonly source: ActorSource
  /** The delegator's number, or ROOT. */
  readonly actor: number
  readonly part: ActorPart | undefined
  /** What is read of each in the list, after the actor itself. */
  readonly parts: readonly ActorPart[]
}

export const enum PartOf {
  Type = 0,
  Id = 1,
  Properties = 2,
}

/** What is read of an actor. */
export interface ActorPart extends Trail {
  readonly from: PartOf
  /** The property. */
  readonly key: string
  /** Whether a plain object may be asked for the property without further ado; see own-property.ts. */
  readonly direct: boolean
}

/** How the slot is read of the chain; undefined when it takes more than that. */
export function actorReadingOf(spec: SlotSpec, places: PropertyPlaces): ActorReading | undefined {
  const { root, keys, items = [] } = spec
  if (root !== 'chain' || isModified(spec)) return undefined
  const [part, second, ...rest] = keys
  if (part === 'depth') return { source: ActorSource.Depth, actor: ROOT, part: undefined, parts: [] }
  if (part === 'root') return ofActor(ROOT, keys.slice(1), places)
  if (typeof second === 'number') return ofActor(second, rest, places)
  if (second !== undefined || spec.whole || items.some(({ whole }) => whole) || items.some(isModified)) return undefined
  return ofList(items.slice(1), places)
}

function ofActor(actor: number, keys: ItemSpec['keys'], places: PropertyPlaces): ActorReading | undefined {
  const part = partOf(keys, places)
  return part && { source: ActorSource.Actor, actor, part, parts: [] }
}

function ofList(items: readonly ItemSpec[], places: PropertyPlaces): ActorReading | undefined {
  const parts = items.flatMap(({ keys }) => partOf(keys, places) ?? [])
  if (parts.length < items.length) return undefined
  return { source: ActorSource.List, actor: ROOT, part: undefined, parts }
}

function partOf([from, key, ...rest]: ItemSpec['keys'], places: PropertyPlaces): ActorPart | undefined {
  if (from === 'type' && key === undefined) return { from: PartOf.Type, ...NOTHING_BELOW }
  if (from === 'id' && key === undefined) return { from: PartOf.Id, ...NOTHING_BELOW }
  if (from !== 'properties' || typeof key !== 'string') return undefined
  return {
    from: PartOf.Properties,
    key,
    ...trailOf('actor', [key, ...rest], places, places),
    direct: !isInherited(key),
  }
}

const NOTHING_BELOW = { key: '', place: 0, rest: undefined, direct: false }

/** What a delegator has there; undefined for nothing. */
export function readActor(chain: Chain, actor: number, part: ActorPart, read: ReadPlain): unknown {
  if (part.from !== PartOf.Properties) return (part.from === PartOf.Type ? chain.types : chain.ids)[actor]
  const properties = chain.properties[actor]
  if (properties === undefined) return undefined
  const { clean } = chain.known
  let value = clean && part.direct ? read(properties, part.place) : ELSEWHERE
  if (value === ELSEWHERE) value = own(properties, part.key)
  return part.rest === undefined ? value : valueBelow(value, part.rest, read, clean)
}
