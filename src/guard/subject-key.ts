/** Subjects as one text, for keys and indexes of the store. */

import { SallyportError } from '../errors.ts'

/** Who somebody is, without properties. */
export interface SubjectRef {
  readonly type: string
  readonly id: string
}

/**
 * `type:id`; a `:` or `%` in the type is escaped, so that two subjects never have the same key.
 *
 * @example subjectKey({ type: 'user', id: 'ann' }) // 'user:ann'
 */
export function subjectKey({ type, id }: SubjectRef): string {
  return `${type.replace(/[%:]/g, (found) => (found === ':' ? '%3A' : '%25'))}:${id}`
}

/** The subject of a key. */
export function subjectOf(key: string): SubjectRef {
  const at = key.indexOf(':')
  const type = key.slice(0, at).replace(/%3A|%25/g, (found) => (found === '%3A' ? ':' : '%'))
  return { type, id: key.slice(at + 1) }
}

/** @throws SallyportError `E_USAGE` naming what is no subject: TypeScript does not look at what hosts pass on. */
export function checkSubject(name: string, subject: SubjectRef): void {
  const known = typeof subject?.type === 'string' && typeof subject.id === 'string'
  if (known && subject.type !== '' && subject.id !== '') return
  throw new SallyportError('E_USAGE', `${name} must have a type and an id`)
}

export function sameSubject(a: SubjectRef, b: SubjectRef): boolean {
  return a.type === b.type && a.id === b.id
}
