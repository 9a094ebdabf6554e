/**
 * The relations that tuples can lead to, as a relation model of ours. open-guard takes any tuple, whatever the types say, and
 * holds what is unknown for nobody's; our model names what there is. So tuples that are given add what they have, and what no tuple
 * can lead to is left out.
 */
import type { RewriteSource } from '../../document.ts'
import { type SourceTuple, subjectKind, tupleText } from './tuples.ts'
import type { Permission, TypeDefinition } from './type-definitions.ts'

type Rewrite = RewriteSource

export class RelationModel {
  readonly #types: ReadonlyMap<string, TypeDefinition>
  readonly #tuples: readonly SourceTuple[]
  /** Type → relation → kinds of subjects that tuples may have. */
  readonly #direct = new Map<string, Map<string, Set<string>>>()
  /** `type#relation` of all that somebody can have. */
  readonly #possible = new Set<string>()

  constructor(types: ReadonlyMap<string, TypeDefinition>, tuples: readonly SourceTuple[]) {
    this.#types = types
    this.#tuples = tuples
    for (const [type, { relations }] of types) {
      this.#subjects(type)
      for (const [relation, kinds] of relations) for (const kind of kinds) this.#add(type, relation, kind)
    }
    for (const tuple of tuples) this.#add(tuple.objectType, tuple.relation, subjectKind(tuple))
    while (this.#spread()) {
      // Until nothing is new.
    }
  }

  get types(): readonly string[] {
    return [...this.#direct.keys()]
  }

  /** Whether somebody can have the relation to an object of the type. */
  has(type: string, relation: string): boolean {
    return this.#possible.has(`${type}#${relation}`)
  }

  relationsOf(type: string): readonly string[] {
    const names = [...(this.#direct.get(type)?.keys() ?? []), ...(this.#types.get(type)?.permissions.keys() ?? [])]
    return [...new Set(names)].filter((relation) => this.has(type, relation))
  }

  document(): Record<string, Record<string, Rewrite>> {
    const types = this.types.map((type) => {
      const relations = this.relationsOf(type).flatMap((relation) => {
        const ways = this.#ways(type, relation)
        return ways === undefined ? [] : [[relation, ways] as const]
      })
      return [type, Object.fromEntries(relations)] as const
    })
    return Object.fromEntries(types)
  }

  /** The tuples that can lead anywhere, each once. */
  tuples(): string[] {
    const useful = this.#tuples.filter((tuple) => this.#leads(subjectKind(tuple)))
    return [...new Set(useful.map(tupleText))]
  }

  #subjects(type: string): Map<string, Set<string>> {
    const known = this.#direct.get(type)
    if (known !== undefined) return known
    const relations = new Map<string, Set<string>>()
    this.#direct.set(type, relations)
    return relations
  }

  #add(type: string, relation: string, kind: string): void {
    const relations = this.#subjects(type)
    const kinds = relations.get(relation) ?? new Set()
    relations.set(relation, kinds.add(kind))
    this.#subjects(typeOf(kind))
  }

  /** One step towards the least set of relations that tuples can lead to. Whether it grew. */
  #spread(): boolean {
    const before = this.#possible.size
    for (const type of this.types) {
      const permissions = this.#types.get(type)?.permissions ?? new Map<string, Permission>()
      for (const relation of new Set([...this.#subjects(type).keys(), ...permissions.keys()])) {
        if (this.#ways(type, relation) !== undefined) this.#possible.add(`${type}#${relation}`)
      }
    }
    return this.#possible.size > before
  }

  /** How the relation is come by, as far as that is possible. */
  #ways(type: string, relation: string): Rewrite | undefined {
    const kinds = [...(this.#subjects(type).get(relation) ?? [])].filter((kind) => this.#leads(kind))
    const permission = this.#types.get(type)?.permissions.get(relation)
    const computed = permission && this.#rewrite(type, permission)
    if (kinds.length === 0) return computed
    return computed === undefined ? kinds : { any: [kinds, computed] }
  }

  /** Whether a subject of the kind can be somebody. */
  #leads(kind: string): boolean {
    return !kind.includes('#') || this.#possible.has(kind)
  }

  #rewrite(type: string, permission: Permission): Rewrite | undefined {
    const can = (relation: string) => this.has(type, relation)
    switch (permission.kind) {
      case 'self':
        return undefined
      case 'union':
        return group('any', permission.relations.filter(can))
      case 'intersection':
        return permission.relations.every(can) ? group('all', permission.relations) : undefined
      case 'exclusion': {
        const { base, subtract } = permission
        if (!can(base)) return undefined
        return can(subtract) ? { base, except: subtract } : base
      }
      case 'arrow': {
        const { from, to } = permission
        const targets = [...(this.#subjects(type).get(from) ?? [])].map(typeOf)
        return targets.some((target) => this.has(target, to)) ? { from, relation: to } : undefined
      }
    }
  }
}

function group(kind: 'any' | 'all', relations: readonly string[]): Rewrite | undefined {
  const [first, ...more] = relations
  if (more.length === 0) return first
  return kind === 'any' ? { any: relations } : { all: relations }
}

/** `group` of `group#member` and of `group:*`. */
function typeOf(kind: string): string {
  return /^[^#:]*/.exec(kind)?.[0] ?? ''
}
