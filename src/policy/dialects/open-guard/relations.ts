/** rebac: the subject has a permission, by tuples and what types make of them. */
import type { PolicyDocument } from '../../document.ts'
import type { Entry } from '../../node.ts'
import { defaultTenant } from '../../parse.ts'
import { quote, readString } from '../../read.ts'
import type { Report } from '../../report.ts'
import { allOf, anyOf, type Logic } from './logic.ts'
import { RelationModel } from './relation-model.ts'
import type { Source, SourcePolicy } from './source.ts'
import { readTuples } from './tuples.ts'
import { readTypes } from './type-definitions.ts'

export class Relations {
  readonly #model: RelationModel
  #asked = false

  constructor(source: Source, report: Report) {
    const tuples = readTuples(source.tuples, source.tenant ?? defaultTenant, report)
    this.#model = new RelationModel(readTypes(source.types, report), tuples)
  }

  /**
   * What a rebac policy asks. The types of object and subject are those of the policy: open-guard looks the ids of the request
   * up under them, of whatever type resource and subject are. Left out: the resource's type; user; the action's name.
   */
  conditions({ conditions, actions, at, report }: SourcePolicy): Logic {
    this.#asked = true
    const text = (key: string): string | undefined => {
      const entry: Entry | undefined = conditions.get(key)
      return entry && readString(entry.value, report, `"${key}"`)
    }
    const subjectType = text('subject_type') ?? 'user'
    const permission = text('permission')
    const objectType = text('object_type')
    const types = objectType === undefined ? this.#model.types : [objectType]
    const ways = types.flatMap((type) => {
      const about = objectType === undefined ? { 'resource.type': type } : true
      const names = permission === undefined ? this.#model.relationsOf(type) : [permission]
      return names
        .filter((name) => this.#model.has(type, name))
        .flatMap((relation): Logic[] => {
          if (permission !== undefined) return [allOf([about, related(type, relation, subjectType)])]
          if (actions !== undefined && !actions.includes(relation)) return []
          return [allOf([about, { 'action.name': relation }, related(type, relation, subjectType)])]
        })
    })
    const known = this.#model.types.includes(subjectType)
    if (ways.length > 0 && known) return anyOf(ways)
    const what = permission === undefined ? 'what the policy asks for' : quote(permission)
    report.warning('W_IMPORT', at, `no type and no tuple says how a ${subjectType} could have ${what}`)
    return false
  }

  /** What the document says of relations; nothing when no policy asks for one. */
  document(): Pick<PolicyDocument, 'relations' | 'entities'> {
    if (!this.#asked || this.#model.types.length === 0) return {}
    const tuples = this.#model.tuples()
    return { relations: this.#model.document(), ...(tuples.length > 0 && { entities: { tuples } }) }
  }
}

function related(type: string, relation: string, subjectType: string): Logic {
  return {
    related: {
      subject: { type: subjectType, id: { ref: 'subject.id' } },
      relation,
      object: { type, id: { ref: 'resource.id' } },
    },
  }
}
