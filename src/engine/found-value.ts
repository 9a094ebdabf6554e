/** What a test read, as explanations show it. */
import { CelTag } from '../../assembly/abi/cel.ts'
import { Tag } from '../../assembly/abi/frame.ts'
import { Layout } from '../../assembly/abi/memory.ts'
import type { SlotSpec } from '../compiler/slots.ts'
import type { AttributeValue } from '../policy/document.ts'
import { MAP, NO_SLOT, type ReadTest } from './disassemble.ts'
import type { Scene } from './explain.ts'
import { scoresOf } from './notes.ts'
import { own } from './own-property.ts'
import { requestPart } from './request.ts'
import { applyingRoles } from './roles.ts'
import { SECRET } from './secrets.ts'
import type { Properties } from './types.ts'
import { valueAt } from './value-at.ts'

/** What a test read. */
export interface Found {
  readonly value: AttributeValue
  /** How it differs from what an entity has. */
  readonly kept?: string | undefined
}

/** The value but for what is secret in it. */
export function shownValue(test: ReadTest, value: AttributeValue, scene: Scene): AttributeValue {
  if (test.secret) return SECRET
  const spec = test.slot === undefined ? undefined : scene.image.metadata.slots[test.slot]
  return spec === undefined ? value : scene.disassembler.secrets.mask(spec.root, spec.keys, value)
}

/** The request's own value, or what an entity supplied. */
export function findValue(test: ReadTest, scene: Scene): Found | undefined {
  const { image, disassembler, request, now } = scene
  if (test.trust !== undefined) return asFound(scoresOf(test.trust, disassembler))
  if (test.slot === NO_SLOT) return undefined
  const spec = test.slot === undefined ? image.metadata.slots.find(isRoles) : image.metadata.slots[test.slot]
  if (spec === undefined) return undefined
  if (spec.root === 'now') return asFound(now)
  if (spec.part || spec.root === 'chain' || spec.root === 'state') {
    const value = scene.projection.derivedValue(image.metadata.slots.indexOf(spec), request)
    return value === undefined ? suppliedValue(spec, scene) : asFound(printable(value))
  }
  const [first = '', ...rest] = spec.keys
  if (test.slot !== undefined && test.slot < FIXED_PARTS) {
    return asFound(printable(requestPart(request, spec.root as 'subject' | 'resource' | 'action', first)))
  }
  const properties: Properties | undefined =
    spec.root === 'context' ? request.context : request[spec.root as 'subject'].properties
  const given = properties === undefined ? undefined : own(properties, String(first))
  // Of roles on some resources, those that apply: the others are not what was read.
  const found = isRoles(spec) && given !== undefined ? applyingRoles(given, request) : given
  return found === undefined ? suppliedValue(spec, scene) : asFound(printable(valueAt(found, rest)))
}

function asFound(value: AttributeValue | undefined): Found | undefined {
  return value === undefined ? undefined : { value }
}

/** An entity's value is in the frame: the core copied it there, and all its strings are of the image. */
function suppliedValue(spec: SlotSpec, { core, image, disassembler }: Scene): Found | undefined {
  const cell = core.frame * 4 + image.metadata.slots.indexOf(spec) * Layout.CellSize
  if (!isSupplied(disassembler.word(cell))) return undefined
  const value = disassembler.cell(cell)
  return { value, kept: keptNote(spec, value) }
}

/** Only what tests compare is kept of entities. */
function keptNote({ fold }: SlotSpec, value: AttributeValue): string | undefined {
  return fold && hasText(value) ? "an entity's, kept without upper and lower case" : undefined
}

function hasText(value: AttributeValue): boolean {
  return Array.isArray(value) ? value.some(hasText) : typeof value === 'string' && value !== MAP
}

/** Whether the tag is that of a value, which then came from an entity. */
function isSupplied(tag: number): boolean {
  return (tag > Tag.Missing && tag < Tag.Invalid) || tag === CelTag.Map
}

/** Slots of parts of the request that are always there. */
const FIXED_PARTS = 5

function isRoles(spec: { readonly root: string; readonly keys: readonly (string | number)[] }): boolean {
  return spec.root === 'subject' && spec.keys.length === 1 && spec.keys[0] === 'roles'
}

/** What stands in place of a value that has no end, or fails when it is read: conditions look at parts of it, and need not care. */
const NOT_SHOWN = '(cannot be shown)'

/** JSON values as they are; others by name. Never throws: what is thrown while a decision is told is taken for a fault of the core. */
function printable(value: unknown): AttributeValue | undefined {
  if (value === undefined) return undefined
  try {
    const text = JSON.stringify(value, (_, part: unknown) =>
      part === null || ['string', 'boolean', 'object'].includes(typeof part) || Number.isFinite(part)
        ? part
        : `(${String(part)})`,
    )
    return JSON.parse(text) as AttributeValue
  } catch {
    return NOT_SHOWN
  }
}
