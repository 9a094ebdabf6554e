/**
 * Projection: reading from a request only what the policies read, straight into the frame. Nothing is serialised, and no
 * object is made on the way.
 */
import { Layout, Slot, Tag } from '../../assembly/abi.ts'
import type { SlotSpec } from '../compiler/slots.ts'
import type { Core } from './core.ts'
import { FrameWriter, type Reading, valueAt } from './frame-writer.ts'
import { illFormedError, rolesError } from './request.ts'
import type { AccessRequest, Properties } from './types.ts'

/** A slot's plan: where its cell is, which property it reads, and how. */
interface Plan extends Reading {
  /** The cell, as a u32 index. */
  readonly at: number
  readonly key: string
  /** Keys below the property; undefined when the property itself is read. */
  readonly rest: readonly (string | number)[] | undefined
}

const OBJECT_PROTOTYPE: Readonly<Record<string, unknown>> = Object.prototype as unknown as Record<string, unknown>
const CELL_WORDS = Layout.CellSize / 4

export class Projection {
  readonly writer: FrameWriter
  readonly #core: Core
  readonly #subject: readonly Plan[]
  readonly #resource: readonly Plan[]
  readonly #action: readonly Plan[]
  readonly #context: readonly Plan[]
  readonly #fixed: readonly Reading[]

  constructor(core: Core, slots: readonly SlotSpec[], ids: ReadonlyMap<string, number>) {
    this.writer = new FrameWriter(core, ids)
    this.#core = core
    const plans = (root: SlotSpec['root']): Plan[] =>
      slots.flatMap((spec, slot) => (slot >= Layout.FixedSlots && spec.root === root ? [plan(core, spec, slot)] : []))
    this.#subject = plans('subject')
    this.#resource = plans('resource')
    this.#action = plans('action')
    this.#context = plans('context')
    this.#fixed = slots.slice(0, Layout.FixedSlots).map(({ text, identity, items }) => ({ text, identity, items }))
  }

  /**
   * Writes a well-formed request into the frame.
   *
   * @throws SallyportError `E_REQUEST` for roles that are no strings and for ids that are no well-formed Unicode.
   */
  write(request: AccessRequest, now: number | undefined): void {
    const { subject, action, resource } = request
    const { writer } = this
    writer.reset()
    this.#part(Slot.ActionName, action.name)
    this.#part(Slot.ResourceType, resource.type)
    this.#part(Slot.ResourceId, resource.id)
    this.#part(Slot.SubjectType, subject.type)
    this.#part(Slot.SubjectId, subject.id)
    this.#roles(subject.properties)
    if (now === undefined) this.#core.u32[this.#cell(Slot.Now)] = Tag.Missing
    else writer.value(this.#cell(Slot.Now), now, this.#fixed[Slot.Now]!)
    this.#attributes(this.#subject, subject.properties)
    this.#attributes(this.#resource, resource.properties)
    this.#attributes(this.#action, action.properties)
    this.#attributes(this.#context, request.context)
  }

  #cell(slot: Slot): number {
    return this.#core.frame + slot * CELL_WORDS
  }

  #part(slot: Slot, text: string): void {
    const at = this.#cell(slot)
    this.writer.string(at, text, this.#fixed[slot]!)
    if (this.#core.u32[at] === Tag.Invalid) throw illFormedError(PART_NAMES[slot] ?? 'the request')
  }

  #roles(properties: Properties | undefined): void {
    const at = this.#cell(Slot.SubjectRoles)
    const roles = properties === undefined ? undefined : own(properties, 'roles')
    if (roles === undefined) {
      this.#core.u32[at] = Tag.LeftOut
      return
    }
    if (typeof roles !== 'string' && !(Array.isArray(roles) && roles.every((role) => typeof role === 'string'))) {
      throw rolesError(roles)
    }
    this.writer.value(at, roles, this.#fixed[Slot.SubjectRoles]!)
  }

  #attributes(plans: readonly Plan[], properties: Properties | undefined): void {
    if (properties === undefined) {
      const { u32 } = this.#core
      for (let i = 0; i < plans.length; i++) u32[plans[i]!.at] = Tag.LeftOut
      return
    }
    const plain = isPlain(properties)
    for (let i = 0; i < plans.length; i++) {
      const plan = plans[i]!
      let value = properties[plan.key]
      if (value !== undefined && (!plain || OBJECT_PROTOTYPE[plan.key] !== undefined)) {
        value = own(properties, plan.key)
      }
      if (value === undefined) this.#core.u32[plan.at] = Tag.LeftOut
      else this.writer.value(plan.at, plan.rest === undefined ? value : valueAt(value, plan.rest), plan)
    }
  }
}

const PART_NAMES: Readonly<Record<number, string>> = {
  [Slot.ActionName]: 'action.name',
  [Slot.ResourceType]: 'resource.type',
  [Slot.ResourceId]: 'resource.id',
  [Slot.SubjectType]: 'subject.type',
  [Slot.SubjectId]: 'subject.id',
}

function plan(core: Core, spec: SlotSpec, slot: number): Plan {
  const [key = '', ...rest] = spec.keys
  return {
    at: core.frame + slot * CELL_WORDS,
    key: String(key),
    rest: rest.length > 0 ? rest : undefined,
    text: spec.text,
    identity: spec.identity,
    items: spec.items,
  }
}

/** Objects that inherit from Object.prototype or nothing; for others each property is checked to be their own. */
function isPlain(object: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(object)
  return prototype === Object.prototype || prototype === null
}

/** An own property's value, or undefined: nothing that a prototype supplies. */
export function own(object: Properties, key: string): unknown {
  return Object.hasOwn(object, key) ? object[key] : undefined
}
