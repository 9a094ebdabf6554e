/**
 * Projection: reading from a request only what decides it, straight into the frame. Nothing is serialised, and no object
 * is made on the way. First the parts that the rule index knows, then the attributes that the rules found there read.
 */
import { Info, RolesInput, Slot, Tag } from '../../assembly/abi.ts'
import type { Core } from './core.ts'
import { FrameWriter, valueAt } from './frame-writer.ts'
import type { ImageReader } from './image-reader.ts'
import { keySlots, readingOf, type SlotReading } from './reading.ts'
import { illFormedError, rolesError } from './request.ts'
import type { AccessRequest, Properties } from './types.ts'

export class Projection {
  readonly writer: FrameWriter
  readonly #core: Core
  readonly #slots: readonly SlotReading[]
  readonly #keys: readonly SlotReading[]
  readonly #roles: SlotReading

  constructor(core: Core, image: ImageReader, ids: ReadonlyMap<string, number>) {
    this.writer = new FrameWriter(core, ids)
    this.#core = core
    this.#slots = image.metadata.slots.map((spec, slot) => readingOf(spec, slot, core))
    this.#keys = keySlots(image).map((slot) => this.#slots[slot]!)
    this.#roles = this.#slots[Slot.SubjectRoles]!
  }

  /**
   * Writes what `match` reads of a well-formed request.
   *
   * @throws SallyportError `E_REQUEST` for roles that are no strings, and for parts that are no well-formed Unicode when a
   * policy looks into them.
   */
  writeKeys(request: AccessRequest): void {
    this.writer.reset()
    const keys = this.#keys
    for (let i = 0; i < keys.length; i++) this.#part(keys[i]!, request)
    this.#writeRoles(request.subject.properties)
  }

  /** Writes the `count` slots that `match` asked for. */
  writeNeeds(count: number, request: AccessRequest, now: number | undefined): void {
    const first = this.#core.info(Info.Needs) >>> 2
    for (let i = 0; i < count; i++) {
      const reading = this.#slots[this.#core.u32[first + i]!]!
      switch (reading.source) {
        case 'subject':
          this.#attribute(reading, request.subject.properties)
          break
        case 'resource':
          this.#attribute(reading, request.resource.properties)
          break
        case 'context':
          this.#attribute(reading, request.context)
          break
        case 'action':
          this.#attribute(reading, request.action.properties)
          break
        case 'part':
          this.#part(reading, request)
          break
        case 'now':
          this.writer.value(reading.at, now, reading, 0)
      }
    }
  }

  #part(reading: SlotReading, request: AccessRequest): void {
    const text = partOf(reading.slot, request)
    if (reading.text && !text.isWellFormed()) throw illFormedError(PART_NAMES[reading.slot] ?? 'the request')
    this.writer.string(reading.at, text, reading)
  }

  #writeRoles(properties: Properties | undefined): void {
    const { u32, roles: at } = this.#core
    const roles = properties === undefined ? undefined : own(properties, 'roles')
    if (roles === undefined) {
      u32[this.#roles.at] = Tag.LeftOut
      u32[at] = RolesInput.InSlot
    } else if (typeof roles === 'string') {
      u32[at] = 1
      u32[at + 1] = this.writer.idOf(roles)
    } else if (Array.isArray(roles)) {
      this.#listRoles(at, roles)
    } else throw rolesError(roles)
  }

  #listRoles(at: number, roles: readonly unknown[]): void {
    const { u32 } = this.#core
    const listed = roles.length <= RolesInput.Most
    u32[at] = listed ? roles.length : RolesInput.InSlot
    for (let i = 0; i < roles.length; i++) {
      const role = roles[i]
      if (typeof role !== 'string') throw rolesError(roles)
      if (listed) u32[at + 1 + i] = this.writer.idOf(role)
    }
    if (!listed) this.writer.value(this.#roles.at, roles, this.#roles, 0)
  }

  #attribute(reading: SlotReading, properties: Properties | undefined): void {
    const value = properties === undefined ? undefined : own(properties, reading.key)
    if (value === undefined) this.#core.u32[reading.at] = Tag.LeftOut
    else this.writer.value(reading.at, reading.rest === undefined ? value : valueAt(value, reading.rest), reading, 0)
  }
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
