/** Entities: for each, the attributes that the policies read, found by kind, type and id. */
import { Slot } from '../../assembly/abi/frame.ts'
import { Section } from '../../assembly/abi/image.ts'
import { EntityKind } from '../../assembly/abi/rules.ts'
import type { EntityModel, HeldRoleModel, PolicyModel } from '../policy/model.ts'
import { foldCase } from '../text/fold.ts'
import { isMap } from '../text/is-map.ts'
import { type CellTable, modified, valueAt } from './cells.ts'
import { hashKeys, tableSize } from './hash.ts'
import type { SlotSpec, SlotTable } from './slots.ts'
import type { StringTable } from './strings.ts'
import { Words } from './words.ts'

export function encodeEntities(
  model: PolicyModel,
  strings: StringTable,
  cells: CellTable,
  slots: SlotTable,
): { buckets: Words; attributes: Words } {
  const attributes = new Words()
  const entries: { key: readonly number[]; list: number }[] = []
  const add = (kind: EntityKind, root: 'subject' | 'resource', entity: EntityModel): void => {
    const pairs = attributesOf(entity, root, cells, slots)
    if (pairs.length === 0) return
    entries.push({ key: [kind, strings.intern(entity.type), strings.intern(entity.id)], list: attributes.offset })
    attributes.push(pairs.length)
    for (const { slot, cell } of pairs) {
      attributes.push(slot)
      attributes.pushAddress(Section.Cells, cell)
    }
  }
  for (const entity of model.subjects) add(EntityKind.Subject, 'subject', entity)
  for (const entity of model.resources) add(EntityKind.Resource, 'resource', entity)
  return { buckets: encodeTable(entries), attributes }
}

/**
 * The slots that the entity can fill. Where nobody delegated, the subject is the root of its chain: the host leaves the
 * slots of the root to the subject's entity then, and only then.
 */
function attributesOf(
  entity: EntityModel,
  root: 'subject' | 'resource',
  cells: CellTable,
  slots: SlotTable,
): { slot: number; cell: number }[] {
  const pairs: { slot: number; cell: number }[] = []
  slots.specs.forEach((spec, slot) => {
    const keys = slot < Slot.SubjectRoles || spec.part ? undefined : propertyKeys(spec, root)
    if (keys === undefined) return
    const [first = '', ...rest] = keys
    if (root === 'subject' && first === 'roles') {
      if (entity.roles !== undefined) pairs.push({ slot, cell: rolesCell(entity.roles, cells, spec, slots) })
      return
    }
    const stored = entity.properties[first]
    if (stored === undefined || !Object.hasOwn(entity.properties, first)) return
    const found = modified(valueAt(stored, rest), spec)
    const value = spec.range && isMap(found) ? Object.keys(found) : found
    pairs.push({ slot, cell: spec.whole ? cells.wholeOffsetOf(value) : cells.offsetOf(value, slots.itemPaths(spec)) })
  })
  return pairs
}

/** A plain list where every role is held everywhere. */
function rolesCell(held: readonly HeldRoleModel[], cells: CellTable, spec: SlotSpec, slots: SlotTable): number {
  const roles = spec.fold ? held.map((one) => ({ ...one, role: foldCase(one.role) })) : held
  if (roles.some(({ type }) => type !== undefined)) return cells.scopedRolesOffset(roles, slots.itemPaths(spec))
  return cells.offsetOf(
    roles.map(({ role }) => role),
    slots.itemPaths(spec),
  )
}

/** The keys among the properties of the subject or resource that the slot reads. */
function propertyKeys({ root, keys }: SlotSpec, kind: 'subject' | 'resource'): SlotSpec['keys'] | undefined {
  if (root === kind) return keys
  const isRoots = root === 'chain' && kind === 'subject' && keys[0] === 'root' && keys[1] === 'properties'
  return isRoots ? keys.slice(2) : undefined
}

function encodeTable(entries: readonly { key: readonly number[]; list: number }[]): Words {
  const words = new Words()
  if (entries.length === 0) return words
  const size = tableSize(entries.length)
  const table: ((typeof entries)[number] | undefined)[] = new Array(size).fill(undefined)
  for (const entry of entries) {
    let slot = hashKeys(entry.key) & (size - 1)
    while (table[slot] !== undefined) slot = (slot + 1) & (size - 1)
    table[slot] = entry
  }
  for (const entry of table) {
    for (let i = 0; i < 3; i++) words.push(entry?.key[i] ?? 0)
    if (entry === undefined) words.push(0)
    else words.pushAddress(Section.EntityAttributes, entry.list)
  }
  return words
}
