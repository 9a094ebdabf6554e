/** open-guard's operators as tests of ours that always have a value. */
import type { AttributeValue, ConditionSource } from '../../document.ts'
import { Refusal } from '../../refusal.ts'
import { parseRegex } from '../../regex.ts'
import { type Attribute, itemAttribute } from './attribute.ts'
import { alike, equals, holdsEach, isList, isOneOf, isThere, isTruthy, unique, withoutActors } from './equality.ts'
import { anyOf, type Logic, not, test } from './logic.ts'
import { fromPython } from './regex.ts'

/**
 * What an operator asks of an attribute. `operand` is null where open-guard has none.
 *
 * @throws Refusal where our conditions cannot ask it.
 */
type Operator = (attribute: Attribute, operand: AttributeValue) => Logic

const contains: Operator = (attribute, operand) => {
  if (attribute.kind !== 'any' && attribute.kind !== 'string') return false
  // Python refuses to look for anything but a string in a string, and then decides nothing.
  if (typeof operand !== 'string' && attribute.kind === 'string') return false
  const [first = null, ...more] = alike(operand)
  return test(
    attribute.path,
    more.length === 0 ? { contains: first as never } : { contains_any: [first, ...more] },
    false,
  )
}

/** For operators between lists. */
const lists =
  (
    make: (attribute: Attribute, operand: readonly AttributeValue[]) => Logic,
    ofNoActors: (length: number) => boolean,
  ): Operator =>
  (attribute, operand) => {
    if (!isList(operand)) return false
    const odd = operand.find((item) => typeof item === 'object' && item !== null)
    if (odd !== undefined) throw new Refusal('open-guard cannot look for lists or maps in a list', 'name single values')
    if (attribute.kind === 'any') return make(attribute, operand)
    // Without actors the list is a part of any other, and only of the empty one is any other a part.
    return attribute.kind === 'actors' && ofNoActors(operand.length) && withoutActors
  }

const regex: Operator = ({ path, kind }, operand) => {
  if (typeof operand !== 'string' || !(kind === 'any' || kind === 'string')) return false
  const source = fromPython(operand)
  parseRegex(source)
  return test(path, { regex: source }, false)
}

const comparisons = {
  gt: (a: number, b: number) => a > b,
  gte: (a: number, b: number) => a >= b,
  lt: (a: number, b: number) => a < b,
  lte: (a: number, b: number) => a <= b,
}

/** Numbers with numbers and strings with strings; true and false are 1 and 0. */
function ordering(name: keyof typeof comparisons): Operator {
  return ({ path, kind }, operand) => {
    if (isList(operand)) throw new Refusal('lists have no order here', 'compare their items')
    if (typeof operand === 'string') {
      return kind === 'any' || kind === 'string' ? test(path, { [name]: operand }, false) : false
    }
    if (typeof operand !== 'number' && typeof operand !== 'boolean') return false
    const bound = Number(operand)
    const ordered = test(path, { [name]: bound }, false)
    if (kind !== 'any') return kind === 'number' ? ordered : false
    const booleans = [true, false].filter((value) => comparisons[name](Number(value), bound))
    if (booleans.length === 0) return ordered
    const [first = true] = booleans
    return anyOf([ordered, test(path, booleans.length === 1 ? { eq: first } : { in: booleans }, false)])
  }
}

/** Some item of the list satisfies `{ path, op, value }`. */
const anyMatches: Operator = (attribute, operand) => {
  const { path, kind } = attribute
  if (!(kind === 'any' || kind === 'actors') || typeof operand !== 'object' || operand === null || isList(operand)) {
    return false
  }
  const { path: inner = '', op = 'eq', value = null } = operand as Readonly<Record<string, AttributeValue>>
  if (op === 'any_matches') throw new Refusal('any_matches cannot stand in any_matches here', 'test a key of the item')
  if (typeof inner !== 'string') throw new Refusal('the path of any_matches must be a string')
  const of = operatorOf(op)(itemAttribute(attribute, inner), value)
  if (of === false) return false
  const condition: ConditionSource = of === true ? anyItem(kind) : of
  return test(path, { any_matches: condition }, false)
}

/** What every item satisfies. */
function anyItem(kind: Attribute['kind']): ConditionSource {
  return kind === 'actors' ? { 'item.id': { exists: true } } : { item: { exists: true } }
}

const isSubset = lists(
  ({ path }, operand) =>
    operand.length === 0
      ? test(path, { eq: [] }, false)
      : test(path, { is_subset: unique(operand.flatMap(alike)) }, false),
  () => true,
)

const containsAny = lists(
  ({ path }, operand) =>
    operand.length === 0 ? false : test(path, { contains_any: unique(operand.flatMap(alike)) }, false),
  () => false,
)

const operators: Readonly<Record<string, Operator>> = {
  eq: equals,
  neq: (attribute, operand) => not(equals(attribute, operand)),
  in: (attribute, operand) => isList(operand) && isOneOf(attribute, operand),
  not_in: (attribute, operand) => !isList(operand) || not(isOneOf(attribute, operand)),
  contains,
  not_contains: (attribute, operand) => not(contains(attribute, operand)),
  gt: ordering('gt'),
  gte: ordering('gte'),
  lt: ordering('lt'),
  lte: ordering('lte'),
  regex,
  not_regex: (attribute, operand) => not(regex(attribute, operand)),
  exists: (attribute, operand) => (isTruthy(operand) ? isThere(attribute) : not(isThere(attribute))),
  contains_any: containsAny,
  contains_all: lists(holdsEach, (length) => length === 0),
  is_subset: isSubset,
  any_matches: anyMatches,
}

/** Whether open-guard knows the operator; one that it does not know is never satisfied. */
export function isOperator(name: AttributeValue): name is string {
  return typeof name === 'string' && Object.hasOwn(operators, name)
}

export function operatorOf(name: AttributeValue): Operator {
  return (isOperator(name) ? operators[name] : undefined) ?? (() => false)
}
