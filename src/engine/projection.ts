/**
 * Projection: reading from a request only what decides it, straight into the frame. Nothing is serialised, and no object
 * is made on the way. First the parts that the rule index knows, then the attributes that the rules found there read.
 *
 * This is the hottest code of the host. Its functions are few and flat, because V8 compiles only so much in place, and
 * closures over constants (see frame-writer.ts).
 */
import { Id, RolesInput, SessionInput, Slot, Tag } from '../../assembly/abi/frame.ts'
import { Info, Layout } from '../../assembly/abi/memory.ts'
import { isMap } from '../text/is-map.ts'
import { actorReadingOf } from './actor-reading.ts'
import { createChain } from './chain.ts'
import type { Core } from './core.ts'
import { createDerived, type Derived, NOTHING_DERIVED } from './derived.ts'
import { createFrameWriter } from './frame-writer.ts'
import type { ImageReader } from './image-reader.ts'
import type { Mark } from './marks.ts'
import { isInherited, isObjectPrototypeClean, own, PLAIN, refuseInheritedParts } from './own-property.ts'
import { createPlainReader, createPropertyReader, PropertyPlaces, readNothing } from './property-reader.ts'
import { isDerived, keySlots, readingOf, type SlotReading, Source } from './reading.ts'
import { illFormedError, requestError, rolesError } from './request.ts'
import { applyingRole, applyingRoles } from './roles.ts'
import { createRunProjection, type RunProjection } from './run-projection.ts'
import type { AccessRequest, Properties, Session } from './types.ts'
import { valueBelow } from './value-at.ts'

const CELL_WORDS = Layout.CellSize / 4
const INFO_NEEDS = Layout.InfoBase / 4 + Info.Needs
/** As the signed number that an Int32Array takes without conversion. */
const UNKNOWN = Id.UnknownString | 0
const NO_SESSION = SessionInput.None | 0
/** A plan: how a slot is read, in one number. Its source. */
const SOURCE = 7
/** The value is below the property. */
const BELOW = 8
/** See `Reading`. */
const TEXT = 16
const IDENTITY = 32
/** From here on: the place of the property in the reader. */
const PLACE = 6

export interface Projection {
  /**
   * Writes what `match` reads of a request that has all its parts.
   *
   * @param session What `request.state` holds; undefined when every role is active.
   * @throws SallyportError `E_REQUEST` for roles or a chain that are not of the form, for parts of another type, and for parts
   * that are no well-formed Unicode when a policy looks into them; `E_CHAIN_DEPTH`; OutOfRoom, as the next one, when memory
   * must grow first.
   */
  writeKeys(request: AccessRequest, session?: Session): void
  /** Writes the `count` slots that `match` asked for. */
  writeNeeds(count: number, request: AccessRequest, now: number | undefined, marks: readonly Mark[] | undefined): void
  /** What a slot whose value is derived reads of the last request, before it is changed; for explanations. */
  derivedValue(slot: number, request: AccessRequest): unknown
  /**
   * Writes the `count` slots of a list at `first`, an index into the core's i32 view, of a request without marks.
   */
  writeSlots(first: number, count: number, request: AccessRequest, now: number | undefined): void
  /** The same for requests in a row; made when it is first asked for, as most engines never are. */
  runs(): RunProjection
  /** Whether the request passed a limit: it must be denied. */
  overLimit(): boolean
  /** The first byte of the core's memory that the request left free. */
  top(): number
}

export function createProjection(core: Core, image: ImageReader, ids: ReadonlyMap<string, number>): Projection {
  refuseInheritedParts()
  const writer = createFrameWriter(core, ids)
  const { i32, f64, frame: frameAt, roles: rolesAt, session: sessionAt } = core
  const chain = createChain(image.metadata.chain)
  const specs = image.metadata.slots
  const properties = [new PropertyPlaces(), new PropertyPlaces(), new PropertyPlaces()]
  const below = new PropertyPlaces()
  const slots = specs.map((spec, slot) =>
    readingOf(spec, slot, core, properties, below, (...item) => derived.changed(...item)),
  )
  // What a policy does not use is not made: V8 would compile it for the first time here.
  const derives = slots.some(isDerived)
  const actors = derives ? specs.map((spec) => actorReadingOf(spec, below)) : []
  const read = createPropertyReader(properties)
  const readPlain = below.names.length > 0 ? createPlainReader(below.names) : readNothing
  const derived: Derived = derives
    ? createDerived(core, specs, writer, chain, image.fold, actors, readPlain)
    : NOTHING_DERIVED
  /** By slot. */
  const plans = Int32Array.from(slots, ({ source, place, rest, text, identity }) => {
    const flags = (rest === undefined ? 0 : BELOW) | (text ? TEXT : 0) | (identity ? IDENTITY : 0)
    return source | flags | ((place * properties.length + source) << PLACE)
  })
  // An import is looked up whenever it is used.
  const plain = PLAIN
  const keys = keySlots(image).map((slot) => slots[slot]!)
  const action = keys.find(({ slot }) => slot === Slot.ActionName)
  const resourceType = keys.find(({ slot }) => slot === Slot.ResourceType)
  const otherKeys = keys.filter((key) => key !== action && key !== resourceType)
  const rolesSlot = slots[Slot.SubjectRoles]!
  const rolesAreOwn = !isInherited('roles')
  const { roleCount } = image
  // Fields of an object, not variables: see frame-writer.ts.
  /**
   * 1 where a map may be read without asking for own properties: Object.prototype is clean, and the subject's map is plain; the context,
   * too; and that of the resource.
   */
  const turn = { clean: 0, subject: 0, others: 0, all: 0 }

  function writeKeys(request: AccessRequest, session?: Session): void {
    writer.reset()
    look(request)
    const actor = request.subject
    if (actor.on_behalf_of !== undefined || actor.delegation_chain !== undefined) chain.read(actor, turn.clean === 1)
    else chain.clear()
    // The two that nearly every policy files its rules by, without a loop.
    if (action !== undefined) writeName(action, request.action.name, request)
    if (resourceType !== undefined) writeName(resourceType, request.resource.type, request)
    for (let i = 0; i < otherKeys.length; i++) writePart(otherKeys[i]!, request)
    const { properties } = actor
    const roles =
      rolesAreOwn && turn.subject === 1 && properties !== undefined ? properties.roles : ownRoles(properties, request)
    if (Array.isArray(roles) && roles.length <= RolesInput.Most) listRoles(roles, request)
    else writeOtherRoles(roles, request)
    if (session === undefined) i32[sessionAt] = NO_SESSION
    else listActivated(session.roles)
  }

  function ownRoles(properties: Properties | undefined, request: AccessRequest): unknown {
    if (properties === undefined) return undefined
    if (!isMap(properties)) throw requestError(request)
    return own(properties, 'roles')
  }

  function listRoles(roles: readonly unknown[], request: AccessRequest): void {
    let count = 0
    for (let i = 0; i < roles.length; i++) {
      const role = roles[i]
      const name = typeof role === 'string' ? role : applyingRole(role, request)
      if (name === undefined) continue
      const id = ids.get(name)
      i32[rolesAt + 1 + count++] = id === undefined ? UNKNOWN : id | 0
    }
    i32[rolesAt] = count
  }

  /** Roles that no policy names can neither be held nor decide anything, so that there is room for the others. */
  function listActivated(roles: readonly string[]): void {
    const known = new Set(roles.map((role) => ids.get(role) ?? roleCount))
    let count = 0
    for (const id of known) if (id < roleCount) i32[sessionAt + 1 + count++] = id
    i32[sessionAt] = count
  }

  function writeOtherRoles(roles: unknown, request: AccessRequest): void {
    i32[rolesAt] = RolesInput.InSlot
    if (roles === undefined) i32[rolesSlot.at] = Tag.LeftOut
    else if (typeof roles === 'string') listRoles([roles], request)
    else if (Array.isArray(roles)) writer.value(rolesSlot.at, applyingRoles(roles, request), rolesSlot)
    else throw rolesError(roles)
  }

  /** Where they are in the slot already, it stays: the core may have put those of an entity there. */
  function writeRoles(request: AccessRequest): void {
    if (i32[rolesAt] === (RolesInput.InSlot | 0)) return
    writer.value(rolesSlot.at, applyingRoles(ownRoles(request.subject.properties, request), request), rolesSlot)
  }

  function writeNeeds(
    count: number,
    request: AccessRequest,
    now: number | undefined,
    marks: readonly Mark[] | undefined,
  ): void {
    derived.start(marks)
    writeList(i32[INFO_NEEDS]! >>> 2, count, request, now)
  }

  function writeSlots(first: number, count: number, request: AccessRequest, now: number | undefined): void {
    derived.start(undefined)
    writeList(first, count, request, now)
  }

  /** Which maps are plain: looked at before anything is done with them, so that what is in no cache is waited for at once. */
  function look(request: AccessRequest): void {
    const clean = isObjectPrototypeClean()
    const { properties: subject = NOTHING } = request.subject
    const { context = NOTHING } = request
    turn.clean = clean ? 1 : 0
    turn.subject = clean && subject !== null && subject.__proto__ === plain ? 1 : 0
    turn.others = turn.subject === 1 && context !== null && context.__proto__ === plain ? 1 : 0
    lookAtResource(request)
  }

  function lookAtResource(request: AccessRequest): void {
    const { properties: resource = NOTHING } = request.resource
    turn.all = resource !== null && resource.__proto__ === plain ? turn.others : 0
  }

  function startResource(request: AccessRequest): void {
    writer.rewind()
    lookAtResource(request)
  }

  function writeList(first: number, count: number, request: AccessRequest, now: number | undefined): void {
    const { context = NOTHING } = request
    const { properties: subject = NOTHING } = request.subject
    const { properties: resource = NOTHING } = request.resource
    const clean = turn.clean === 1
    const all = turn.all === 1
    for (let i = 0; i < count; i++) {
      const slot = i32[first + i]!
      const plan = plans[slot]!
      let value: unknown
      if ((plan & SOURCE) > Source.Guarded) {
        writeRarer(slots[slot]!, request, now)
        continue
      }
      if (all && (plan & SOURCE) < Source.Guarded) value = read(subject, resource, context, plan >> PLACE)
      else value = ownOf(containerOf(slots[slot]!, request), slot, request)
      const at = frameAt + slot * CELL_WORDS
      if (value === undefined) {
        i32[at] = Tag.LeftOut
        continue
      }
      if ((plan & BELOW) !== 0) value = valueBelow(value, slots[slot]!.rest!, readPlain, clean)
      if (typeof value === 'string') {
        const id = ids.get(value)
        i32[at] = Tag.String
        if (id !== undefined) i32[at + 1] = id | 0
        else if ((plan & TEXT) === 0) writer.unknownId(at, value, (plan & IDENTITY) !== 0)
        else writer.unknownString(at, value, slots[slot]!)
      } else if (typeof value === 'number' && Number.isFinite(value)) {
        i32[at] = Tag.Number
        f64[(at >>> 1) + 1] = value
      } else if (value === true || value === false) {
        i32[at] = Tag.Boolean
        i32[at + 1] = value ? 1 : 0
      } else writer.value(at, value, slots[slot]!)
    }
  }

  /** What is no property. */
  function writeRarer(reading: SlotReading, request: AccessRequest, now: number | undefined): void {
    if (reading.source === Source.Part) writePart(reading, request)
    else if (reading.source === Source.Roles) writeRoles(request)
    else if (reading.source === Source.Now) writer.value(reading.at, now, reading)
    else derived.write(reading, request)
  }

  function writePart(reading: SlotReading, request: AccessRequest): void {
    writeName(reading, partOf(reading.slot, request), request)
  }

  function writeName(reading: SlotReading, text: string, request: AccessRequest): void {
    if (typeof text !== 'string') throw requestError(request)
    const { at } = reading
    const id = ids.get(text)
    i32[at] = Tag.String
    if (id !== undefined) i32[at + 1] = id | 0
    else if (reading.text && !text.isWellFormed()) throw illFormedError(`${reading.root}.${reading.key}`)
    else writer.unknownString(at, text, reading)
  }

  /** The careful way: whatever the container is, only its own property counts. */
  function ownOf(properties: Properties | undefined, slot: number, request: AccessRequest): unknown {
    if (properties === undefined) return undefined
    if (!isMap(properties)) throw requestError(request)
    return own(properties, slots[slot]!.key)
  }

  const { derivedValue } = derived
  const { overLimit, top } = writer
  const writing = { startResource, writePart, writeList }
  let runs: RunProjection | undefined
  return {
    runs: () => (runs ??= createRunProjection(core, image, ids, slots, keys, writer, derived, writing)),
    writeKeys,
    writeNeeds,
    writeSlots,
    derivedValue,
    overLimit,
    top,
  }
}

/** In place of a map that is left out. */
const NOTHING: Properties = {}

/** The object that a slot reads. */
function containerOf({ root }: SlotReading, request: AccessRequest): Properties | undefined {
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
