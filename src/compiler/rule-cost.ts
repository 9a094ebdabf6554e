/** What deciding a rule can cost at most, in steps (Limit.Steps): its target's patterns, and its condition. */
import { add, type Cost, constant, costOf, multiply, sizeNamed } from '../cel/cost.ts'
import type { AttributeValue } from '../policy/document.ts'
import type { Condition, Pattern, RuleModel } from '../policy/model.ts'
import type { RegexAst } from '../policy/regex.ts'
import { globCost, type PatternCost, regexCost } from './pattern-cost.ts'
import { patternsOf } from './targets.ts'

/** What the patterns of a target look at, in the order of `patternsOf`. */
const parts = ['action.name', 'resource.type', 'resource.id', 'subject.id']

/**
 * Steps of a rule in the worst case, with sizes that the request brings: `|x|` is the number of items or entries of x, or of
 * eights of its bytes.
 *
 * @example formatCost(ruleCost(rule)) // '2 + 3 × |context.items|'
 */
export function ruleCost(rule: RuleModel): Cost {
  const lists = [
    ...patternsOf(rule).map((list, i) => globs(list, parts[i] ?? '')),
    globs(rule.subjectTypes, 'subject.type'),
  ]
  return add(...lists, rule.condition === undefined ? constant(0) : conditionCost(rule.condition))
}

/** What an item costs before anything of it is tested; see quantify in assembly/condition.ts. */
const ITEM_STEPS = 4

/** One step for each test, what it goes through, and what its expressions take. */
export function conditionCost(condition: Condition): Cost {
  switch (condition.kind) {
    case 'all':
    case 'any':
      return add(...condition.of.map(conditionCost))
    case 'not':
    case 'otherwise':
      return conditionCost(condition.of)
    case 'items':
      return add(
        constant(1),
        multiply(sizeNamed(condition.path.text), add(constant(ITEM_STEPS), conditionCost(condition.of))),
      )
    case 'expression':
      return costOf(condition.tree, (source, ast) => steps(regexCost(source, ast as RegexAst)))
    case 'regex':
      return add(constant(1), perEight(regexCost(condition.source, condition.ast), condition.path.text))
    case 'glob':
      return add(constant(1), globs(condition.patterns, condition.path.text))
    case 'cidr':
      return constant(1 + condition.ranges.length)
    case 'test':
      return add(constant(1), testCost(condition))
    case 'equal':
      return add(constant(1), sizeNamed(condition.path.text))
    case 'related':
      return add(constant(1), sizeNamed(`tuples of ${condition.relation}`))
    case 'exists':
    case 'semver':
    case 'time':
    case 'age':
    case 'during':
    case 'trust':
      return constant(1)
  }
}

/** What a test goes through: lists, and texts in which another one is looked for. */
function testCost({ path, op, operand }: Extract<Condition, { kind: 'test' }>): Cost {
  const own = sizeNamed(path.text)
  const other = operand.kind === 'path' ? sizeNamed(operand.path.text) : constant(sizeOf(operand.value))
  switch (op) {
    case 'in':
      return other
    case 'contains':
      return multiply(own, operand.kind === 'path' ? add(constant(1), other) : constant(1 + sizeOf(operand.value)))
    case 'contains_any':
    case 'contains_all':
    case 'is_subset':
      return multiply(own, other)
    default:
      // A scalar is unequal to a list at once.
      return operand.kind === 'path' ? own : constant(sizeOf(operand.value))
  }
}

/** Items of a list, eights of characters of a text beyond the first; nothing for a scalar. */
function sizeOf(value: AttributeValue): number {
  if (typeof value === 'string') return value.length >> 3
  return Array.isArray(value) ? value.length : 0
}

function globs(patterns: readonly Pattern[], path: string): Cost {
  return add(...patterns.map((one) => (one.kind === 'glob' ? perEight(globCost(one), path) : constant(0))))
}

function perEight(cost: PatternCost, path: string): Cost {
  return multiply(constant(steps(cost)), sizeNamed(path))
}

/** For eight bytes of text. */
function steps({ stepsPerByte }: PatternCost): number {
  return Math.ceil(8 * stepsPerByte)
}
