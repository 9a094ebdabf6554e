/** The tree of a relation: every way in which somebody comes by it, down to tuples. */
import { Tree } from '../../../assembly/abi/tuples.ts'
import { SallyportError } from '../../errors.ts'
import type { RewriteModel } from '../../tuple/relation-model.ts'
import { formatSubject, type Reference } from '../../tuple/tuple.ts'
import { CONDITIONAL } from './tuple-memory.ts'
import type { TupleReader } from './tuple-reader.ts'
import type { RelationTree, TreeSubject } from './types.ts'

const MOST = 10_000

/** @throws SallyportError `E_RELATION_LIMIT` */
export function expandRelation(tuples: TupleReader, object: Reference, relation: string): RelationTree {
  return new Expansion(tuples).relation(object, relation, [])
}

class Expansion {
  readonly #reader: TupleReader
  #parts = 0

  constructor(tuples: TupleReader) {
    this.#reader = tuples
  }

  relation(object: Reference, relation: string, path: readonly string[]): RelationTree {
    const of = formatSubject({ ...object, relation })
    this.#count()
    if (path.includes(of)) return { kind: 'again', of }
    const { names } = this.#reader
    if (path.length >= names.model.depth) return { kind: 'too_deep', of }
    const rewrite = names.rewrite(object.type, relation)
    const by: RelationTree =
      rewrite === undefined ? { kind: 'tuples', subjects: [] } : this.#rewrite(rewrite, object, relation, [...path, of])
    return { kind: 'relation', of, by }
  }

  #rewrite(rewrite: RewriteModel, object: Reference, relation: string, path: readonly string[]): RelationTree {
    this.#count()
    switch (rewrite.kind) {
      case 'direct':
        return { kind: 'tuples', subjects: this.#subjects(object, relation, path) }
      case 'computed':
        return this.relation(object, rewrite.relation, path)
      case 'arrow': {
        const { from, relation: next } = rewrite
        const reached = this.#tuples(object, from).map(({ subject }) => this.relation(subject, next, path))
        return { kind: 'arrow', from, relation: next, of: reached }
      }
      case 'exclusion': {
        const base = this.#rewrite(rewrite.base, object, relation, path)
        return { kind: 'exclusion', base, except: this.#rewrite(rewrite.except, object, relation, path) }
      }
      default:
        return { kind: rewrite.kind, of: rewrite.of.map((one) => this.#rewrite(one, object, relation, path)) }
    }
  }

  #subjects(object: Reference, relation: string, path: readonly string[]): TreeSubject[] {
    return this.#tuples(object, relation).map(({ subject, userset, condition }) => ({
      subject: formatSubject(userset === undefined ? subject : { ...subject, relation: userset }),
      ...(condition !== undefined && { condition }),
      ...(userset !== undefined && { members: this.relation(subject, userset, path) }),
    }))
  }

  #tuples(object: Reference, relation: string) {
    const { names, memory } = this.#reader
    const node = this.#reader.nodeOf(object)
    const number = names.relationNumber(relation) ?? 0
    if (node === 0) return []
    const tuples: {
      readonly subject: Reference
      readonly userset: string | undefined
      readonly condition: string | undefined
    }[] = []
    for (const key of memory.keys(Tree.Forward, node, (number << 16) >>> 0, ((number << 16) | 0xffff) >>> 0)) {
      this.#count()
      const subject = this.#reader.reference((key.third & ~CONDITIONAL) >>> 0)
      const userset = names.relations[key.second & 0xffff]
      const condition = key.third & CONDITIONAL ? names.conditionName(memory.context(key).condition) : undefined
      tuples.push({ subject, userset: userset === '' ? undefined : userset, condition })
    }
    return tuples
  }

  #count(): void {
    if (++this.#parts <= MOST) return
    const most = MOST.toLocaleString('en')
    throw new SallyportError(
      'E_RELATION_LIMIT',
      `the tree would have more than ${most} parts; expand what is further down`,
    )
  }
}
