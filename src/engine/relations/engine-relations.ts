/** An engine's tuples, and questions about its relations. */
import { SallyportError } from '../../errors.ts'
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
  readonly #here: () => RelationParts | undefined
  leftOut: readonly string[] = []

  /**
   * @param find What the image in force offers; refuses while a request is being read.
   * @param elsewhere Whether others know the tuples, and are to be asked.
   */
  constructor(find: () => RelationParts | undefined, elsewhere = false) {
    const here = elsewhere ? refusing(find) : find
    super(find, here)
    this.#here = here
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

  candidateObjects(question: ObjectQuestion): readonly string[] {
    return this.#questions().candidateObjects(question)
  }

  candidateSubjects(question: SubjectQuestion): readonly string[] {
    return this.#questions().candidateSubjects(question)
  }

  expand(question: { readonly object: string; readonly relation: string }): RelationTree {
    return this.#questions().expand(question)
  }

  #questions(): RelationQuestions {
    const { store, writeScene } = neededParts(this.#here)
    return new RelationQuestions(store, writeScene)
  }
}

function refusing(find: () => RelationParts | undefined) {
  return () => {
    find()
    throw new SallyportError('E_USAGE', 'the tuples lie elsewhere: ask, and write, there')
  }
}
