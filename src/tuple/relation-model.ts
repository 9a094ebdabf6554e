/** A relation model as data: in a policy model, and in an image's metadata. Numbers in the image follow its order. */

import type { ParameterModel } from './parameter.ts'

/** Types and their relations. Types are numbered from 0; relations, by name, from 1 in the order in which names first occur. */
export interface RelationModel {
  /** Steps from relation to relation that a check may follow one another. */
  readonly depth: number
  readonly types: readonly TypeModel[]
  /** The conditions on tuples, numbered from 1. */
  readonly conditions: readonly ConditionModel[]
}

export interface ConditionModel {
  readonly name: string
  /** What the context of a tuple may hold; without them it may hold anything. */
  readonly parameters?: readonly ParameterModel[]
}

export type TypeModel = readonly [name: string, relations: readonly (readonly [name: string, by: RewriteModel])[]]

/** How a relation is come by. */
export type RewriteModel =
  /** By tuples. */
  | { readonly kind: 'direct'; readonly subjects: readonly SubjectType[] }
  /** Who has another relation to the same object. */
  | { readonly kind: 'computed'; readonly relation: string }
  /** Who has the relation to what `from` leads to. */
  | { readonly kind: 'arrow'; readonly from: string; readonly relation: string }
  | { readonly kind: 'union' | 'intersection'; readonly of: readonly RewriteModel[] }
  | { readonly kind: 'exclusion'; readonly base: RewriteModel; readonly except: RewriteModel }

/** What a tuple's subject may be: one of a type, all of it (`wildcard`), or who has a relation to one of it. */
export interface SubjectType {
  readonly type: string
  readonly relation?: string
  readonly wildcard?: true
  /** The condition that such a tuple must have; without one it must have none. */
  readonly condition?: string
}

/** The depth that OpenFGA has, too. */
export const defaultDepth = 25

/** Every rewrite in a rewrite, itself first. */
export function rewritesIn(rewrite: RewriteModel): readonly RewriteModel[] {
  switch (rewrite.kind) {
    case 'union':
    case 'intersection':
      return [rewrite, ...rewrite.of.flatMap(rewritesIn)]
    case 'exclusion':
      return [rewrite, ...rewritesIn(rewrite.base), ...rewritesIn(rewrite.except)]
    default:
      return [rewrite]
  }
}

/** `user`, `user:*`, `group#member`, each maybe ` with condition`: as a document writes it. */
export function subjectTypeText({ type, relation, wildcard, condition }: SubjectType): string {
  const what = wildcard ? `${type}:*` : relation === undefined ? type : `${type}#${relation}`
  return condition === undefined ? what : `${what} with ${condition}`
}

/** A model with its names and numbers looked up. */
export class RelationNames {
  readonly model: RelationModel
  readonly #types = new Map<
    string,
    { readonly number: number; readonly relations: ReadonlyMap<string, RewriteModel> }
  >()
  readonly #typeNames: readonly string[]
  readonly #relations = new Map<string, number>()
  readonly #relationNames: readonly string[]
  readonly #direct = new Map<RewriteModel, readonly SubjectType[]>()

  constructor(model: RelationModel) {
    this.model = model
    for (const [name, relations] of model.types) {
      this.#types.set(name, { number: this.#types.size, relations: new Map(relations) })
      for (const [relation] of relations) {
        if (!this.#relations.has(relation)) this.#relations.set(relation, this.#relations.size + 1)
      }
    }
    this.#typeNames = [...this.#types.keys()]
    this.#relationNames = ['', ...this.#relations.keys()]
  }

  get types(): readonly string[] {
    return this.#typeNames
  }

  /** Relation names; the one at 0 is no relation. */
  get relations(): readonly string[] {
    return this.#relationNames
  }

  typeNumber(name: string): number | undefined {
    return this.#types.get(name)?.number
  }

  relationNumber(name: string): number | undefined {
    return this.#relations.get(name)
  }

  /** From 1; undefined for a name that is no condition's. */
  conditionNumber(name: string): number | undefined {
    const index = this.model.conditions.findIndex((condition) => condition.name === name)
    return index < 0 ? undefined : index + 1
  }

  /** The name of the condition with this number; undefined for 0. */
  conditionName(number: number): string | undefined {
    return this.model.conditions[number - 1]?.name
  }

  relationsOf(type: string): readonly string[] {
    return [...(this.#types.get(type)?.relations.keys() ?? [])]
  }

  rewrite(type: string, relation: string): RewriteModel | undefined {
    return this.#types.get(type)?.relations.get(relation)
  }

  /** What may be the subject of a tuple with this relation; empty when the relation is not come by with tuples. */
  directSubjects(type: string, relation: string): readonly SubjectType[] {
    const rewrite = this.rewrite(type, relation)
    if (rewrite === undefined) return []
    const known = this.#direct.get(rewrite)
    if (known !== undefined) return known
    const subjects = rewritesIn(rewrite).flatMap((one) => (one.kind === 'direct' ? one.subjects : []))
    this.#direct.set(rewrite, subjects)
    return subjects
  }
}
