/** Whether a relation model allows a tuple. */
import { isParameter, parseParameterType } from './parameter.ts'
import { type RelationNames, type SubjectType, subjectTypeText } from './relation-model.ts'
import { everyone, formatSubject, type SubjectReference, type Tuple, TupleMistake } from './tuple.ts'

/**
 * Checks a tuple against the model.
 *
 * @throws TupleMistake with the reason
 */
export function checkFit({ object, relation, subject, condition }: Tuple, names: RelationNames): void {
  if (names.typeNumber(object.type) === undefined) throw unknown('type', object.type, names.types)
  if (names.rewrite(object.type, relation) === undefined) {
    throw unknown(`relation of "${object.type}"`, relation, names.relationsOf(object.type))
  }
  const allowed = names.directSubjects(object.type, relation)
  const what = `"${relation}" of "${object.type}"`
  if (allowed.length === 0) throw new TupleMistake(`${what} follows from other relations`, 'add tuples of those')
  const fitting = allowed.filter((one) => isSubject(subject, one))
  if (fitting.length === 0) {
    const list = allowed.map(subjectTypeText).join(', ')
    throw new TupleMistake(`${JSON.stringify(formatSubject(subject))} cannot have ${what}`, `allowed are ${list}`)
  }
  if (fitting.some((one) => one.condition === condition?.name)) {
    if (condition !== undefined) checkContext(condition, names)
    return
  }
  const wanted = fitting
    .map((one) => (one.condition === undefined ? 'no condition' : `"${one.condition}"`))
    .join(' or ')
  const found = condition === undefined ? 'no condition' : `the condition ${JSON.stringify(condition.name)}`
  throw new TupleMistake(
    `${what} is given to ${JSON.stringify(formatSubject(subject))} with ${found}`,
    `the model asks for ${wanted}`,
  )
}

/** A context may hold less than the condition asks for: the rest comes with the question. */
function checkContext({ name, context }: NonNullable<Tuple['condition']>, names: RelationNames): void {
  const parameters = names.model.conditions.find((condition) => condition.name === name)?.parameters
  if (parameters === undefined) return
  const types = new Map(parameters)
  for (const [key, value] of Object.entries(context)) {
    const type = types.get(key)
    if (type === undefined) throw unknown(`parameter of "${name}"`, key, [...types.keys()])
    const parsed = parseParameterType(type)
    if (parsed === undefined || !isParameter(value, parsed)) {
      throw new TupleMistake(
        `the parameter "${key}" of "${name}" cannot be ${JSON.stringify(value)}`,
        `it is of type ${type}`,
      )
    }
  }
}

function isSubject(subject: SubjectReference, allowed: SubjectType): boolean {
  if (subject.type !== allowed.type || subject.relation !== allowed.relation) return false
  return (subject.id === everyone) === (allowed.wildcard === true)
}

function unknown(what: string, name: string, known: readonly string[]): TupleMistake {
  const advice = known.length > 0 && known.length <= 30 ? `known are ${known.join(', ')}` : undefined
  return new TupleMistake(`there is no ${what} called ${JSON.stringify(name)}`, advice)
}
