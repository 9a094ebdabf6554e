/**
 * Whether a change names whoever makes it. Who edits what a tenant's decisions rest on must not raise their own rights there unless
 * they are allowed to: this is the question, and `administrators.ts` answers it.
 *
 * It finds names, and not what rules amount to: a right given to everybody, or to a role that one holds, names nobody.
 */
import type { SubjectRef } from '../guard/subject-key.ts'
import type { PolicyModel, RuleModel } from '../policy/model.ts'
import { formatTuple, readTuple, type TupleInput } from '../tuple/tuple.ts'
import type { EntityChange } from './kept-entities.ts'

/** The subject of the tuple is the author; or what is not formed as a tuple, which nothing is done with. */
export function namesInTuples(author: SubjectRef, tuples: readonly TupleInput[]): boolean {
  return tuples.some((input) => {
    try {
      const { type, id } = readTuple(input).subject
      return type === author.type && id === author.id
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
function mentions({ type, id }: SubjectRef, model: PolicyModel | undefined): string {
  if (model === undefined) return '[[],[],[]]'
  const entities = model.subjects.filter((one) => one.type === type && one.id === id)
  const tuples = model.tuples.filter(({ subject }) => subject.type === type && subject.id === id)
  const rules = model.sets.flatMap((set) =>
    set.rules.filter((rule) => isNamed(rule, id)).map((rule) => [set.name, { ...rule, place: '' }]),
  )
  // The parser makes keys in the same order each time; conditions may hold integers that JSON has no form for.
  const text = (_key: string, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value)
  return JSON.stringify([entities, tuples.map(formatTuple).sort(), rules], text)
}

function isNamed({ subjectIds }: RuleModel, id: string): boolean {
  return subjectIds.some((pattern) => pattern.kind === 'exact' && pattern.value === id)
}
