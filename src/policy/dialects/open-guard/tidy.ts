/**
 * Conditions of allow rules, shortened. A test that cannot be evaluated does not let such a rule apply, nor does a false one; so
 * `otherwise: false` may be left out, unless something around it turns false into true.
 */
import type { ConditionSource, Test, Tests } from '../../document.ts'

type Map = Readonly<Record<string, unknown>>

/** Operators whose operand is a condition, and that are not true where it is not. */
const quantifiers = ['any_matches', 'all_match']

export function tidy(condition: ConditionSource): ConditionSource {
  const map = condition as Map
  if (Array.isArray(map.all)) return { all: map.all.map(tidy) }
  if (Array.isArray(map.any)) return { any: map.any.map(tidy) }
  if ('not' in map || 'related' in map || 'during' in map) return condition
  return Object.fromEntries(Object.entries(map).map(([path, test]) => [path, tidyTest(test as Test)]))
}

function tidyTest(test: Test): Test {
  if (typeof test !== 'object' || test === null || test.otherwise !== false) return test
  const { otherwise: _, ...others } = test
  const entries = Object.entries(others).map(([operator, operand]) => [
    operator,
    quantifiers.includes(operator) ? tidy(operand as ConditionSource) : operand,
  ])
  const [[operator, operand] = [], ...more] = entries
  const bare = more.length === 0 && operator === 'eq' && (typeof operand !== 'object' || operand === null)
  return bare ? (operand as Test) : (Object.fromEntries(entries) as Tests)
}
