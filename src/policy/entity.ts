/** Entities: subjects and resources that the policies know. */
import { type ParsedHeldRole, readHeldRoles } from './held-role.ts'
import { entitiesKeys, resourceKeys, subjectKeys } from './keys.ts'
import type { EntityModel } from './model.ts'
import type { MapNode, Node, Position } from './node.ts'
import { readList, readMap, readProperties, readRecord, readString } from './read.ts'
import { type ParsedTuple, readTupleNode } from './relations/tuples.ts'
import type { Report } from './report.ts'

export interface ParsedEntity {
  readonly model: EntityModel
  readonly at: Position
  /** The roles of the model, with their places. */
  readonly roles: readonly ParsedHeldRole[]
}

export interface ParsedEntities {
  readonly subjects: readonly ParsedEntity[]
  readonly resources: readonly ParsedEntity[]
  readonly tuples: readonly ParsedTuple[]
}

/** Reads `entities`. */
export function readEntities(node: Node, report: Report): ParsedEntities {
  const map = readRecord(node, report, '"entities"', entitiesKeys, {
    advice: 'write { subjects: [...], resources: [...] }',
  })
  return {
    subjects: readEach(map, 'subjects', 'a subject', subjectKeys, report),
    resources: readEach(map, 'resources', 'a resource', resourceKeys, report),
    tuples: readTuples(map, report),
  }
}

function readTuples(map: MapNode | undefined, report: Report): ParsedTuple[] {
  const entry = map?.entries.get('tuples')
  const list = entry && readList(entry.value, report, '"tuples"')
  return (list?.items ?? []).map((item) => readTupleNode(item, report)).filter((tuple) => tuple !== undefined)
}

function readEach(
  map: MapNode | undefined,
  key: string,
  what: string,
  keys: readonly string[],
  report: Report,
): ParsedEntity[] {
  const entry = map?.entries.get(key)
  const list = entry && readList(entry.value, report, `"${key}"`)
  const entities = list?.items.map((item) => readEntity(item, what, keys, report)) ?? []
  return entities.filter((entity) => entity !== undefined)
}

function readEntity(node: Node, what: string, keys: readonly string[], report: Report): ParsedEntity | undefined {
  const map = readRecord(node, report, what, keys, { advice: 'write { type: …, id: … }' })
  if (map === undefined) return undefined
  const type = required(map, 'type', what, report)
  const id = required(map, 'id', what, report)
  const rolesNode = map.entries.get('roles')?.value
  const readsRoles = rolesNode !== undefined && keys.includes('roles')
  const roles = readsRoles ? readHeldRoles(rolesNode, report) : undefined
  const propertiesNode = map.entries.get('properties')?.value
  const entries = propertiesNode && readMap(propertiesNode, report, '"properties"')?.entries
  const stored = keys.includes('roles') ? entries?.get('roles') : undefined
  if (stored !== undefined) {
    // Roles in two places would be two answers to the question which ones the subject holds.
    report.error(
      'E_KEY',
      stored.at,
      `the roles of ${what} stand beside its properties, not among them`,
      'move "roles" up',
    )
  }
  const properties = entries === undefined ? Object.create(null) : readProperties(entries, report)
  if (type === undefined || id === undefined) return undefined
  const model = { type, id, roles: roles?.map(({ at: _, ...held }) => held), properties }
  return { model, at: map.at, roles: roles ?? [] }
}

function required(map: MapNode, key: string, what: string, report: Report): string | undefined {
  const entry = map.entries.get(key)
  if (entry !== undefined) return readString(entry.value, report, `the ${key} of ${what}`)
  report.error('E_MISSING', map.at, `${what} has no ${key}`, `write { type: …, id: … }`)
  return undefined
}
