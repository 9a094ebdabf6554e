/** Entities: for each, the attributes that the policies read, found by kind, type and id. */
import { EntityKind, Section, Slot } from '../../assembly/abi.ts'
import type { EntityModel, PolicyModel } from '../policy/model.ts'
import { type CellTable, valueAt } from './cells.ts'
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
    const stored = slot === Slot.SubjectRoles ? entity.roles : entity.properties[spec.keys[0] ?? '']
    const known =
      slot === Slot.SubjectRoles ? stored !== undefined : Object.hasOwn(entity.properties, spec.keys[0] ?? '')
    if (!known || stored === undefined) return
    const value = valueAt(stored, spec.keys.slice(1))
    pairs.push({ slot, cell: cells.offsetOf(value, slots.itemPaths(spec)) })
  })
  return pairs
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
