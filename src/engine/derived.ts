/**
 * Slots whose value is more than a property of the request: parts of the actor chain, what the host says of its state, and
 * what is changed before it is written (folded, masked, read as a time). They may cost more than others, and policies
 * without them pay nothing.
 */
import { Tag } from '../../assembly/abi/frame.ts'
import { Limit } from '../../assembly/abi/memory.ts'
import type { ItemSpec, Modifiers, SlotSpec } from '../compiler/slots.ts'
import { foldCase } from '../text/fold.ts'
import { parseTime } from '../text/time.ts'
import type { Chain } from './chain.ts'
import type { Core } from './core.ts'
import { type FrameWriter, UNTRUSTED, valueAt } from './frame-writer.ts'
import { isItemMarked, isSlotMarked, type Mark } from './marks.ts'
import { own } from './own-property.ts'
import { type ItemChange, isModified, type SlotReading } from './reading.ts'
import { illFormedError, isMap, requestError, requestPart } from './request.ts'
import { applyingRoles } from './roles.ts'
import type { AccessRequest, Actor } from './types.ts'

type Keys = readonly (string | number)[]

export interface Derived {
  /** Begins a request: what the host marks as untrusted in it. */
  start(marks: readonly Mark[] | undefined): void
  /** Writes a slot. Throws as projection.ts does. */
  write(reading: SlotReading, request: AccessRequest): void
  /** What the slot reads, before it is changed. */
  derivedValue(slot: number, request: AccessRequest): unknown
  readonly changeOf: ItemChange
}

export function createDerived(
  core: Core,
  specs: readonly SlotSpec[],
  writer: FrameWriter,
  ids: ReadonlyMap<string, number>,
  chain: Chain,
): Derived {
  const { i32, f64 } = core
  let marks: readonly Mark[] | undefined
  /** The property itself is not there: an entity may supply it. */
  let leftOut = false

  function start(given: readonly Mark[] | undefined): void {
    marks = given
  }

  function write(reading: SlotReading, request: AccessRequest): void {
    const spec = specs[reading.slot]!
    const { at } = reading
    let value = read(spec, request)
    if (spec.trusted && marks !== undefined && isSlotMarked(spec, { marks, depth: chain.delegators.length })) {
      i32[at] = Tag.Untrusted
      i32[at + 1] = leftOut ? 1 : 0
      return
    }
    if (leftOut) {
      i32[at] = Tag.LeftOut
      return
    }
    if (spec.part && reading.text && !String(value).isWellFormed()) throw illFormedError(`${spec.root}.${reading.key}`)
    if (isModified(spec)) value = modified(value, spec)
    if (typeof value === 'string') {
      const id = ids.get(value)
      i32[at] = Tag.String
      if (id !== undefined) i32[at + 1] = id
      else writer.unknownString(at, value, reading)
    } else if (typeof value === 'number' && Number.isFinite(value)) {
      i32[at] = Tag.Number
      f64[(at >>> 1) + 1] = value
    } else writer.other(at, value, reading)
  }

  function read(spec: SlotSpec, request: AccessRequest): unknown {
    const { root, keys } = spec
    leftOut = false
    switch (root) {
      case 'chain':
        return readChain(keys, request)
      case 'now':
      // What tuples say is written by the core.
      case 'tuple':
        return undefined
      case 'context':
      case 'state':
        return readBelow(request[root], keys, request)
      default: {
        if (!spec.part && root === 'subject') return readSubject(keys, request)
        if (!spec.part) return readBelow(request[root].properties, keys, request)
        const part = requestPart(request, root, keys[0])
        if (typeof part !== 'string') throw requestError(request)
        return part
      }
    }
  }

  /** The subject's roles are those that apply to the resource, whatever the path that leads to them. */
  function readSubject(keys: Keys, request: AccessRequest): unknown {
    const value = readBelow(request.subject.properties, keys, request)
    return keys[0] === 'roles' && Array.isArray(value) ? applyingRoles(value, request) : value
  }

  function readBelow(container: unknown, [first = '', ...rest]: Keys, request: AccessRequest): unknown {
    if (container === undefined) leftOut = true
    else if (!isMap(container)) throw requestError(request)
    const found = leftOut ? undefined : own(container as Record<string, unknown>, String(first))
    if (found === undefined) leftOut = true
    return leftOut ? undefined : valueAt(found, rest)
  }

  function readChain([part, second, ...rest]: Keys, request: AccessRequest): unknown {
    const { delegators } = chain
    if (part === 'depth') return delegators.length
    if (part === 'ancestors') {
      if (second === undefined) return delegators
      const actor = typeof second === 'number' ? delegators[second] : undefined
      return actor === undefined ? undefined : valueAt(actor, rest)
    }
    const root: Actor = delegators.at(-1) ?? request.subject
    // Without delegators the root is the subject, whose entity may supply what the request leaves out.
    if (delegators.length === 0 && second === 'properties') return readSubject(rest, request)
    if (second === 'properties') return valueAt(root.properties, rest)
    const text: unknown = root[second as 'type']
    if (typeof text !== 'string') throw requestError(request)
    return text
  }

  function changeOf(list: SlotSpec, item: ItemSpec) {
    return (value: unknown, index: number): unknown => {
      if (item.trusted && marks !== undefined) {
        const request = { marks, depth: chain.delegators.length }
        if (isItemMarked(list, index, item.keys, request)) return UNTRUSTED
      }
      // A list has no missing items: what stands for one is not usable.
      if (value === undefined && item.keys.length === 0) return Number.NaN
      return modified(value, item)
    }
  }

  return { start, write, derivedValue: (slot, request) => read(specs[slot]!, request), changeOf }
}

/** The value as its slot takes it, masks aside. */
export function modified(value: unknown, { fold, time }: Modifiers): unknown {
  const folded = fold ? foldAll(value) : value
  return time && typeof folded === 'string' ? (parseTime(folded) ?? folded) : folded
}

/** Items that may still be folded: what is beyond the limit is left for the writer, which refuses it. */
let room = 0

/** The value with its strings folded, in lists as well. */
function foldAll(value: unknown): unknown {
  room = Limit.ListItems
  return foldValue(value, 0)
}

function foldValue(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return foldCase(value)
  if (!Array.isArray(value) || depth > Limit.ListDepth) return value
  room -= value.length
  if (room < 0) return value
  // Array.from and not map, so that holes stay what they are: no items.
  return Array.from(value, (item: unknown) => foldValue(item, depth + 1))
}
