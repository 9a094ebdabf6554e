/** open-guard's types: relations with the kinds of subjects they are meant for, and permissions computed from them. */
import { type Entries, type Entry, EntryMap, type MapNode } from '../../node.ts'
import { quote, readMap, readString, readStrings } from '../../read.ts'
import type { Report } from '../../report.ts'

export interface TypeDefinition {
  readonly relations: ReadonlyMap<string, readonly string[]>
  readonly permissions: ReadonlyMap<string, Permission>
}

/** How a permission is come by, besides tuples of its own name; `self` is by these alone. */
export type Permission =
  | { readonly kind: 'self' }
  | { readonly kind: 'union' | 'intersection'; readonly relations: readonly string[] }
  | { readonly kind: 'exclusion'; readonly base: string; readonly subtract: string }
  | { readonly kind: 'arrow'; readonly from: string; readonly to: string }

export function readTypes(entry: Entry | undefined, report: Report): Map<string, TypeDefinition> {
  const types = new Map<string, TypeDefinition>()
  const map = entry && readMap(entry.value, report, '"type_definitions"', 'write { type: { relations: … } }')
  for (const [name, { value }] of map?.entries ?? []) {
    const type = readMap(value, report, `the type ${quote(name)}`, 'write { relations: …, permissions: … }')
    if (type === undefined) continue
    const relations = new Map<string, readonly string[]>()
    for (const [relation, one] of mapAt(type, 'relations', report)) {
      relations.set(relation, readStrings(one.value, report, `the relation ${quote(relation)}`) ?? [])
    }
    const permissions = new Map<string, Permission>()
    for (const [permission, one] of mapAt(type, 'permissions', report)) {
      const read = readPermission(one, `the permission ${quote(permission)}`, report)
      if (read !== undefined) permissions.set(permission, read)
    }
    types.set(name, { relations, permissions })
  }
  return types
}

function mapAt(map: MapNode, key: string, report: Report): Entries {
  const entry = map.entries.get(key)
  return (entry && readMap(entry.value, report, `"${key}"`))?.entries ?? new EntryMap()
}

function readPermission({ value }: Entry, what: string, report: Report): Permission | undefined {
  const map = readMap(value, report, what, 'write { kind: union, relations: [...] }')
  if (map === undefined) return undefined
  const text = (key: string): string => {
    const entry = map.entries.get(key)
    if (entry === undefined) report.error('E_MISSING', map.at, `${what} has no "${key}"`)
    return (entry && readString(entry.value, report, `"${key}" of ${what}`)) ?? ''
  }
  const kind = text('kind')
  switch (kind) {
    case 'self':
      return { kind }
    case 'union':
    case 'intersection': {
      const relations = map.entries.get('relations')
      const names = relations && readStrings(relations.value, report, `"relations" of ${what}`)
      return { kind, relations: names ?? [] }
    }
    case 'exclusion':
      return { kind, base: text('base'), subtract: text('subtract') }
    case 'arrow':
      return { kind, from: text('from_relation'), to: text('to_permission') }
    default: {
      const at = map.entries.get('kind')?.value.at ?? map.at
      if (kind !== '')
        report.warning('W_IMPORT', at, `open-guard knows no kind ${quote(kind)}, and takes ${what} for self`)
      return { kind: 'self' }
    }
  }
}
