/**
 * Projection: reading from a request only what decides it, straight into the frame. Nothing is serialised, and no object
 * is made on the way. First the parts that the rule index knows, then the attributes that the rules found there read.
 */
import { Info, Layout, RolesInput, Slot, Tag } from '../../assembly/abi.ts'
import type { Core } from './core.ts'
import { createFrameWriter, valueAt } from './frame-writer.ts'
import type { ImageReader } from './image-reader.ts'
import { keySlots, readingOf, type SlotReading, Source } from './reading.ts'
import { illFormedError, rolesError } from './request.ts'
import type { AccessRequest, Properties } from './types.ts'

const INFO_NEEDS = Layout.InfoBase / 4 + Info.Needs

export interface Projection {
  /**
   * Writes what `match` reads of a well-formed request.
   *
   * @throws SallyportError `E_REQUEST` for roles that are no strings, and for parts that are no well-formed Unicode when
   * a policy looks into them; OutOfRoom, as the next one, when the core's memory must grow first.
   */
  writeKeys(request: AccessRequest): void
  /** Writes the `count` slots that `match` asked for. */
  writeNeeds(count: number, request: AccessRequest, now: number | undefined): void
  /** Whether the request passed a limit: it must be denied. */
  overLimit(): boolean
  /** The first byte of the core's memory that the request left free. */
  top(): number
}

/** Closures for the sake of speed: see frame-writer.ts. */
export function createProjection(core: Core, image: ImageReader, ids: ReadonlyMap<string, number>): Projection {
  const writer = createFrameWriter(core, ids)
  const { i32 } = core
  const slots = image.metadata.slots.map((spec, slot) => readingOf(spec, slot, core))
  const keys = keySlots(image).map((slot) => slots[slot]!)
  const rolesSlot = slots[Slot.SubjectRoles]!
  const rolesAt = core.roles

  function writeKeys(request: AccessRequest): void {
    writer.reset()
    for (let i = 0; i < keys.length; i++) writePart(keys[i]!, request)
    writeRoles(request.subject.properties)
  }

  function writeNeeds(count: number, request: AccessRequest, now: number | undefined): void {
    const first = i32[INFO_NEEDS]! >>> 2
    for (let i = 0; i < count; i++) {
      const reading = slots[i32[first + i]!]!
      switch (reading.source) {
        case Source.subject:
          writeAttribute(reading, request.subject.properties)
          break
        case Source.resource:
          writeAttribute(reading, request.resource.properties)
          break
        case Source.context:
          writeAttribute(reading, request.context)
          break
        case Source.action:
          writeAttribute(reading, request.action.properties)
          break
        case Source.part:
          writePart(reading, request)
          break
        case Source.now:
          writer.value(reading.at, now, reading)
      }
    }
  }

  function writePart(reading: SlotReading, request: AccessRequest): void {
    const text = partOf(reading.slot, request)
    if (reading.text && !text.isWellFormed()) throw illFormedError(PART_NAMES[reading.slot] ?? 'the request')
    writer.string(reading.at, text, reading)
  }

  function writeRoles(properties: Properties | undefined): void {
    const roles = properties === undefined ? undefined : own(properties, 'roles')
    if (Array.isArray(roles)) listRoles(roles)
    else if (typeof roles === 'string') {
      i32[rolesAt] = 1
      i32[rolesAt + 1] = writer.idOf(roles)
    } else if (roles === undefined) {
      i32[rolesSlot.at] = Tag.LeftOut
      i32[rolesAt] = RolesInput.InSlot
    } else throw rolesError(roles)
  }

  function listRoles(roles: readonly unknown[]): void {
    const listed = roles.length <= RolesInput.Most
    i32[rolesAt] = listed ? roles.length : RolesInput.InSlot
    for (let i = 0; i < roles.length; i++) {
      const role = roles[i]
      if (typeof role !== 'string') throw rolesError(roles)
      if (listed) i32[rolesAt + 1 + i] = writer.idOf(role)
    }
    if (!listed) writer.value(rolesSlot.at, roles, rolesSlot)
  }

  function writeAttribute(reading: SlotReading, properties: Properties | undefined): void {
    const value = properties === undefined ? undefined : own(properties, reading.key)
    if (value === undefined) i32[reading.at] = Tag.LeftOut
    else writer.value(reading.at, reading.rest === undefined ? value : valueAt(value, reading.rest), reading)
  }

  return { writeKeys, writeNeeds, overLimit: writer.overLimit, top: writer.top }
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

/** An own property's value, or undefined: nothing that a prototype supplies. */
export function own(object: Properties, key: string): unknown {
  return Object.hasOwn(object, key) ? object[key] : undefined
}
