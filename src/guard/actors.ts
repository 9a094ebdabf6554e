/** Who takes part in a request: its subject, and all on whose behalf it acts. */
import type { Delegator, Subject } from '../engine/types.ts'
import type { SubjectRef } from './subject-key.ts'

/** The subject first; then its delegators, the nearest first where they are nested, the root first where they are listed. */
export function actorsOf(subject: Subject): readonly SubjectRef[] {
  const nested: SubjectRef[] = []
  for (let one: Delegator | undefined = subject; one !== undefined; one = one.on_behalf_of) nested.push(refOf(one))
  return [...nested, ...(subject.delegation_chain ?? []).map(refOf)]
}

export function refOf({ type, id }: SubjectRef): SubjectRef {
  return { type, id }
}
