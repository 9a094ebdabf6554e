/**
 * Candidates for lists: objects that a subject could have a relation to, and subjects that could have one to an object, by
 * following tuples and the model without looking at what excludes. Each is then checked by itself, so a candidate too many
 * only costs time.
 */
import { Tree } from '../../../assembly/abi/tuples.ts'
import { SallyportError } from '../../errors.ts'
import { type RelationNames, type RewriteModel, rewritesIn, type TypeModel } from '../../tuple/relation-model.ts'
import { everyone, formatSubject, type Reference, type SubjectReference } from '../../tuple/tuple.ts'
import { CONDITIONAL } from './tuple-memory.ts'
import type { TupleReader } from './tuple-reader.ts'

const MOST = 100_000

/** Things to look at, each once, in the order in which they were found. */
class Queue<T> {
  readonly #seen = new Set<string>()
  readonly #items: T[] = []

  add(key: string, item: T): void {
    if (this.#seen.has(key)) return
    if (this.#items.length >= MOST) throw tooMany()
    this.#seen.add(key)
    this.#items.push(item)
  }

  /** Those that are added meanwhile, too. */
  *[Symbol.iterator](): Generator<T> {
    for (let i = 0; i < this.#items.length; i++) yield this.#items[i]!
  }
}

function tooMany(): SallyportError {
  const most = MOST.toLocaleString('en')
  return new SallyportError(
    'E_RELATION_LIMIT',
    `more than ${most} relations would have to be looked at; ask about fewer`,
  )
}

/** Objects of a type to which the subject could have the relation. */
export function candidateObjects(
  tuples: TupleReader,
  subject: SubjectReference,
  relation: string,
  type: string,
): Reference[] {
  const { names, memory } = tuples
  const found = new Queue<{ readonly node: number; readonly type: string; readonly relation: string }>()
  // Who has a relation to something has what follows from it, whether or not a tuple names the thing.
  const self = { type: subject.type, id: subject.id }
  const isObject = subject.relation !== undefined && subject.type === type
  const objects = new Map<string, Reference>(isObject ? [[formatSubject(self), self]] : [])
  const reach = (node: number, relation: number): void => {
    const typeName = names.types[memory.node(node).type] ?? ''
    const name = names.relations[relation] ?? ''
    found.add(`${node} ${name}`, { node, type: typeName, relation: name })
  }
  // Where the subject itself stands in tuples, or all of its type does; then where who has a relation stands.
  for (const start of subject.relation === undefined ? [subject.id, everyone] : [subject.id]) {
    const node = tuples.nodeOf({ type: subject.type, id: start })
    if (node === 0) continue
    const userset = subject.relation === undefined ? 0 : (names.relationNumber(subject.relation) ?? 0)
    for (const { second, third } of memory.keys(Tree.Reverse, node, userset << 16, (userset << 16) | 0xffff))
      reach(third, second & 0xffff)
    if (userset !== 0) reach(node, userset)
  }
  const ways = new Ways(names)
  for (const state of found) {
    if (state.type === type && state.relation === relation) {
      const object = tuples.reference(state.node)
      if (object.id !== everyone) objects.set(formatSubject(object), object)
    }
    for (const other of ways.computedFrom(state.type, state.relation)) reach(state.node, other)
    const number = names.relationNumber(state.relation) ?? 0
    for (const { second, third } of memory.keys(Tree.Reverse, state.node, number << 16, (number << 16) | 0xffff))
      reach(third, second & 0xffff)
    for (const { second, third } of memory.keys(Tree.Reverse, state.node, 0, 0xffff)) {
      const objectType = names.types[memory.node(third).type] ?? ''
      for (const other of ways.arrowsOver(objectType, names.relations[second & 0xffff] ?? '', state.relation))
        reach(third, other)
    }
  }
  return [...objects.values()]
}

/** Subjects of a type, and with a relation when one is given, that could have the relation to the object. */
export function candidateSubjects(
  tuples: TupleReader,
  object: Reference,
  relation: string,
  type: string,
  subjectRelation: string | undefined,
): SubjectReference[] {
  const { names, memory } = tuples
  const subjects = new Map<string, SubjectReference>()
  const keep = (subject: SubjectReference): void => {
    if (subject.type !== type || subject.relation !== subjectRelation) return
    subjects.set(formatSubject(subject), subject)
    if (subjects.size > MOST) throw tooMany()
  }
  const found = new Queue<{ readonly node: number; readonly relation: string }>()
  const reach = (node: number, relation: string): void => found.add(`${node} ${relation}`, { node, relation })
  for (const own of names.relationsOf(object.type)) keep({ ...object, relation: own })
  const start = tuples.nodeOf(object)
  if (start !== 0) reach(start, relation)
  for (const state of found) {
    const at = tuples.reference(state.node)
    keep({ ...at, relation: state.relation })
    const rewrite = names.rewrite(at.type, state.relation)
    if (rewrite === undefined) continue
    for (const one of rewritesIn(rewrite)) {
      if (one.kind === 'computed') reach(state.node, one.relation)
      const tupled = one.kind === 'direct' ? state.relation : one.kind === 'arrow' ? one.from : undefined
      if (tupled === undefined) continue
      const number = names.relationNumber(tupled) ?? 0
      for (const { second, third } of memory.keys(
        Tree.Forward,
        state.node,
        number << 16,
        ((number << 16) | 0xffff) >>> 0,
      )) {
        const node = (third & ~CONDITIONAL) >>> 0
        const userset = names.relations[second & 0xffff] ?? ''
        const next = one.kind === 'arrow' ? one.relation : userset
        if (next === '') keep(tuples.reference(node))
        else reach(node, next)
      }
    }
  }
  return [...subjects.values()]
}

/** The model's steps, backwards. */
class Ways {
  readonly #names: RelationNames
  readonly #computed = new Map<string, number[]>()
  readonly #arrows = new Map<string, number[]>()

  constructor(names: RelationNames) {
    this.#names = names
    for (const type of names.model.types) this.#enter(type)
  }

  #enter([type, relations]: TypeModel): void {
    for (const [relation, by] of relations) {
      const number = this.#names.relationNumber(relation) ?? 0
      for (const one of rewritesIn(by)) this.#enterOne(type, number, one)
    }
  }

  #enterOne(type: string, number: number, one: RewriteModel): void {
    if (one.kind === 'computed') push(this.#computed, `${type} ${one.relation}`, number)
    if (one.kind === 'arrow') push(this.#arrows, `${type} ${one.from} ${one.relation}`, number)
  }

  /** Numbers of the relations of the same object that may follow from this one. */
  computedFrom(type: string, relation: string): readonly number[] {
    return this.#computed.get(`${type} ${relation}`) ?? []
  }

  /** Numbers of the relations of an object of this type that follow from `relation` of what `from` leads to. */
  arrowsOver(type: string, from: string, relation: string): readonly number[] {
    return this.#arrows.get(`${type} ${from} ${relation}`) ?? []
  }
}

function push(map: Map<string, number[]>, key: string, value: number): void {
  const list = map.get(key)
  if (list === undefined) map.set(key, [value])
  else list.push(value)
}
