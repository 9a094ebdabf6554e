/** Relation tuples as text and as objects. */

import { isMap } from '../text/is-map.ts'
import { ENCODER } from '../text/utf8.ts'

/**
 * A relation tuple in the form of a document or a call: `document:1#viewer@user:ann`, or an object. The subject may be
 * `user:ann`, everyone of a type (`user:*`), or who has a relation (`group:eng#member`). Only objects may have a condition.
 */
export type TupleInput = string | TupleObject

export interface TupleObject {
  /** `type:id`. */
  readonly object: string
  readonly relation: string
  /** `type:id`, `type:*` or `type:id#relation`. */
  readonly subject: string
  /** The name of a condition of the policies, with what it reads as `tuple.*`. */
  readonly condition?: string | { readonly name: string; readonly context?: { readonly [key: string]: unknown } }
}

/** An object, or a subject without a relation. */
export interface Reference {
  readonly type: string
  readonly id: string
}

export interface SubjectReference extends Reference {
  /** Who has this relation to it. */
  readonly relation?: string
}

export interface Tuple {
  readonly object: Reference
  readonly relation: string
  readonly subject: SubjectReference
  readonly condition?: { readonly name: string; readonly context: { readonly [key: string]: unknown } }
}

/** Why a tuple is refused, and what to write instead. */
export class TupleMistake extends Error {
  override name = 'TupleMistake'
  readonly advice: string | undefined

  constructor(message: string, advice?: string) {
    super(message)
    this.advice = advice
  }
}

/** The id of all of a type. */
export const everyone = '*'
/** As the core holds it: the bytes of an id, as UTF-8. */
const maxIdBytes = 1024
const form = 'write document:1#viewer@user:ann'

/**
 * Reads a tuple in either form.
 *
 * @throws TupleMistake
 * @example readTuple('document:1#viewer@group:eng#member').subject // { type: 'group', id: 'eng', relation: 'member' }
 */
export function readTuple(input: unknown): Tuple {
  const whole = typeof input === 'string' ? splitTuple(input) : input
  if (!isMap(whole)) throw new TupleMistake('a tuple is a text or an object', form)
  const { object, relation, subject, condition, ...others } = whole
  const [unknown] = Object.keys(others)
  if (unknown !== undefined) {
    throw new TupleMistake(
      `unknown key ${JSON.stringify(unknown)} in a tuple`,
      'use object, relation, subject, condition',
    )
  }
  const held = condition === undefined ? undefined : readConditionUse(condition)
  return {
    object: parseReference(text(object, 'object')),
    relation: checkName(text(relation, 'relation'), 'relation'),
    subject: parseSubject(text(subject, 'subject')),
    ...(held !== undefined && { condition: held }),
  }
}

function text(value: unknown, what: string): string {
  if (typeof value === 'string') return value
  throw new TupleMistake(`the ${what} of a tuple must be a string`, form)
}

function readConditionUse(value: unknown): NonNullable<Tuple['condition']> {
  if (typeof value === 'string') return { name: value, context: {} }
  const { name, context = {} } = isMap(value) ? value : {}
  const advice = 'write { name: …, context: { … } }'
  if (typeof name !== 'string') throw new TupleMistake('the condition of a tuple has no name', advice)
  if (!isMap(context)) throw new TupleMistake('the context of a condition must be a map', advice)
  return { name, context }
}

/** The parts of `type:id#relation@type:id`, the last maybe with a relation. */
function splitTuple(whole: string): Record<string, unknown> {
  const hash = whole.indexOf('#')
  const at = whole.indexOf('@', hash + 1)
  if (hash < 0 || at < 0) throw new TupleMistake(`${JSON.stringify(whole)} is not a tuple`, form)
  return { object: whole.slice(0, hash), relation: whole.slice(hash + 1, at), subject: whole.slice(at + 1) }
}

/**
 * `type:id`: the type ends at the first colon.
 *
 * @throws TupleMistake
 */
export function parseReference(whole: string): Reference {
  const { type, id, relation } = parseSubject(whole)
  if (relation !== undefined)
    throw new TupleMistake(`${JSON.stringify(whole)} has a relation where an object belongs`, 'write type:id')
  if (id === everyone)
    throw new TupleMistake(`${JSON.stringify(whole)} cannot be the object of a tuple`, 'name one object')
  return { type, id }
}

/**
 * `type:id`, `type:*` or `type:id#relation`.
 *
 * @throws TupleMistake
 */
export function parseSubject(whole: string): SubjectReference {
  const colon = whole.indexOf(':')
  if (colon < 0) throw new TupleMistake(`${JSON.stringify(whole)} has no type`, 'write type:id')
  const hash = whole.indexOf('#', colon)
  const type = checkName(whole.slice(0, colon), 'type')
  const id = checkId(whole.slice(colon + 1, hash < 0 ? undefined : hash), whole)
  if (hash < 0) return { type, id }
  if (id === everyone)
    throw new TupleMistake(
      `${JSON.stringify(whole)} has a relation to all of a type`,
      'name one, or leave the relation out',
    )
  return { type, id, relation: checkName(whole.slice(hash + 1), 'relation') }
}

const namePattern = /^[^\s:#@*\p{Cc}]+$/u

/** Whether a name may be that of a type, a relation or a condition. */
export function isName(name: string): boolean {
  return name.length <= 254 && namePattern.test(name) && !/\p{Surrogate}/u.test(name)
}

function checkName(name: string, what: string): string {
  if (isName(name)) return name
  throw new TupleMistake(`${JSON.stringify(name)} cannot be a ${what}`, 'use letters, digits, _ and -')
}

function checkId(id: string, whole: string): string {
  if (id === '') throw new TupleMistake(`${JSON.stringify(whole)} has no id`, 'write type:id')
  if (id.includes('#') || /\p{Cc}|\p{Surrogate}/u.test(id)) {
    throw new TupleMistake(
      `the id ${JSON.stringify(id)} has "#", a control character or half of a surrogate pair`,
      'use another id',
    )
  }
  // Three bytes hold any UTF-16 code unit (RFC 3629).
  if (id.length * 3 > maxIdBytes && ENCODER.encode(id).length > maxIdBytes) {
    throw new TupleMistake(`an id has more than ${maxIdBytes} bytes`, 'use a shorter one')
  }
  return id
}

/** @example formatSubject({ type: 'group', id: 'eng', relation: 'member' }) // 'group:eng#member' */
export function formatSubject({ type, id, relation }: SubjectReference): string {
  return relation === undefined ? `${type}:${id}` : `${type}:${id}#${relation}`
}

/** The text of a tuple, without its condition: equal for what is one tuple. */
export function formatTuple({ object, relation, subject }: Tuple): string {
  return `${formatSubject(object)}#${relation}@${formatSubject(subject)}`
}
