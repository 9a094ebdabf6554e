/** What rules ask of the relation model: checked when all documents of the tenant are known. */
import type { RelationNames } from '../../tuple/relation-model.ts'
import type { Position } from '../node.ts'
import { quote } from '../read.ts'
import type { Report } from '../report.ts'
import { didYouMean } from '../suggest.ts'

/** A relation that a condition asks for, with the types that are known before a request is. */
export interface AskedRelation {
  readonly relation: string
  /** Types of the object, one of which must have the relation; empty when any type may be asked about. */
  readonly objectTypes: readonly string[]
  /** Types that must be in the model. */
  readonly subjectTypes: readonly string[]
  readonly subjectRelation: string | undefined
  readonly at: Position
}

/** Reports what the model does not know; `names` is undefined when there is no model. */
export function checkAsked(asked: AskedRelation, names: RelationNames | undefined, report: Report): void {
  const { relation, objectTypes, subjectTypes, subjectRelation, at } = asked
  if (names === undefined) {
    report.error(
      'E_RELATION',
      at,
      `the relation ${quote(relation)} needs "relations", which the policies do not have`,
      'add them',
    )
    return
  }
  for (const type of [...objectTypes, ...subjectTypes]) {
    if (names.typeNumber(type) === undefined) {
      report.error('E_RELATION', at, `"relations" has no type ${quote(type)}`, didYouMean(type, names.types))
    }
  }
  const known =
    objectTypes.length === 0 ? names.relations.slice(1) : objectTypes.flatMap((type) => names.relationsOf(type))
  const missing = objectTypes.filter(
    (type) => names.typeNumber(type) !== undefined && names.rewrite(type, relation) === undefined,
  )
  if (missing.length > 0 || (objectTypes.length === 0 && names.relationNumber(relation) === undefined)) {
    const where = missing.length > 0 ? `the type ${missing.map(quote).join(', ')}` : 'no type'
    const found =
      missing.length > 0 ? `${where} has no relation ${quote(relation)}` : `${where} has a relation ${quote(relation)}`
    report.error('E_RELATION', at, found, didYouMean(relation, known))
  }
  if (
    subjectRelation !== undefined &&
    subjectTypes.every((type) => names.rewrite(type, subjectRelation) === undefined)
  ) {
    const candidates = subjectTypes.flatMap((type) => names.relationsOf(type))
    report.error(
      'E_RELATION',
      at,
      `the subject's type has no relation ${quote(subjectRelation)}`,
      didYouMean(subjectRelation, candidates),
    )
  }
}
