/** The relation model as sections of the image: tables of types and relations, rewrites, conditions on tuples. */
import { Section } from '../../assembly/abi/image.ts'
import { RelationTable, Rewrite, RewriteFlags } from '../../assembly/abi/relations.ts'
import type { PolicyModel } from '../policy/model.ts'
import { RelationNames, type RewriteModel, type SubjectType } from '../tuple/relation-model.ts'
import { type CodeTables, CodeWriter } from './code.ts'
import { MemberRelations } from './member-relations.ts'
import { Words } from './words.ts'

export interface RelationSections {
  readonly relations: Words
  readonly rewrites: Words
  readonly conditions: Words
  /** Undefined when there is no model. */
  readonly names: RelationNames | undefined
  /** Slots of the request that conditions on tuples read: every test of a relation needs them. */
  readonly requestSlots: readonly number[]
}

/** Encodes the model; must come before the rules, whose tests refer to it. */
export function encodeRelations(
  model: PolicyModel,
  tables: Pick<CodeTables, 'strings' | 'programs' | 'slots' | 'schedules' | 'trust' | 'expressions'>,
): RelationSections {
  const { strings, slots } = tables
  const relations = new Words()
  const rewrites = new Words()
  const code = new CodeWriter({ ...tables, section: Section.TupleConditions })
  if (model.relations === undefined) {
    return { relations, rewrites, conditions: code.words, names: undefined, requestSlots: [] }
  }
  const names = new RelationNames(model.relations)
  const written = model.tupleConditions.map((condition) => code.rule(condition))
  const read = [...new Set(written.flatMap((one) => one.slots))]
  const isTuple = (slot: number) => slots.specs[slot]?.root === 'tuple'
  const requestSlots = read.filter((slot) => !isTuple(slot))

  const header = RelationTable.HeaderWords
  for (let i = 0; i < header; i++) relations.push(0)
  relations.set(RelationTable.TypeCount, names.types.length)
  relations.set(RelationTable.RelationCount, names.relations.length - 1)
  relations.set(RelationTable.ConditionCount, written.length)
  relations.set(RelationTable.Depth, model.relations.depth)
  for (const type of names.types) relations.push(strings.intern(type))
  for (const { offset = 0 } of written) relations.pushAddress(Section.TupleConditions, offset)
  const members = new MemberRelations(names)
  for (const type of names.types) pushRow(type, { names, members }, relations, rewrites)
  pushList(RelationTable.RequestSlots, requestSlots, relations)
  pushList(RelationTable.TupleSlots, read.filter(isTuple), relations)
  pushList(
    RelationTable.MemberRelations,
    members.relations.map((name) => names.relationNumber(name) ?? 0),
    relations,
  )
  return { relations, rewrites, conditions: code.words, names, requestSlots }
}

/** The model with what was found out about it. */
interface Known {
  readonly names: RelationNames
  readonly members: MemberRelations
}

/** The rewrites of one type, by number of the relation. */
function pushRow(type: string, known: Known, relations: Words, rewrites: Words): void {
  const { names, members } = known
  for (const relation of names.relations) {
    const rewrite = relation === '' ? undefined : names.rewrite(type, relation)
    if (rewrite === undefined) relations.push(0)
    else {
      relations.pushAddress(Section.Rewrites, rewrites.offset)
      const marks = members.marksOf(type, relation)
      pushRewrite(rewrite, { subjects: names.directSubjects(type, relation), marks, names }, rewrites)
    }
  }
}

function pushList(field: RelationTable, items: readonly number[], relations: Words): void {
  relations.setAddress(field, Section.Relations, relations.offset)
  relations.push(items.length)
  for (const item of items) relations.push(item)
}

/** What a rewrite refers to, and what is known of the relation that it belongs to. */
interface Around {
  /** Of all lists of types in the relation, which stand for the same tuples. */
  readonly subjects: readonly SubjectType[]
  readonly marks: number
  readonly names: RelationNames
}

function pushRewrite(rewrite: RewriteModel, around: Around, words: Words): void {
  const { subjects, marks, names } = around
  const start = words.length
  words.push(0)
  const numberOf = (relation: string) => names.relationNumber(relation) ?? 0
  switch (rewrite.kind) {
    case 'direct':
      words.push(
        (subjects.some(({ relation }) => relation !== undefined) ? RewriteFlags.Usersets : 0) |
          (subjects.some(({ wildcard }) => wildcard) ? RewriteFlags.Wildcards : 0) |
          marks,
      )
      break
    case 'computed':
      words.push(numberOf(rewrite.relation))
      break
    case 'arrow':
      words.push(numberOf(rewrite.from))
      words.push(numberOf(rewrite.relation))
      break
    case 'exclusion':
      pushRewrite(rewrite.base, around, words)
      pushRewrite(rewrite.except, around, words)
      break
    default:
      for (const one of rewrite.of) pushRewrite(one, around, words)
  }
  words.set(start, OPERATIONS[rewrite.kind] | ((words.length - start) << 8))
}

const OPERATIONS: Readonly<Record<RewriteModel['kind'], Rewrite>> = {
  direct: Rewrite.Direct,
  computed: Rewrite.Computed,
  arrow: Rewrite.Arrow,
  union: Rewrite.Union,
  intersection: Rewrite.Intersection,
  exclusion: Rewrite.Exclusion,
}
