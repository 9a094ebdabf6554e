/** What deciding a rule's condition can cost at most. */
import { add, type Cost, constant, costOf, multiply, sizeNamed } from '../cel/cost.ts'
import type { Condition } from './model.ts'

/**
 * Steps of a condition in the worst case: one for each test, and those of its expressions.
 *
 * @example formatCost(conditionCost(rule.condition)) // '2 + 3 × |context.items|'
 */
export function conditionCost(condition: Condition): Cost {
  switch (condition.kind) {
    case 'all':
    case 'any':
      return add(...condition.of.map(conditionCost))
    case 'not':
    case 'otherwise':
      return conditionCost(condition.of)
    case 'items':
      return add(constant(1), multiply(sizeNamed(condition.path.text), add(constant(1), conditionCost(condition.of))))
    case 'expression':
      return costOf(condition.tree)
    case 'regex':
      return add(constant(1), multiply(constant(8 * condition.source.length), sizeNamed(condition.path.text)))
    default:
      return constant(1)
  }
}
