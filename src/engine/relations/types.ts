/** What a caller asks of relations, and gets. */
import type { Reference, SubjectReference, TupleInput } from '../../tuple/tuple.ts'
import type { Outcome, Properties } from '../types.ts'

export type { TupleInput, TupleObject } from '../../tuple/tuple.ts'

/** A question about one relation. */
export interface RelationQuestion extends RelationScene {
  /** `type:id`, `type:*` (what everyone of a type has), or `type:id#relation` (what who has a relation has). */
  readonly subject: string
  readonly relation: string
  /** `type:id`. */
  readonly object: string
}

/** What conditions on tuples read besides the tuple. */
export interface RelationScene {
  readonly context?: Properties
  readonly now?: number | Date
  /** Tuples for this question alone, beside the others. */
  readonly contextualTuples?: readonly TupleInput[]
}

export interface RelationAnswer {
  /** True only when the relation certainly holds. */
  readonly allowed: boolean
  readonly outcome: Outcome
  /**
   * Why the outcome is `not_evaluable`: `condition` (a condition on a tuple cannot be evaluated, or an exclusion depends on
   * itself), `relation_limit` (relations lead further than the policies follow them), `limit` (too much work), `trap` (a fault in the engine).
   */
  readonly code?: 'condition' | 'relation_limit' | 'limit' | 'trap'
}

export interface ObjectQuestion extends RelationScene {
  readonly subject: string
  readonly relation: string
  /** The type of the objects that are looked for. */
  readonly type: string
}

export interface SubjectQuestion extends RelationScene {
  /** `type:id`. */
  readonly object: string
  readonly relation: string
  /** The type of the subjects that are looked for: `user`, or `group#member` for groups whose members all have the relation. */
  readonly type: string
}

/** How a relation to an object comes about, level by level: for people. */
export type RelationTree =
  | { readonly kind: 'relation'; readonly of: string; readonly by: RelationTree }
  | { readonly kind: 'tuples'; readonly subjects: readonly TreeSubject[] }
  | { readonly kind: 'union' | 'intersection'; readonly of: readonly RelationTree[] }
  | { readonly kind: 'exclusion'; readonly base: RelationTree; readonly except: RelationTree }
  | { readonly kind: 'arrow'; readonly from: string; readonly relation: string; readonly of: readonly RelationTree[] }
  /** It stands further up already, or lies deeper than the policies follow relations. */
  | { readonly kind: 'again' | 'too_deep'; readonly of: string }

export interface TreeSubject {
  /** `user:ann`, `user:*` or `group:eng#member`. */
  readonly subject: string
  /** The condition that the tuple has. */
  readonly condition?: string
  /** Of a userset: how its members come about. */
  readonly members?: RelationTree
}

/** The tuples of an engine. They lie in the core's memory; changes take effect with the next decision. */
export interface RelationTuples {
  /** How many tuples there are. */
  readonly size: number

  /**
   * Adds tuples. One that is there already gets the condition that is given now. When one of a list is refused, none is added.
   *
   * @returns how many there were not before
   * @throws SallyportError `E_TUPLE` when one is not formed as a tuple, or the policies' relations do not allow it.
   * @example engine.relations.add('document:1#viewer@user:ann')
   * @example engine.relations.add([{ object: 'document:1', relation: 'viewer', subject: 'group:eng#member' }])
   */
  add(tuples: TupleInput | Iterable<TupleInput>): number

  /**
   * Removes tuples, whatever their conditions.
   *
   * @returns how many there were
   * @throws SallyportError `E_TUPLE` when one is not formed as a tuple.
   */
  remove(tuples: TupleInput | Iterable<TupleInput>): number

  /** Whether there is this tuple, whatever its condition. */
  has(tuple: TupleInput): boolean

  /** The types that the policies' relations know; empty without relations. */
  readonly types: readonly string[]

  /** The relations that objects of a type can have; empty for an unknown type. */
  relationsOf(type: string): readonly string[]
}

/** The tuples of an engine, and questions about what follows from them. */
export interface Relations extends RelationTuples {
  /** Tuples that the last `replacePolicies` left out, because the new relations do not allow them: at most 1,000 of them. */
  readonly leftOut: readonly string[]

  /**
   * Whether a subject has a relation to an object.
   *
   * @throws SallyportError `E_TUPLE` when the question names a type or relation that there is not.
   * @example engine.relations.check({ subject: 'user:ann', relation: 'viewer', object: 'document:1' }).allowed
   */
  check(question: RelationQuestion): RelationAnswer

  /**
   * The objects of a type to which a subject certainly has a relation, as `type:id`, sorted by code point.
   *
   * @throws SallyportError `E_RELATION_LIMIT` when more than 100,000 would have to be looked at.
   */
  listObjects(question: ObjectQuestion): readonly string[]

  /**
   * The subjects of a type that certainly have a relation to an object: `type:id`, `type:*` when everyone of the type has it,
   * or `type:id#relation`; sorted by code point. Beside `type:*`, only those are listed that tuples name.
   *
   * @throws SallyportError `E_RELATION_LIMIT` when more than 100,000 would have to be looked at.
   */
  listSubjects(question: SubjectQuestion): readonly string[]

  /**
   * What `listObjects` looks at: the objects to which a subject could have the relation, whatever conditions on tuples and exclusions say
   * of it. For who asks about each of them anyhow.
   *
   * @throws SallyportError `E_RELATION_LIMIT` as `listObjects` does
   */
  candidateObjects(question: Omit<ObjectQuestion, keyof RelationScene>): readonly string[]

  /**
   * The same for subjects that could have a relation to an object: what `listSubjects` looks at.
   *
   * @throws SallyportError `E_RELATION_LIMIT` as `listSubjects` does
   */
  candidateSubjects(question: Omit<SubjectQuestion, keyof RelationScene>): readonly string[]

  /**
   * How a relation to an object comes about.
   *
   * @throws SallyportError `E_RELATION_LIMIT` when the tree would have more than 10,000 parts.
   */
  expand(question: { readonly object: string; readonly relation: string }): RelationTree
}

/** Does this subject have this relation to this object? The subject may be a userset: who has a relation to something. */
export interface AskedRelation {
  readonly subject: SubjectReference
  readonly relation: string
  readonly object: Reference
}

export interface KnownRelation extends AskedRelation {
  /** `unknown`: it was asked, and nobody could tell. */
  readonly holds: boolean | 'unknown'
}
