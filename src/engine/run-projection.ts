/**
 * Projection of runs: requests in a row that differ in their resource alone. What reads the subject, the action or the context is
 * written when a rule first asks for it, and stays.
 */
import { Slot, Tag } from '../../assembly/abi/frame.ts'
import { Info, Layout } from '../../assembly/abi/memory.ts'
import { isMap } from '../text/is-map.ts'
import type { Core } from './core.ts'
import type { Derived } from './derived.ts'
import type { FrameWriter } from './frame-writer.ts'
import type { ImageReader } from './image-reader.ts'
import type { Mark } from './marks.ts'
import { own } from './own-property.ts'
import type { SlotReading } from './reading.ts'
import { applyingRoles } from './roles.ts'
import type { AccessRequest } from './types.ts'

const INFO_NEEDS = Layout.InfoBase / 4 + Info.Needs

export interface RunProjection {
  /**
   * Begins a run of requests that differ from the last one in their resource alone. False when they must be written one by one.
   */
  startRun(request: AccessRequest, marks: readonly Mark[] | undefined): boolean
  /**
   * Writes what `matchNext` reads of one request of the run. False, and nothing is written, when an earlier one had a resource of that
   * type for which no rule was found (`missed`).
   *
   * @throws SallyportError `E_REQUEST`
   */
  writeResourceKeys(request: AccessRequest): boolean
  /** No rule was found for resources of that type, whatever else is said of them. */
  missed(request: AccessRequest): void
  /**
   * Writes the `count` slots that `matchNext` asked for, but those that an earlier request of the run has had written and
   * that do not read the resource. False when the request must be written by itself.
   */
  writeFurther(count: number, request: AccessRequest, now: number | undefined): boolean
  /** Writes those that read the resource, for a request with the rules of the one before. */
  writeNext(request: AccessRequest, now: number | undefined): void
}

/** What projection.ts does for runs, too. */
interface Writing {
  /** Forgets what was written of the resource before. */
  readonly startResource: (request: AccessRequest) => void
  readonly writePart: (reading: SlotReading, request: AccessRequest) => void
  readonly writeList: (first: number, count: number, request: AccessRequest, now: number | undefined) => void
}

/** @param keys The slots that `match` reads. */
export function createRunProjection(
  { i32 }: Core,
  { stringCount }: ImageReader,
  ids: ReadonlyMap<string, number>,
  slots: readonly SlotReading[],
  keys: readonly SlotReading[],
  writer: FrameWriter,
  derived: Derived,
  { startResource, writePart, writeList }: Writing,
): RunProjection {
  const typeKey = keys.find(({ slot }) => slot === Slot.ResourceType)
  const idKey = keys.find(({ slot }) => slot === Slot.ResourceId)
  const readsResource = slots.map(
    ({ root, slot }) => root === 'resource' || slot === Slot.ResourceId || slot === Slot.ResourceType,
  )
  // Fields of an object, not variables: see frame-writer.ts.
  /** Runs are numbered. Where the slots of one are listed; which of them read the resource, and how many. */
  const run = { number: 0, slots: 0, list: 0, count: 0 }
  /** In which run a slot was written that does not read the resource. */
  const writtenIn = new Int32Array(slots.length)
  /** In which run no rule was found for a type: by its id, those that no policy knows last. */
  let missedIn: Int32Array | undefined

  function startRun(request: AccessRequest, marks: readonly Mark[] | undefined): boolean {
    const { properties } = request.subject
    // Roles may hang on the resource.
    const roles = isMap(properties) ? own(properties, 'roles') : undefined
    if (Array.isArray(roles) && applyingRoles(roles, request) !== roles) return false
    derived.start(marks)
    if (run.number === MOST_RUNS) {
      run.number = 0
      writtenIn.fill(0)
      missedIn = undefined
    }
    run.number++
    run.slots = writer.words(slots.length)
    return writer.mark()
  }

  function writeResourceKeys(request: AccessRequest): boolean {
    const { type } = request.resource
    const typeId = typeof type === 'string' ? ids.get(type) : undefined
    if (missedIn !== undefined && isMissed(request, typeId)) return false
    startResource(request)
    if (typeKey !== undefined) {
      if (typeId === undefined) writePart(typeKey, request)
      else {
        i32[typeKey.at] = Tag.String
        i32[typeKey.at + 1] = typeId | 0
      }
    }
    if (idKey !== undefined) writePart(idKey, request)
    return true
  }

  function isMissed({ resource }: AccessRequest, typeId: number | undefined): boolean {
    // What is wrong with parts that are read is for those who read them.
    if (typeof resource.type !== 'string') return false
    if (idKey !== undefined && (idKey.text || typeof resource.id !== 'string')) return false
    return missedIn![typeId === undefined ? stringCount : typeId | 0] === run.number
  }

  function missed({ resource }: AccessRequest): void {
    const typeId = ids.get(resource.type)
    // Of a type that no policy knows, globs may say one thing or another.
    if (typeKey === undefined || (typeKey.text && typeId === undefined)) return
    missedIn ??= new Int32Array(stringCount + 1)
    missedIn[typeId ?? stringCount] = run.number
  }

  function writeFurther(count: number, request: AccessRequest, now: number | undefined): boolean {
    const needs = i32[INFO_NEEDS]! >>> 2
    let shared = run.slots
    run.list = run.slots + count
    for (let i = 0; i < count; i++) {
      const slot = i32[needs + i]!
      if (readsResource[slot]) i32[--run.list] = slot
      else if (writtenIn[slot] !== run.number) {
        writtenIn[slot] = run.number
        i32[shared++] = slot
      }
    }
    run.count = run.slots + count - run.list
    if (shared > run.slots) {
      writeList(run.slots, shared - run.slots, request, now)
      if (writer.overLimit() || !writer.mark()) return false
    }
    writeList(run.list, run.count, request, now)
    return true
  }

  function writeNext(request: AccessRequest, now: number | undefined): void {
    startResource(request)
    if (idKey !== undefined) writePart(idKey, request)
    writeList(run.list, run.count, request, now)
  }

  return { startRun, writeResourceKeys, missed, writeFurther, writeNext }
}

/** Then they are numbered from the beginning. */
const MOST_RUNS = 0x3fffffff
