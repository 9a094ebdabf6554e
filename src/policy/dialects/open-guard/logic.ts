/**
 * Conditions that are being put together. What open-guard asks may be settled by the policy alone (nothing is in an empty
 * list); our conditions have no word for that, so it is carried as true or false until a rule is made of it.
 */
import type { ConditionSource, Operand, Test, Tests } from '../../document.ts'

/** A condition, or what it always is. */
export type Logic = boolean | ConditionSource

/** One test that is `otherwise` where it cannot be evaluated: open-guard's conditions are true or false, nothing else. */
export function test(path: string, tests: Tests, otherwise: boolean): Logic {
  return { [path]: { ...tests, otherwise } }
}

/** All hold. Tests of different paths become one map, which is how people write it. */
export function allOf(parts: readonly Logic[]): Logic {
  if (parts.includes(false)) return false
  const conditions = parts.filter((part) => part !== true) as ConditionSource[]
  if (conditions.length < 2) return conditions[0] ?? true
  const paths = conditions.flatMap(Object.keys)
  const plain = conditions.every(isTests) && new Set(paths).size === paths.length
  return plain ? Object.assign({}, ...conditions) : { all: conditions.flatMap((part) => spread(part, 'all')) }
}

/** Some hold. */
export function anyOf(parts: readonly Logic[]): Logic {
  if (parts.includes(true)) return true
  const conditions = parts.filter((part) => part !== false) as ConditionSource[]
  if (conditions.length < 2) return conditions[0] ?? false
  return { any: conditions.flatMap((part) => spread(part, 'any')) }
}

const NEGATIVE = { eq: 'neq', in: 'not_in', contains: 'not_contains', regex: 'not_regex' } as const

/** It does not hold. One test becomes the negative one, with the other result where it cannot be evaluated. */
export function not(part: Logic): Logic {
  if (typeof part === 'boolean') return !part
  const [[path, found] = ['', null], ...others] = Object.entries(part as Readonly<Record<string, Test>>)
  if (others.length === 0 && isTests(part) && typeof found === 'object' && found !== null) {
    const [[operator, operand] = ['', undefined], ...more] = Object.entries(found).filter(
      ([key]) => key !== 'otherwise',
    )
    const negative = NEGATIVE[operator as keyof typeof NEGATIVE]
    if (negative !== undefined && more.length === 0) {
      return test(path, { [negative]: operand as Operand }, found.otherwise === false)
    }
  }
  return { not: part }
}

function spread(part: ConditionSource, kind: 'all' | 'any'): readonly ConditionSource[] {
  const inner = (part as { readonly [key: string]: unknown })[kind]
  return Array.isArray(inner) ? (inner as readonly ConditionSource[]) : [part]
}

/** Whether a condition is tests of attributes: their paths have a root and a key, or are `now`. */
function isTests(part: ConditionSource): boolean {
  return typeof part === 'object' && !Object.keys(part).some((key) => alone.includes(key))
}

/** Keys that stand alone in a condition. */
const alone = ['all', 'any', 'not', 'related', 'during', 'cel']
