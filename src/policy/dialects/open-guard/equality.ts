/** Equality as Python has it: `True == 1`, `1.0 == 1`; what is missing is null. */
import type { AttributeValue } from '../../document.ts'
import { Refusal } from '../../refusal.ts'
import type { Attribute } from './attribute.ts'
import { allOf, type Logic, test } from './logic.ts'

/** More ways to write one list with 1 for true and 0 for false are not written out. */
const maxAlike = 64

/** Holds when nobody delegated: the delegators as a list are maps, and equal nothing but the empty list. */
export const withoutActors: Logic = test('chain.depth', { eq: 0 }, false)

/** Holds when the attribute equals the value. */
export function equals(attribute: Attribute, value: AttributeValue): Logic {
  return isOneOf(attribute, [value])
}

/** Holds when the attribute equals one of the values. */
export function isOneOf(attribute: Attribute, values: readonly AttributeValue[]): Logic {
  const { path, kind } = attribute
  if (kind === 'null') return values.includes(null)
  if (kind === 'actors') return values.some((value) => isList(value) && value.length === 0) && withoutActors
  const withNull = values.includes(null) && kind === 'any'
  const candidates = unique(values.flatMap(alike)).filter((value) => canBe(kind, value))
  if (candidates.length === 0) return false
  const [first = null, ...more] = candidates
  return test(path, more.length === 0 ? { eq: first as never } : { in: candidates }, withNull)
}

/** Holds when the attribute is not null. */
export function isThere({ path, kind }: Attribute): Logic {
  return kind === 'any' ? test(path, { neq: null }, false) : kind !== 'null'
}

/** Holds when the attribute is there and equals the value: where a key must exist, null is not what is missing. */
export function equalsExisting(attribute: Attribute, value: AttributeValue): Logic {
  return value === null ? test(attribute.path, { eq: null }, false) : equals(attribute, value)
}

/**
 * All JSON values that Python finds equal to this one, itself first.
 *
 * @throws Refusal for maps, which our conditions do not compare, and for lists with very many zeros and ones.
 */
export function alike(value: AttributeValue): AttributeValue[] {
  if (typeof value === 'boolean') return [value, Number(value)]
  if (value === 0 || value === 1) return [value, value === 1]
  if (typeof value !== 'object' || value === null) return [value]
  if (!isList(value)) throw new Refusal('a map cannot be compared here', 'compare its keys, one condition each')
  let lists: AttributeValue[][] = [[]]
  for (const item of value) {
    const items = alike(item)
    lists = lists.flatMap((list) => items.map((one) => [...list, one]))
    if (lists.length > maxAlike) {
      throw new Refusal('the list has too many items that are 0, 1, true or false', 'use numbers or booleans only')
    }
  }
  return lists
}

export function isList(value: AttributeValue | undefined): value is readonly AttributeValue[] {
  return Array.isArray(value)
}

/** Values whose differences JSON can tell, each once. */
export function unique(values: readonly AttributeValue[]): AttributeValue[] {
  return [...new Map(values.map((value) => [JSON.stringify(value), value])).values()]
}

/** Whether an attribute of the kind can ever be the value. */
function canBe(kind: Attribute['kind'], value: AttributeValue): boolean {
  return kind === 'any' || typeof value === kind
}

/** Whether Python takes a value for true. */
export function isTruthy(value: AttributeValue | undefined): boolean {
  if (value === undefined || value === null) return false
  if (typeof value !== 'object') return Boolean(value)
  return (isList(value) ? value : Object.keys(value)).length > 0
}

/** A list holds something that equals each of the values. */
export function holdsEach({ path }: Attribute, values: readonly AttributeValue[]): Logic {
  const groups = unique(values).map((value) => unique(alike(value)))
  const single = groups.filter((group) => group.length === 1).flat()
  const others = groups.filter((group) => group.length > 1)
  const plain = single.length > 0 || others.length === 0
  return allOf([
    ...(plain ? [test(path, { contains_all: single }, false)] : []),
    ...others.map((group) => test(path, { contains_any: group }, false)),
  ])
}
