/**
 * Projection: reading from a request only what decides it, straight into the frame. Nothing is serialised, and no object
 * is made on the way. First the parts that the rule index knows, then the attributes that the rules found there read.
 *
 * This is the hottest code of the host. Its functions are few and flat, because V8 compiles only so much in place, and
 * closures over constants (see frame-writer.ts).
 */
import { Id, Info, Layout, RolesInput, Slot, Tag } from '../../assembly/abi.ts'
import type { Core } from './core.ts'
import { createFrameWriter, valueAt } from './frame-writer.ts'
import type { ImageReader } from './image-reader.ts'
import { isInherited, isObjectPrototypeClean, own, PLAIN } from './own-property.ts'
import { keySlots, readingOf, type SlotReading, Source } from './reading.ts'
import { illFormedError, isMap, requestError, rolesError } from './request.ts'
import type { AccessRequest, Properties } from './types.ts'

const INFO_NEEDS = Layout.InfoBase / 4 + Info.Needs
/** As the signed number that an Int32Array takes without conversion. */
const UNKNOWN = Id.UnknownString | 0

export interface Projection {
  /**
   * Writes what `match` reads of a request that has all its parts.
   *
   * @throws SallyportError `E_REQUEST` for roles that are no strings, for parts of another type, and for parts that are
   * no well-formed Unicode when a policy looks into them; OutOfRoom, as the next one, when memory must grow first.
   */
  writeKeys(request: AccessRequest): void
  /** Writes the `count` slots that `match` asked for. */
  writeNeeds(count: number, request: AccessRequest, now: number | undefined): void
  /** Whether the request passed a limit: it must be denied. */
  overLimit(): boolean
  /** The first byte of the core's memory that the request left free. */
  top(): number
}

export function createProjection(core: Core, image: ImageReader, ids: ReadonlyMap<string, number>): Projection {
  const writer = createFrameWriter(core, ids)
  const { i32, f64, roles: rolesAt } = core
  const slots = image.metadata.slots.map((spec, slot) => readingOf(spec, slot, core))
  const keys = keySlots(image).map((slot) => slots[slot]!)
  const action = keys.find(({ slot }) => slot === Slot.ActionName)
  const resourceType = keys.find(({ slot }) => slot === Slot.ResourceType)
  const otherKeys = keys.filter((key) => key !== action && key !== resourceType)
  const rolesSlot = slots[Slot.SubjectRoles]!
  const rolesAreOwn = !isInherited('roles')

  // Whether the request's maps may be read without asking for own properties. Looked at before anything else, so that
  // they come from memory together, and while the strings are being looked up.
  let plainSubject = false
  let plainResource = false
  let plainContext = false

  function writeKeys(request: AccessRequest): void {
    writer.reset()
    const clean = isObjectPrototypeClean()
    const subject = request.subject.properties
    const resource = request.resource.properties
    const { context } = request
    plainSubject = clean && isObject(subject) && subject.__proto__ === PLAIN
    plainResource = clean && isObject(resource) && resource.__proto__ === PLAIN
    plainContext = clean && isObject(context) && context.__proto__ === PLAIN
    // The two that nearly every policy files its rules by, without a loop.
    if (action !== undefined) writeName(action, request.action.name, request)
    if (resourceType !== undefined) writeName(resourceType, request.resource.type, request)
    for (let i = 0; i < otherKeys.length; i++) writePart(otherKeys[i]!, request)
    const { properties } = request.subject
    const roles = plainSubject && rolesAreOwn ? properties!.roles : ownRoles(properties, request)
    if (Array.isArray(roles) && roles.length <= RolesInput.Most) listRoles(roles)
    else writeOtherRoles(roles)
  }

  function ownRoles(properties: Properties | undefined, request: AccessRequest): unknown {
    if (properties === undefined) return undefined
    if (!isMap(properties)) throw requestError(request)
    return own(properties, 'roles')
  }

  function listRoles(roles: readonly unknown[]): void {
    i32[rolesAt] = roles.length
    for (let i = 0; i < roles.length; i++) {
      const role = roles[i]
      if (typeof role !== 'string') throw rolesError(roles)
      const id = ids.get(role)
      i32[rolesAt + 1 + i] = id === undefined ? UNKNOWN : id
    }
  }

  function writeOtherRoles(roles: unknown): void {
    i32[rolesAt] = RolesInput.InSlot
    if (roles === undefined) i32[rolesSlot.at] = Tag.LeftOut
    else if (typeof roles === 'string') writeString(rolesSlot.at, roles, rolesSlot)
    else if (isListOfStrings(roles)) {
      writer.other(rolesSlot.at, roles, rolesSlot)
    } else throw rolesError(roles)
  }

  function writeNeeds(count: number, request: AccessRequest, now: number | undefined): void {
    const first = i32[INFO_NEEDS]! >>> 2
    for (let i = 0; i < count; i++) {
      const reading = slots[i32[first + i]!]!
      switch (reading.source) {
        // The four look alike and stay apart: each place then meets few shapes of objects, and V8 knows them.
        case Source.subject: {
          const { properties } = request.subject
          if (plainSubject) writeFound(reading, properties![reading.key])
          else writeOwn(reading, properties, request)
          break
        }
        case Source.resource: {
          const { properties } = request.resource
          if (plainResource) writeFound(reading, properties![reading.key])
          else writeOwn(reading, properties, request)
          break
        }
        case Source.context: {
          const { context } = request
          if (plainContext) writeFound(reading, context![reading.key])
          else writeOwn(reading, context, request)
          break
        }
        case Source.guarded:
          writeOwn(reading, sourceOf(reading, request), request)
          break
        case Source.part:
          writePart(reading, request)
          break
        case Source.now:
          writeValue(reading, now)
      }
    }
  }

  function writePart(reading: SlotReading, request: AccessRequest): void {
    writeName(reading, partOf(reading.slot, request), request)
  }

  function writeName(reading: SlotReading, text: string, request: AccessRequest): void {
    if (typeof text !== 'string') throw requestError(request)
    if (reading.text && !text.isWellFormed()) throw illFormedError(PART_NAMES[reading.slot] ?? 'the request')
    writeString(reading.at, text, reading)
  }

  function writeString(at: number, text: string, reading: SlotReading): void {
    const id = ids.get(text)
    i32[at] = Tag.String
    if (id !== undefined) i32[at + 1] = id
    else writer.unknownString(at, text, reading)
  }

  /** The careful way: whatever the container is, only its own property counts. */
  function writeOwn(reading: SlotReading, properties: Properties | undefined, request: AccessRequest): void {
    if (properties !== undefined && !isMap(properties)) throw requestError(request)
    writeFound(reading, properties === undefined ? undefined : own(properties, reading.key))
  }

  function writeFound(reading: SlotReading, value: unknown): void {
    if (value === undefined) i32[reading.at] = Tag.LeftOut
    else writeValue(reading, reading.rest === undefined ? value : valueAt(value, reading.rest))
  }

  function writeValue(reading: SlotReading, value: unknown): void {
    const { at } = reading
    if (typeof value === 'string') writeString(at, value, reading)
    else if (typeof value === 'number' && Number.isFinite(value)) {
      i32[at] = Tag.Number
      f64[(at >>> 1) + 1] = value
    } else writer.other(at, value, reading)
  }

  return { writeKeys, writeNeeds, overLimit: writer.overLimit, top: writer.top }
}

/** Not null and not missing, which is all that reading a property needs. */
function isObject(value: Properties | undefined | null): value is Properties {
  return value !== undefined && value !== null
}

/** By index, so that holes count. */
function isListOfStrings(value: unknown): boolean {
  if (!Array.isArray(value)) return false
  for (let i = 0; i < value.length; i++) if (typeof value[i] !== 'string') return false
  return true
}

/** The object that a guarded slot reads. */
function sourceOf({ root }: SlotReading, request: AccessRequest): Properties | undefined {
  return root === 'subject' || root === 'resource' || root === 'action' ? request[root].properties : request.context
}

function partOf(slot: Slot, request: AccessRequest): string {
  switch (slot) {
    case Slot.ActionName:
      return request.action.name
    case Slot.ResourceType:
      return request.resource.type
    case Slot.ResourceId:
      return request.resource.id
    case Slot.SubjectType:
      return request.subject.type
    default:
      return request.subject.id
  }
}

const PART_NAMES: Readonly<Record<number, string>> = {
  [Slot.ActionName]: 'action.name',
  [Slot.ResourceType]: 'resource.type',
  [Slot.ResourceId]: 'resource.id',
  [Slot.SubjectType]: 'subject.type',
  [Slot.SubjectId]: 'subject.id',
}
