/** Conditions: maps of tests, `all`, `any`, `not`, `during`, `trust`, `related`, CEL, and the quantifiers over lists. */
import type {
  ActorTests,
  ChainCondition,
  ConditionSource,
  During,
  RelatedSource,
  Test,
  TrustCondition,
} from '../../src/policy/document.ts'
import { isUntrusted } from './chain.ts'
import { evaluateCel } from './expressions.ts'
import { foldedTest } from './folding.ts'
import { test } from './operators.ts'
import { read, type Scope } from './paths.ts'
import { related } from './relations.ts'
import { isDuringAny, testTime } from './time.ts'
import { evaluateTrust } from './trust.ts'
import { all, any, isList, not, type Truth } from './values.ts'

export function evaluateCondition(condition: ConditionSource, scope: Scope): Truth {
  if (typeof condition === 'string') return evaluateCel(condition, scope)
  if (isCel(condition)) return evaluateCel(condition.cel, scope)
  if (isAll(condition)) return all(condition.all.map((part) => evaluateCondition(part, scope)))
  if (isAny(condition)) return any(condition.any.map((part) => evaluateCondition(part, scope)))
  if (isNot(condition)) return not(evaluateCondition(condition.not, scope))
  if (isTimed(condition)) return isDuringAny(condition.during, scope)
  if (isRelated(condition)) return related(condition.related, scope)
  return all(
    Object.entries(condition).map(([path, tests]) =>
      path === 'trust' ? evaluateTrust(tests as TrustCondition, scope) : evaluateTests(path, tests as Test, scope),
    ),
  )
}

/** The `chain` of a rule: "short for conditions" on the paths of the chain. */
export function evaluateChain({ depth, trust, ...actors }: ChainCondition, scope: Scope): Truth {
  const { root, immediate, any: some, all: every, none } = actors
  const below = (prefix: string, tests: ActorTests): ConditionSource =>
    Object.fromEntries(
      Object.entries(tests).map(([key, test]) => [key.startsWith('[') ? prefix + key : `${prefix}.${key}`, test]),
    )
  const over = (operator: string, tests: ActorTests): Truth =>
    evaluateOperator('chain.ancestors', operator, below('item', tests), scope, {})
  return all([
    ...(root === undefined ? [] : [evaluateCondition(below('chain.root', root), scope)]),
    ...(immediate === undefined ? [] : [evaluateCondition(below('chain.immediate', immediate), scope)]),
    ...(depth === undefined ? [] : [evaluateTests('chain.depth', depth, scope)]),
    ...(some === undefined ? [] : [over('any_matches', some)]),
    ...(every === undefined ? [] : [over('all_match', every)]),
    ...(none === undefined ? [] : [over('none_match', none)]),
    ...(trust === undefined ? [] : [evaluateTrust(trust, scope)]),
  ])
}

/** Keys beside operators that change how the test reads its attributes. */
export interface Modifiers {
  readonly ignore_case?: boolean
  readonly trusted?: boolean
}

/** "Several operators on one path are combined by `all`; `otherwise` applies to that whole." */
function evaluateTests(path: string, tests: Test, scope: Scope): Truth {
  if (tests === null || typeof tests !== 'object') return evaluateOperator(path, 'eq', tests, scope, {})
  const { otherwise, ignore_case = false, trusted = false, ...operators } = tests
  const whole = all(
    Object.entries(operators).map(([name, operand]) =>
      evaluateOperator(path, name, operand, scope, { ignore_case, trusted }),
    ),
  )
  return whole === 'n.e.' && otherwise !== undefined ? otherwise : whole
}

const TIME = ['before', 'after', 'within', 'older_than']

/** One operator on one path, with its operand as the document has it. */
export function evaluateOperator(
  path: string,
  operator: string,
  operand: unknown,
  scope: Scope,
  { ignore_case, trusted }: Modifiers,
): Truth {
  const others = isReference(operand) ? [operand.ref] : []
  if (trusted && [path, ...others].some((one) => isUntrusted(one, scope))) return 'n.e.'
  const a = read(path, scope)
  if (operator === 'any_matches') return any(overItems(path, a, operand, scope))
  if (operator === 'all_match') return all(overItems(path, a, operand, scope))
  if (operator === 'none_match') return not(any(overItems(path, a, operand, scope)))
  if (TIME.includes(operator))
    return testTime(operator, a, isReference(operand) ? read(operand.ref, scope) : operand, scope)
  const compared = ignore_case ? foldedTest : test
  if (isReference(operand)) return compared(operator, a, read(operand.ref, scope))
  return compared(operator, a, path === 'now' ? asTime(operand) : operand)
}

/** The condition for each item; not evaluable as a whole when `a` is not a list. */
function overItems(list: string, a: unknown, condition: unknown, scope: Scope): Truth[] {
  if (!isList(a)) return ['n.e.']
  // Array.from and not map, which leaves holes out.
  return Array.from(a, (value, index) =>
    evaluateCondition(condition as ConditionSource, { ...scope, item: { value, list, index } }),
  )
}

/** "its operands may be written as RFC 3339 times": the milliseconds they stand for. */
function asTime(operand: unknown): unknown {
  if (Array.isArray(operand)) return operand.map(asTime)
  if (typeof operand !== 'string') return operand
  // Date.parse drops what is below a millisecond.
  const [fraction] = /\.\d+/.exec(operand) ?? []
  if (fraction === undefined) return Date.parse(operand)
  return Date.parse(operand.replace(fraction, '')) + Number(fraction) * 1000
}

export function isReference(operand: unknown): operand is { readonly ref: string } {
  return typeof operand === 'object' && operand !== null && !Array.isArray(operand) && 'ref' in operand
}

export function isAll(condition: ConditionSource): condition is { readonly all: readonly ConditionSource[] } {
  return typeof condition === 'object' && 'all' in condition && Array.isArray(condition.all)
}

export function isAny(condition: ConditionSource): condition is { readonly any: readonly ConditionSource[] } {
  return typeof condition === 'object' && 'any' in condition && Array.isArray(condition.any)
}

export function isRelated(condition: ConditionSource): condition is { readonly related: RelatedSource } {
  return typeof condition === 'object' && 'related' in condition
}

export function isNot(condition: ConditionSource): condition is { readonly not: ConditionSource } {
  return typeof condition === 'object' && 'not' in condition
}

export function isCel(condition: ConditionSource): condition is { readonly cel: string } {
  return typeof condition === 'object' && 'cel' in condition && typeof condition.cel === 'string'
}

export function isTimed(condition: ConditionSource): condition is { readonly during: During | readonly During[] } {
  return typeof condition === 'object' && 'during' in condition
}
