/** The condition `related` and the target `to.relation`. */
import { everyone, isName } from '../../tuple/tuple.ts'
import { relatedKeys, termKeys } from '../keys.ts'
import type { Condition, TermModel, TermPart } from '../model.ts'
import type { MapNode, Node, Position } from '../node.ts'
import type { Scope } from '../operator.ts'
import { readPath } from '../path.ts'
import type { PatternList } from '../pattern-list.ts'
import { quote, readRecord, readString } from '../read.ts'
import type { AskedRelation } from './asked.ts'

const example = 'write { relation: viewer }'

/** Reads `related: { relation, subject, object }`. */
export function readRelated(node: Node, scope: Scope): Condition | undefined {
  const { report } = scope
  if (scope.inTuple) {
    report.error('E_CONDITION', node.at, 'a condition on tuples cannot ask for relations', 'put it into a rule')
    return undefined
  }
  const map = readRecord(node, report, '"related"', relatedKeys, { advice: example })
  if (map === undefined) return undefined
  const relation = readName(map, 'relation', scope)
  if (!map.entries.has('relation')) report.error('E_MISSING', map.at, '"related" has no relation', example)
  const subject = readTerm(map.entries.get('subject')?.value, 'subject', scope)
  const object = readTerm(map.entries.get('object')?.value, 'resource', scope)
  if (relation === undefined || subject === undefined || object === undefined) return undefined
  scope.mentions.relations.push({
    relation,
    objectTypes: constantType(object.term),
    subjectTypes: constantType(subject.term),
    subjectRelation: subject.relation,
    at: map.at,
  })
  return { kind: 'related', relation, subject: subject.term, subjectRelation: subject.relation, object: object.term }
}

/** The condition that the subject has a relation to the resource. */
export function relatedToResource(
  relation: string,
  at: Position,
  { onType, subjectType }: { readonly onType: PatternList; readonly subjectType: PatternList },
  relations: AskedRelation[],
): Condition {
  const exact = (list: PatternList) => {
    const all = list.patterns.length > 0 && list.patterns.every((pattern) => pattern.kind === 'exact')
    return all ? list.exact.map(({ name }) => name) : []
  }
  const asked = {
    relation,
    objectTypes: exact(onType),
    subjectTypes: exact(subjectType),
    subjectRelation: undefined,
    at,
  }
  relations.push(asked)
  return {
    kind: 'related',
    relation,
    subject: partOf('subject'),
    subjectRelation: undefined,
    object: partOf('resource'),
  }
}

interface ReadTerm {
  readonly term: TermModel
  readonly relation: string | undefined
}

/** A subject or object: that of the request, a path to `type:id`, or a type and an id. */
function readTerm(node: Node | undefined, root: 'subject' | 'resource', scope: Scope): ReadTerm | undefined {
  if (node === undefined) return { term: partOf(root), relation: undefined }
  if (node.kind === 'scalar') {
    const text = readString(node, scope.report, `the ${root} of "related"`)
    const path = text === undefined ? undefined : readPath(text, node, { inItems: scope.inItems }, scope.report)
    return path && { term: { type: undefined, id: { kind: 'path', path } }, relation: undefined }
  }
  const keys: readonly string[] = root === 'subject' ? termKeys : termKeys.filter((key) => key !== 'relation')
  const what = root === 'subject' ? 'the subject of "related"' : 'the object of "related"'
  const map = readRecord(node, scope.report, what, keys, { advice: 'write { type: …, id: … }, or a path' })
  if (map === undefined) return undefined
  const type = readPart(map, 'type', what, scope)
  const id = readPart(map, 'id', what, scope)
  const relation = keys.includes('relation') ? readName(map, 'relation', scope) : undefined
  return type && id && { term: { type, id }, relation }
}

function readPart(map: MapNode, key: 'type' | 'id', what: string, scope: Scope): TermPart | undefined {
  const node = map.entries.get(key)?.value
  if (node === undefined) {
    scope.report.error('E_MISSING', map.at, `${what} has no ${key}`, 'write { type: …, id: … }')
    return undefined
  }
  if (node.kind === 'map') {
    const record = readRecord(node, scope.report, `the ${key} of ${what}`, ['ref'], { advice: 'write { ref: path }' })
    const ref = record?.entries.get('ref')?.value
    const text = ref && readString(ref, scope.report, 'ref')
    if (record !== undefined && ref === undefined)
      scope.report.error('E_MISSING', record.at, `the ${key} of ${what} is empty`, 'write { ref: path }')
    const path =
      ref === undefined || text === undefined
        ? undefined
        : readPath(text, ref, { inItems: scope.inItems }, scope.report)
    return path && { kind: 'path', path }
  }
  const value = readString(node, scope.report, `the ${key} of ${what}`)
  if (value === everyone) {
    scope.report.error('E_OPERAND', node.at, `${what} cannot be all of a type`, 'name one, or a path')
    return undefined
  }
  return value === undefined ? undefined : { kind: 'value', value }
}

function readName(map: MapNode, key: string, { report }: Scope): string | undefined {
  const node = map.entries.get(key)?.value
  const name = node && readString(node, report, `"${key}"`)
  if (node === undefined || name === undefined) return undefined
  if (isName(name)) return name
  report.error('E_RELATION', node.at, `${quote(name)} cannot be a relation`, 'use letters, digits, _ and -')
  return undefined
}

function partOf(root: 'subject' | 'resource'): TermModel {
  const part = (key: string): TermPart => ({
    kind: 'path',
    path: { root, keys: [key], fixed: true, text: `${root}.${key}` },
  })
  return { type: part('type'), id: part('id') }
}

/** The type, when it is known before a request is. */
function constantType({ type }: TermModel): readonly string[] {
  return type?.kind === 'value' ? [type.value] : []
}
