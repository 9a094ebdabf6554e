/** An engine's tuples, and questions about its relations. */
import type { RelationParts } from './parts.ts'
import { RelationQuestions } from './questions.ts'
import { EngineTuples, neededParts } from './tuples.ts'
import type {
  ObjectQuestion,
  RelationAnswer,
  RelationQuestion,
  Relations,
  RelationTree,
  SubjectQuestion,
} from './types.ts'

export class EngineRelations extends EngineTuples implements Relations {
  readonly #find: () => RelationParts | undefined
  readonly #elsewhere: boolean
  leftOut: readonly string[] = []

  /** @param find What the image in force offers; refuses while a request is being read. */
  constructor(find: () => RelationParts | undefined, elsewhere = false) {
    super(find, elsewhere)
    this.#find = find
    this.#elsewhere = elsewhere
  }

  check(question: RelationQuestion): RelationAnswer {
    return this.#questions().check(question)
  }

  listObjects(question: ObjectQuestion): readonly string[] {
    return this.#questions().listObjects(question)
  }

  listSubjects(question: SubjectQuestion): readonly string[] {
    return this.#questions().listSubjects(question)
  }

  expand(question: { readonly object: string; readonly relation: string }): RelationTree {
    return this.#questions().expand(question)
  }

  #questions(): RelationQuestions {
    const { store, writeScene } = neededParts(this.#find, this.#elsewhere)
    return new RelationQuestions(store, writeScene)
  }
}
