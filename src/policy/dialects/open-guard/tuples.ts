/** open-guard's relation tuples. */
import type { Entry, MapNode } from '../../node.ts'
import { quote, readList, readMap, readString } from '../../read.ts'
import type { Report } from '../../report.ts'
import { present } from './read-policy.ts'

export interface SourceTuple {
  readonly objectType: string
  readonly objectId: string
  readonly relation: string
  readonly subjectType: string
  /** `*` is everyone of the type. */
  readonly subjectId: string
  readonly subjectRelation: string | undefined
}

/** The tuples of the tenant. One that names none belongs to whatever tenant is imported. */
export function readTuples(entry: Entry | undefined, tenant: string, report: Report): SourceTuple[] {
  const list = entry && readList(entry.value, report, '"tuples"', 'write a list of tuples')
  const tuples: SourceTuple[] = []
  let others = 0
  for (const item of list?.items ?? []) {
    const map = readMap(item, report, 'a tuple', 'write { object_type: …, object_id: …, relation: …, … }')
    const owner = map && present(map, 'tenant_id')
    if (owner !== undefined && readString(owner.value, report, '"tenant_id"') !== tenant) others++
    else {
      const tuple = map && readTuple(map, report)
      if (tuple !== undefined) tuples.push(tuple)
    }
  }
  if (entry !== undefined && others > 0) {
    report.warning('W_IMPORT', entry.at, `${others} of the tuples are not of the tenant ${quote(tenant)}, and left out`)
  }
  return tuples
}

function readTuple(map: MapNode, report: Report): SourceTuple | undefined {
  const text = (key: string): string | undefined => {
    const entry = map.entries.get(key)
    if (entry === undefined) report.error('E_MISSING', map.at, `a tuple has no ${key}`)
    return entry && readString(entry.value, report, `"${key}" of a tuple`)
  }
  const [objectType, objectId, relation] = [text('object_type'), text('object_id'), text('relation')]
  const [subjectType, subjectId] = [text('subject_type'), text('subject_id')]
  const given = present(map, 'subject_relation')
  const subjectRelation = given && readString(given.value, report, '"subject_relation" of a tuple')
  if (objectType === undefined || objectId === undefined || relation === undefined) return undefined
  if (subjectType === undefined || subjectId === undefined) return undefined
  return { objectType, objectId, relation, subjectType, subjectId, subjectRelation }
}

/** The kind of subject that a tuple has: `user`, `user:*` or `group#member`. */
export function subjectKind({ subjectType, subjectId, subjectRelation }: SourceTuple): string {
  if (subjectRelation !== undefined) return `${subjectType}#${subjectRelation}`
  return subjectId === '*' ? `${subjectType}:*` : subjectType
}

/** As a document writes it. */
export function tupleText({ objectType, objectId, relation, ...subject }: SourceTuple): string {
  const { subjectType, subjectId, subjectRelation } = subject
  const set = subjectRelation === undefined ? '' : `#${subjectRelation}`
  return `${objectType}:${objectId}#${relation}@${subjectType}:${subjectId}${set}`
}
