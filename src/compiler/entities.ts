/** Entities: for each, the attributes that the policies read, found by kind, type and id. */
import { EntityKind, Section, Slot } from '../../assembly/abi.ts'
import type { EntityModel, HeldRoleModel, PolicyModel } from '../policy/model.ts'
import { type CellTable, type ItemPaths, valueAt } from './cells.ts'
import { hashKeys, tableSize } from './hash.ts'
import type { SlotTable } from './slots.ts'
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

/** The slots that the entity can fill. */
function attributesOf(
  entity: EntityModel,
  root: 'subject' | 'resource',
  cells: CellTable,
  slots: SlotTable,
): { slot: number; cell: number }[] {
  const pairs: { slot: number; cell: number }[] = []
  slots.specs.forEach((spec, slot) => {
    if (slot < Slot.SubjectRoles || spec.root !== root) return
    if (slot === Slot.SubjectRoles) {
      if (entity.roles !== undefined) pairs.push({ slot, cell: rolesCell(entity.roles, cells, slots.itemPaths(spec)) })
      return
    }
    const stored = entity.properties[spec.keys[0] ?? '']
    if (stored === undefined || !Object.hasOwn(entity.properties, spec.keys[0] ?? '')) return
    const value = valueAt(stored, spec.keys.slice(1))
    pairs.push({ slot, cell: cells.offsetOf(value, slots.itemPaths(spec)) })
  })
  return pairs
}

/** A plain list where every role is held everywhere. */
function rolesCell(roles: readonly HeldRoleModel[], cells: CellTable, itemPaths: ItemPaths | undefined): number {
  if (roles.some(({ type }) => type !== undefined)) return cells.scopedRolesOffset(roles, itemPaths)
  return cells.offsetOf(
    roles.map(({ role }) => role),
    itemPaths,
  )
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
