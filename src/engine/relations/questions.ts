/** Questions about relations by themselves, outside of a decision. */
import { Truth } from '../../../assembly/abi/decision.ts'
import {
  formatSubject,
  formatTuple,
  parseReference,
  parseSubject,
  type Reference,
  readTuple,
  type SubjectReference,
  type Tuple,
} from '../../tuple/tuple.ts'
import type { Outcome } from '../types.ts'
import { expandRelation } from './expand.ts'
import { candidateObjects, candidateSubjects } from './list.ts'
import type { WriteScene } from './parts.ts'
import { asTupleError, tupleError } from './tuple-error.ts'
import { TupleReader } from './tuple-reader.ts'
import type { TupleStore } from './tuple-store.ts'
import type {
  ObjectQuestion,
  RelationAnswer,
  RelationQuestion,
  RelationScene,
  RelationTree,
  SubjectQuestion,
} from './types.ts'

export class RelationQuestions {
  readonly #store: TupleStore
  readonly #reader: TupleReader
  readonly #writeScene: WriteScene

  constructor(store: TupleStore, writeScene: WriteScene) {
    this.#store = store
    this.#reader = new TupleReader(store)
    this.#writeScene = writeScene
  }

  check(question: RelationQuestion): RelationAnswer {
    const subject = this.#subject(question.subject)
    const object = this.#object(question.object)
    this.#known(object.type, question.relation)
    return this.#within(question, () => this.#check(subject, question.relation, object, question))
  }

  listObjects(question: ObjectQuestion): readonly string[] {
    const { relation } = question
    return this.#objects(question, (subject, object) => this.#check(subject, relation, object, question).allowed)
  }

  listSubjects(question: SubjectQuestion): readonly string[] {
    const { relation } = question
    return this.#subjects(question, (subject, object) => this.#check(subject, relation, object, question).allowed)
  }

  candidateObjects(question: ObjectQuestion): readonly string[] {
    return this.#objects(question, () => true)
  }

  candidateSubjects(question: SubjectQuestion): readonly string[] {
    return this.#subjects(question, () => true)
  }

  expand({ object, relation }: { readonly object: string; readonly relation: string }): RelationTree {
    const reference = this.#object(object)
    this.#known(reference.type, relation)
    return expandRelation(this.#reader, reference, relation)
  }

  /** Those that could have the relation, and of which `holds` says so. */
  #objects(question: ObjectQuestion, holds: (subject: SubjectReference, object: Reference) => boolean): string[] {
    const { relation, type } = question
    const subject = this.#subject(question.subject)
    this.#known(type, relation)
    return this.#within(question, () => {
      const objects = candidateObjects(this.#reader, subject, relation, type)
      return texts(objects.filter((object) => holds(subject, object)))
    })
  }

  #subjects(question: SubjectQuestion, holds: (subject: SubjectReference, object: Reference) => boolean): string[] {
    const { relation } = question
    const object = this.#object(question.object)
    this.#known(object.type, relation)
    const [type = '', subjectRelation] = question.type.split('#')
    if (subjectRelation === undefined) this.#knownType(type)
    else this.#known(type, subjectRelation)
    return this.#within(question, () => {
      const subjects = candidateSubjects(this.#reader, object, relation, type, subjectRelation)
      return texts(subjects.filter((subject) => holds(subject, object)))
    })
  }

  #check(subject: SubjectReference, relation: string, object: Reference, scene: RelationScene): RelationAnswer {
    const top = this.#writeScene(scene, subject, object, relation)
    if (top === undefined) return { allowed: false, outcome: 'not_evaluable', code: 'limit' }
    const result = this.#ask(subject, relation, object, top)
    if (result === undefined) return { allowed: false, outcome: 'not_evaluable', code: 'trap' }
    const outcome = OUTCOMES[result & 3] ?? 'not_evaluable'
    if (outcome !== 'not_evaluable') return { allowed: outcome === 'true', outcome }
    return { allowed: false, outcome, code: result & 8 ? 'limit' : result & 4 ? 'relation_limit' : 'condition' }
  }

  /** The core's answer; undefined when it failed, which leaves the tuples as they are: a check changes none. */
  #ask(subject: SubjectReference, relation: string, object: Reference, top: number): number | undefined {
    try {
      return this.#store.check(subject, relation, object, top)
    } catch (error) {
      if (error instanceof WebAssembly.RuntimeError || error instanceof RangeError) return undefined
      throw error
    }
  }

  /** With the question's own tuples beside the others, which afterwards are as they were. */
  #within<T>({ contextualTuples = [] }: RelationScene, work: () => T): T {
    const undo: (() => void)[] = []
    try {
      const store = this.#store
      const prepared = [...contextualTuples].map((input) => {
        const tuple = asTupleError(() => readTuple(input))
        return { tuple, context: asTupleError(() => store.prepare(tuple)) }
      })
      for (const { tuple, context } of prepared) {
        const before = this.#find(tuple)
        store.put(tuple, context)
        undo.push(() => (before === undefined ? store.remove(tuple) : store.add(before)))
      }
      return work()
    } finally {
      for (const step of undo.reverse()) step()
    }
  }

  /** The tuple with the condition that it has. */
  #find(tuple: Tuple): Tuple | undefined {
    if (!this.#store.has(tuple)) return undefined
    const text = formatTuple(tuple)
    return this.#reader.tuplesOf(tuple.object, tuple.relation).find((one) => formatTuple(one) === text)
  }

  #subject(text: string): SubjectReference {
    const subject = asTupleError(() => parseSubject(text))
    if (subject.relation === undefined) this.#knownType(subject.type)
    else this.#known(subject.type, subject.relation)
    return subject
  }

  #object(text: string): Reference {
    return asTupleError(() => parseReference(text))
  }

  #knownType(type: string): void {
    if (this.#store.names.typeNumber(type) === undefined)
      throw tupleError(`the relations have no type ${JSON.stringify(type)}`)
  }

  #known(type: string, relation: string): void {
    this.#knownType(type)
    if (this.#store.names.rewrite(type, relation) !== undefined) return
    const known = this.#store.names.relationsOf(type).join(', ') || 'none'
    throw tupleError(
      `the type ${JSON.stringify(type)} has no relation ${JSON.stringify(relation)}; known are: ${known}`,
    )
  }
}

const OUTCOMES: Readonly<Record<number, Outcome>> = {
  [Truth.False]: 'false',
  [Truth.True]: 'true',
  [Truth.NotEvaluable]: 'not_evaluable',
}

/** Sorted by code point, as UTF-8 sorts bytes. */
function texts(subjects: readonly SubjectReference[]): string[] {
  const bytes = new Map(subjects.map((subject) => [formatSubject(subject), subject]))
  return [...bytes.keys()].sort(byCodePoint)
}

function byCodePoint(a: string, b: string): number {
  const [x, y] = [[...a], [...b]]
  for (let i = 0; i < Math.min(x.length, y.length); i++) {
    const difference = (x[i]?.codePointAt(0) ?? 0) - (y[i]?.codePointAt(0) ?? 0)
    if (difference !== 0) return difference
  }
  return x.length - y.length
}
