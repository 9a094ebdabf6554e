/**
 * Whether a change names whoever makes it. Who edits what a tenant's decisions rest on must not raise their own rights there unless
 * they are allowed to: this is the question, and `administrators.ts` answers it.
 *
 * It finds names, and not what rules amount to: a right given to everybody, or to a role that one holds, names nobody.
 */
import type { SubjectRef } from '../guard/subject-key.ts'
import type { PolicyModel } from '../policy/model.ts'
import { formatTuple, readTuple, type Tuple, type TupleInput } from '../tuple/tuple.ts'
import type { EntityChange } from './kept-entities.ts'
import { isNamedByCondition, isNamedByRule, isNamedByValue } from './naming.ts'

/** The subject of a tuple is the author, or what its condition reads names them; of what is not formed as a tuple nothing is kept. */
export function namesInTuples(author: SubjectRef, tuples: readonly TupleInput[]): boolean {
  return tuples.some((input) => {
    try {
      return isNamedByTuple(author, readTuple(input))
    } catch {
      return false
    }
  })
}

export function namesInEntities({ type, id }: SubjectRef, { put, remove }: Omit<EntityChange, 'by'>): boolean {
  return [...put, ...remove].some((one) => one.kind === 'subject' && one.type === type && one.id === id)
}

/** What of it names the author is not what it was. */
export function namesInPolicies(
  author: SubjectRef,
  before: PolicyModel | undefined,
  after: PolicyModel | undefined,
): boolean {
  return mentions(author, before) !== mentions(author, after)
}

/** Everything in the policies that names the author, as one text; what is only written otherwise is the same. */
function mentions(author: SubjectRef, model: PolicyModel | undefined): string {
  if (model === undefined) return '[[],[],[],[]]'
  const entities = model.subjects.filter(({ type, id }) => type === author.type && id === author.id)
  const tuples = model.tuples.filter((tuple) => isNamedByTuple(author, tuple))
  const conditions = model.tupleConditions.filter((condition) => isNamedByCondition(author, condition))
  const rules = model.sets.flatMap((set) =>
    set.rules.filter((rule) => isNamedByRule(author, rule)).map((rule) => [set.name, { ...rule, place: '' }]),
  )
  // The parser makes keys in the same order each time; conditions may hold integers that JSON has no form for.
  const text = (_key: string, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value)
  const tupleTexts = tuples.map((tuple) => formatTuple(tuple) + JSON.stringify(tuple.condition ?? null)).sort()
  return JSON.stringify([entities, tupleTexts, conditions, rules], text)
}

function isNamedByTuple(author: SubjectRef, { subject, condition }: Tuple): boolean {
  if (subject.type === author.type && subject.id === author.id) return true
  return condition !== undefined && isNamedByValue(author, condition.context)
}
