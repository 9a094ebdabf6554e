/** What the engine cannot say: "no" would pass for an answer. */
import type { RelationAnswer } from '../engine/relations/types.ts'
import { everyone, formatSubject, parseSubject, type SubjectReference, type TupleObject } from '../tuple/tuple.ts'

/** Why there is no answer; undefined when there is one. */
export function unsaid({ outcome, code }: RelationAnswer): string | undefined {
  return outcome === 'not_evaluable' ? `not evaluable: ${code}` : undefined
}

/**
 * The first of several that the engine cannot tell whether it belongs into a list, and why. The engine's own lists have only
 * what certainly does.
 */
export function firstUnsaid(names: Iterable<string>, check: (name: string) => RelationAnswer): string | undefined {
  for (const name of names) {
    const why = unsaid(check(name))
    if (why !== undefined) return `${name}: ${why}`
  }
  return undefined
}

/** All objects of a type that tuples name, as `type:id`. */
export function objectsOf(type: string, tuples: readonly TupleObject[], asked: string): ReadonlySet<string> {
  return namesOf(tuples, asked, (one) => (one.type === type && one.id !== everyone ? plain(one) : undefined))
}

/** All subjects of a type that tuples name, everyone among them; for `group#member` the members of each group. */
export function subjectsOf(type: string, tuples: readonly TupleObject[], asked: string): ReadonlySet<string> {
  const [own, relation] = type.split('#')
  return namesOf(tuples, asked, (one) => {
    if (one.type !== own) return undefined
    if (relation === undefined) return plain(one)
    return one.id === everyone ? undefined : `${plain(one)}#${relation}`
  })
}

function plain({ type, id }: SubjectReference): string {
  return formatSubject({ type, id })
}

/** `asked`: what the question names may be in no tuple. */
function namesOf(
  tuples: readonly TupleObject[],
  asked: string,
  nameOf: (one: SubjectReference) => string | undefined,
): ReadonlySet<string> {
  const texts = [asked, ...tuples.flatMap(({ object, subject }) => [object, subject])]
  return new Set(texts.map((text) => nameOf(parseSubject(text))).filter((name) => name !== undefined))
}
