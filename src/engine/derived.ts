/**
 * Slots whose value is more than a property of the request: parts of the actor chain, what the host says of its state, and
 * what is changed before it is written (folded, masked, read as a time). They may cost more than others, and policies
 * without them pay nothing.
 */
import { Tag } from '../../assembly/abi/frame.ts'
import { Layout, Limit } from '../../assembly/abi/memory.ts'
import type { ItemSpec, Modifiers, SlotSpec } from '../compiler/slots.ts'
import type { Fold } from '../text/fold-runs.ts'
import { isMap } from '../text/is-map.ts'
import { parseTime } from '../text/time.ts'
import { type ActorPart, type ActorReading, ActorSource, ROOT, readActor } from './actor-reading.ts'
import type { Chain } from './chain.ts'
import type { Core } from './core.ts'
import { type FrameWriter, OVER, UNTRUSTED } from './frame-writer.ts'
import { isItemMarked, isSlotMarked, type Mark } from './marks.ts'
import { own } from './own-property.ts'
import type { ReadPlain } from './property-reader.ts'
import { type ChangeItem, isModified, type SlotReading } from './reading.ts'
import { illFormedError, requestError, requestPart } from './request.ts'
import { applyingRoles } from './roles.ts'
import type { AccessRequest } from './types.ts'
import { valueAt } from './value-at.ts'

const CELL_WORDS = Layout.CellSize / 4

type Keys = readonly (string | number)[]

export interface Derived {
  /** Begins a request: what the host marks as untrusted in it. */
  start(marks: readonly Mark[] | undefined): void
  /** Writes a slot. Throws as projection.ts does. */
  write(reading: SlotReading, request: AccessRequest): void
  /** What the slot reads, before it is changed. */
  derivedValue(slot: number, request: AccessRequest): unknown
  readonly changed: ChangeItem
}

export function createDerived(
  core: Core,
  specs: readonly SlotSpec[],
  writer: FrameWriter,
  chain: Chain,
  fold: Fold,
  actors: readonly (ActorReading | undefined)[],
  readPlain: ReadPlain,
): Derived {
  const { i32 } = core
  const places = specs.map(({ root, keys }) => placeOf(root === 'chain' ? keys.slice(2) : keys))
  let marks: readonly Mark[] | undefined
  /** The property itself is not there: an entity may supply it. */
  let leftOut = false

  function start(given: readonly Mark[] | undefined): void {
    if (marks !== given) marks = given
  }

  function write(reading: SlotReading, request: AccessRequest): void {
    const actor = actors[reading.slot]
    if (actor === undefined) writeChanged(reading, request)
    else if (actor.source === ActorSource.Depth) writer.value(reading.at, chain.known.count, reading)
    else if (actor.source === ActorSource.List) writeActors(reading, actor.parts)
    else {
      const depth = chain.known.count
      const number = actor.actor === ROOT ? depth - 1 : actor.actor
      // The root may be the subject; and of an actor that is not there, there is nothing.
      if (number < 0 || number >= depth) writeChanged(reading, request)
      else writer.value(reading.at, readActor(chain, number, actor.part!, readPlain), reading)
    }
  }

  function writeActors(reading: SlotReading, parts: readonly ActorPart[]): void {
    const depth = chain.known.count
    let cell = writer.list(reading.at, depth, reading)
    if (cell === OVER) return
    for (let i = 0; i < depth; i++) {
      i32[cell] = Tag.Map
      cell += CELL_WORDS
      for (let j = 0; j < parts.length; j++) {
        writer.part(cell, readActor(chain, i, parts[j]!, readPlain), reading.items[j + 1]!)
        cell += CELL_WORDS
      }
    }
  }

  function writeChanged(reading: SlotReading, request: AccessRequest): void {
    const spec = specs[reading.slot]!
    const { at } = reading
    let value = read(reading.slot, request)
    if (spec.trusted && marks !== undefined && isSlotMarked(spec, { marks, depth: chain.known.count })) {
      i32[at] = Tag.Untrusted
      i32[at + 1] = leftOut ? 1 : 0
      return
    }
    if (leftOut) {
      i32[at] = Tag.LeftOut
      return
    }
    if (spec.part && reading.text && !String(value).isWellFormed()) throw illFormedError(`${spec.root}.${reading.key}`)
    if (isModified(spec)) value = modified(value, spec, fold)
    writer.value(reading.at, value, reading)
  }

  function read(slot: number, request: AccessRequest): unknown {
    const spec = specs[slot]!
    const { root, keys } = spec
    leftOut = false
    switch (root) {
      case 'chain':
        return readChain(slot, request)
      case 'now':
      // What tuples say is written by the core.
      case 'tuple':
        return undefined
      case 'context':
      case 'state':
        return readBelow(request[root], places[slot]!, request)
      default: {
        if (!spec.part && root === 'subject') return readSubject(places[slot]!, request)
        if (!spec.part) return readBelow(request[root].properties, places[slot]!, request)
        return readPart(root, keys[0], request)
      }
    }
  }

  /** The subject's roles are those that apply to the resource, whatever the path that leads to them. */
  function readSubject(place: Place, request: AccessRequest): unknown {
    const value = readBelow(request.subject.properties, place, request)
    return place.key === 'roles' && value !== undefined ? applyingRoles(value, request) : value
  }

  function readBelow(container: unknown, { key, rest }: Place, request: AccessRequest): unknown {
    if (container === undefined) leftOut = true
    else if (!isMap(container)) throw requestError(request)
    const found = leftOut ? undefined : own(container as Record<string, unknown>, key)
    if (found === undefined) leftOut = true
    return leftOut ? undefined : valueAt(found, rest)
  }

  function readChain(slot: number, request: AccessRequest): unknown {
    const [part, second, ...rest] = specs[slot]!.keys
    if (part === 'depth') return chain.known.count
    // Without delegators the root is the subject, whose entity may supply what the request leaves out.
    if (part === 'root' && chain.known.count === 0) {
      return second === 'properties' ? readSubject(places[slot]!, request) : readPart('subject', second, request)
    }
    const delegators = chain.delegators()
    if (part === 'root') return valueAt(delegators.at(-1), [second ?? '', ...rest])
    if (second === undefined) return delegators
    return typeof second === 'number' ? valueAt(delegators[second], rest) : undefined
  }

  function readPart(root: 'subject' | 'resource' | 'action', key: unknown, request: AccessRequest): string {
    const part = requestPart(request, root, key)
    if (typeof part !== 'string') throw requestError(request)
    return part
  }

  function changed(list: SlotSpec, item: ItemSpec, value: unknown, index: number): unknown {
    if (item.trusted && marks !== undefined) {
      const request = { marks, depth: chain.known.count }
      if (isItemMarked(list, index, item.keys, request)) return UNTRUSTED
    }
    // A list has no missing items: what stands for one is not usable.
    if (value === undefined && item.keys.length === 0) return Number.NaN
    return modified(value, item, fold)
  }

  return { start, write, derivedValue: read, changed }
}

/** Where no slot is derived, and no item of a list. */
export const NOTHING_DERIVED: Derived = { start: nothing, write: nothing, derivedValue: nothing, changed: nothing }

function nothing(): undefined {
  return undefined
}

/** Where a value is below the properties of something: its own, and the keys below that. */
interface Place {
  readonly key: string
  readonly rest: Keys
}

function placeOf([first = '', ...rest]: Keys): Place {
  return { key: String(first), rest }
}

/** The value as its slot takes it, masks aside. */
export function modified(value: unknown, { fold, time }: Modifiers, foldText: Fold): unknown {
  const folded = fold ? foldAll(value, foldText) : value
  return time && typeof folded === 'string' ? (parseTime(folded) ?? folded) : folded
}

/** Items that may still be folded: what is beyond the limit is left for the writer, which refuses it. */
let room = 0

/** The value with its strings folded, in lists as well. */
function foldAll(value: unknown, foldText: Fold): unknown {
  room = Limit.ListItems
  return foldValue(value, foldText, 0)
}

function foldValue(value: unknown, foldText: Fold, depth: number): unknown {
  if (typeof value === 'string') return foldText(value)
  if (!Array.isArray(value) || depth > Limit.ListDepth) return value
  room -= value.length
  if (room < 0) return value
  // Array.from and not map, so that holes stay what they are: no items.
  return Array.from(value, (item: unknown) => foldValue(item, foldText, depth + 1))
}
