/** The relation models of a tenant's documents → one, checked as a whole. */
import {
  type ConditionModel,
  defaultDepth,
  type RelationModel,
  RelationNames,
  type RewriteModel,
  rewritesIn,
  type SubjectType,
} from '../../tuple/relation-model.ts'
import type { Position } from '../node.ts'
import { quote } from '../read.ts'
import { locate, type Report } from '../report.ts'
import { type Advice, didYouMean, nearest, suggest } from '../suggest.ts'
import { findCircles, findHopeless } from './circles.ts'
import type { ParsedRelation, ParsedRelations, ParsedType } from './parse.ts'

/** What assembly/abi/memory.ts has as Limit.RelationMatrix. */
const maxMatrix = 262_144

/** The model, or undefined when no document has one. */
export function mergeRelations(
  parts: readonly ParsedRelations[],
  depth: number | undefined,
  conditions: readonly ConditionModel[],
  report: Report,
): RelationModel | undefined {
  const first = parts[0]
  if (first === undefined) return undefined
  const types = uniqueTypes(
    parts.flatMap((part) => part.types),
    report,
  )
  const model: RelationModel = {
    depth: depth ?? defaultDepth,
    types: types.map(({ name, relations }) => [name, relations.map((relation) => [relation.name, relation.by])]),
    conditions,
  }
  const names = new RelationNames(model)
  for (const type of types) for (const relation of type.relations) checkRelation(type, relation, names, report)
  const at = types[0]?.at
  if (at !== undefined && names.types.length * names.relations.length > maxMatrix) {
    report.error('E_LIMIT', at, `there are more than ${maxMatrix} pairs of a type and a relation`, 'use fewer names')
  }
  // What is not known has been said; it would only be said again.
  if (!report.failed) checkEnds(types, names, report)
  return model
}

function uniqueTypes(types: readonly ParsedType[], report: Report): ParsedType[] {
  const known = new Map<string, ParsedType>()
  for (const type of types) {
    const earlier = known.get(type.name)
    if (earlier === undefined) known.set(type.name, type)
    else {
      const advice = `the first one is at ${locate(earlier.at, type.at)}; keep one`
      report.error('E_DUPLICATE', type.at, `the type ${quote(type.name)} occurs twice in "relations"`, advice)
    }
  }
  return [...known.values()]
}

function checkRelation(type: ParsedType, relation: ParsedRelation, names: RelationNames, report: Report): void {
  const { at } = relation
  const what = `${quote(relation.name)} of ${quote(type.name)}`
  for (const rewrite of rewritesIn(relation.by)) {
    if (rewrite.kind === 'direct') {
      const mixed = relationsAmong(rewrite.subjects, type.name, names)
      if (mixed !== undefined) report.error('E_RELATION', at, ...mixed)
      for (const subject of rewrite.subjects) {
        if (!isRelation(subject, type.name, names)) checkSubject(subject, what, { type, relation }, names, report)
      }
    }
    if (rewrite.kind === 'computed') checkComputed(rewrite.relation, what, { type, relation }, names, report)
    if (rewrite.kind === 'arrow') checkArrow(type.name, rewrite, what, at, names, report)
  }
}

/** Whether an item of a list of types is the name of a relation beside it. */
function isRelation({ type, relation, wildcard }: SubjectType, own: string, names: RelationNames): boolean {
  const isPlain = relation === undefined && wildcard === undefined
  return isPlain && names.typeNumber(type) === undefined && names.rewrite(own, type) !== undefined
}

/** What is said of relations in a list of types, with the mend of the whole list. */
function relationsAmong(
  subjects: readonly SubjectType[],
  own: string,
  names: RelationNames,
): readonly [found: string, advice: string] | undefined {
  const relations = subjects.filter((one) => isRelation(one, own, names)).map(({ type }) => type)
  const [first] = relations
  if (first === undefined) return undefined
  const types = subjects.filter((one) => !isRelation(one, own, names)).map(subjectText)
  const ways = [...(types.length === 0 ? [] : [`[${types.join(', ')}]`]), ...relations]
  const advice = ways.length === 1 ? `write ${first} without brackets` : `write any: [${ways.join(', ')}]`
  return [`${quote(first)} is a relation, and stands in a list of types`, advice]
}

function subjectText({ type, relation, wildcard, condition }: SubjectType): string {
  const plain = wildcard ? `"${type}:*"` : relation === undefined ? type : `${type}#${relation}`
  return condition === undefined ? plain : `${plain} with ${condition}`
}

/** A relation, and the type whose it is. */
interface Defined {
  readonly type: ParsedType
  readonly relation: ParsedRelation
}

/** Another language's model, which counts as standing in one place, is not mended with YAML. */
function isForeign({ type, relation }: Defined): boolean {
  return type.at === relation.at
}

function checkSubject(
  { type, relation, condition }: SubjectType,
  what: string,
  defined: Defined,
  names: RelationNames,
  report: Report,
): void {
  const { at } = defined.relation
  if (names.typeNumber(type) === undefined) {
    const guess = nearest(type, names.types)
    const add = isForeign(defined) ? `define the type ${type} in the model` : `add ${type}: {} to "relations"`
    report.error(
      'E_RELATION',
      at,
      `${what} is for the type ${quote(type)}, which there is not`,
      guess === undefined ? add : suggest(type, guess),
    )
  } else if (relation !== undefined) checkKnown(type, relation, what, at, names, report)
  if (condition !== undefined && names.conditionNumber(condition) === undefined) {
    const known = names.model.conditions.map((one) => one.name)
    const advice = didYouMean(condition, known) ?? 'add it to "conditions"'
    report.error('E_RELATION', at, `${what} names the condition ${quote(condition)}, which there is not`, advice)
  }
}

/** A relation that is said to be another one of the same type. */
function checkComputed(name: string, what: string, defined: Defined, names: RelationNames, report: Report): void {
  const { type, relation } = defined
  const isType = names.rewrite(type.name, name) === undefined && names.typeNumber(name) !== undefined
  if (isType) report.error('E_RELATION', relation.at, `${what}: ${quote(name)} is a type`, `write [${name}]`)
  else {
    // The one that is defined here would be a circle.
    const candidates = names.relationsOf(type.name).filter((one) => one !== relation.name)
    checkKnown(type.name, name, what, relation.at, names, report, didYouMean(name, candidates) ?? 'define it')
  }
}

function checkKnown(
  type: string,
  relation: string,
  what: string,
  at: Position,
  names: RelationNames,
  report: Report,
  advice: Advice | undefined = didYouMean(relation, names.relationsOf(type)),
): boolean {
  if (names.rewrite(type, relation) !== undefined) return true
  const found = `${what} needs a relation ${quote(relation)} of ${quote(type)}, which there is not`
  report.error('E_RELATION', at, found, advice)
  return false
}

/** What is said of an arrow over a relation that may be a userset or everyone; SpiceDB has such. */
export const arrowFromMany = 'which does not lead to single objects by tuples alone'

/** The relation that leads to others is one of plain tuples, as OpenFGA and SpiceDB have it: to objects, not to usersets or all of a type. */
function checkArrow(
  type: string,
  { from, relation }: Extract<RewriteModel, { kind: 'arrow' }>,
  what: string,
  at: Position,
  names: RelationNames,
  report: Report,
): void {
  if (!checkKnown(type, from, what, at, names, report)) return
  const by = names.rewrite(type, from)
  if (by?.kind !== 'direct' || by.subjects.some((subject) => subject.relation !== undefined || subject.wildcard)) {
    const found = `${what} goes from ${quote(from)}, ${arrowFromMany}`
    report.error('E_RELATION', at, found, `define ${quote(from)} as a list of plain types`)
    return
  }
  if (by.subjects.some((subject) => names.rewrite(subject.type, relation) !== undefined)) return
  const reached = by.subjects.map((subject) => subject.type)
  const candidates = reached.flatMap((one) => names.relationsOf(one))
  const found = `${what} needs a relation ${quote(relation)} of ${reached.map(quote).join(' or ')}, which there is not`
  report.error('E_RELATION', at, found, didYouMean(relation, candidates))
}

function checkEnds(types: readonly ParsedType[], names: RelationNames, report: Report): void {
  const places = new Map(
    types.flatMap((type) => type.relations.map((one) => [`${type.name}#${one.name}`, one.at] as const)),
  ) as ReadonlyMap<string, Position>
  const say = (key: string, found: string, advice: string) => {
    const at = places.get(key)
    if (at !== undefined) report.error('E_RELATION', at, found, advice)
  }
  for (const circle of findCircles(names)) {
    say(
      circle[0] ?? '',
      `relations of one object follow from one another in a circle: ${circle.join(' → ')}`,
      'remove one of these steps',
    )
  }
  for (const key of findHopeless(names)) {
    say(
      key,
      `nobody can ever have the relation ${quote(key)}: no tuple leads to it`,
      'give it, or one that it follows from, a list of types',
    )
  }
}
