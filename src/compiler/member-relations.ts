/** Which relations the core may look for from the subject's side: see assembly/relation/members.ts. */
import { RewriteFlags } from '../../assembly/abi/relations.ts'
import type { RelationNames, SubjectType } from '../tuple/relation-model.ts'

export class MemberRelations {
  /** Their names, each once. */
  readonly relations: readonly string[]
  /** `type#relation` of the relations that usersets are of and that are found from the subject's side. */
  readonly #members: ReadonlySet<string>
  readonly #names: RelationNames

  constructor(names: RelationNames) {
    this.#names = names
    const all = names.types.flatMap((type) => names.relationsOf(type).map((relation) => [type, relation] as const))
    const usersets = all.flatMap(([type, relation]) => names.directSubjects(type, relation).flatMap(usersetOf))
    // Those with conditions, or by more than tuples, are not; nor those to which usersets of such ones lead.
    const left = new Set(usersets.filter((one) => this.#isPlain(...split(one))))
    for (let before = -1; before !== left.size; ) {
      before = left.size
      for (const one of left) {
        const subjects = names.directSubjects(...split(one))
        if (!subjects.flatMap(usersetOf).every((userset) => left.has(userset))) left.delete(one)
      }
    }
    this.#members = left
    this.relations = [...new Set([...left].map((one) => split(one)[1]))]
  }

  /** RewriteFlags of the relation's tuples. */
  marksOf(type: string, relation: string): number {
    const usersets = this.#names.directSubjects(type, relation).flatMap(usersetOf)
    const ofMembers = usersets.length > 0 && usersets.every((one) => this.#members.has(one))
    return (
      (this.#members.has(`${type}#${relation}`) ? RewriteFlags.Members : 0) | (ofMembers ? RewriteFlags.OfMembers : 0)
    )
  }

  /** By tuples without conditions, and by nothing else. */
  #isPlain(type: string, relation: string): boolean {
    const rewrite = this.#names.rewrite(type, relation)
    return rewrite?.kind === 'direct' && rewrite.subjects.every(({ condition }) => condition === undefined)
  }
}

function usersetOf({ type, relation }: SubjectType): string[] {
  return relation === undefined ? [] : [`${type}#${relation}`]
}

function split(userset: string): [type: string, relation: string] {
  const [type = '', relation = ''] = userset.split('#')
  return [type, relation]
}
