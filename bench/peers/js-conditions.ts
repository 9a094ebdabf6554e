/** The conditions of the hand-written JS index: tests of attributes by operator, three-valued. */
import type { AccessRequest } from '../../src/engine/types.ts'
import type { ConditionSource } from '../../src/policy/document.ts'

export interface AttributeTest {
  readonly attribute: number
  readonly operator: number
  /** What the attribute is compared with, unless `list` or `other` says otherwise. */
  readonly value: unknown
  readonly list: readonly unknown[]
  /** The attribute on the other side, or -1. */
  readonly other: number
}

export interface ThreeTests {
  readonly first: AttributeTest
  readonly second: AttributeTest
  readonly third: AttributeTest
}

export const no = 0
export const yes = 1
export const notEvaluable = 2

const equal = 0
const within = 1
const greater = 2
const greaterOrEqual = 3
const less = 4
const operators: Readonly<Record<string, number>> = { eq: equal, in: within, gt: 2, gte: 3, lt: less, lte: 5 }

/** subject.id == subject.id: every request has one. */
const always: AttributeTest = { attribute: 0, operator: equal, value: undefined, list: [], other: 0 }

const paths = [
  'subject.id',
  'subject.department',
  'subject.zone',
  'subject.clearance',
  'subject.risk',
  'resource.status',
  'resource.zone',
  'resource.sensitivity',
  'resource.public',
  'resource.owner',
  'context.channel',
  'context.mfa',
  'context.amount',
]

/** Reads an attribute by its index in `paths`; undefined when it is missing. Names in code are the fastest way in. */
function read(request: AccessRequest, attribute: number): unknown {
  switch (attribute) {
    case 0:
      return request.subject.id
    case 1:
      return request.subject.properties?.department
    case 2:
      return request.subject.properties?.zone
    case 3:
      return request.subject.properties?.clearance
    case 4:
      return request.subject.properties?.risk
    case 5:
      return request.resource.properties?.status
    case 6:
      return request.resource.properties?.zone
    case 7:
      return request.resource.properties?.sensitivity
    case 8:
      return request.resource.properties?.public
    case 9:
      return request.resource.properties?.owner
    case 10:
      return request.context?.channel
    case 11:
      return request.context?.mfa
    default:
      return request.context?.amount
  }
}

function evaluateTest(test: AttributeTest, request: AccessRequest): number {
  const a = read(request, test.attribute)
  if (a === undefined) return notEvaluable
  if (test.operator === within) return isOneOf(a, test.list)
  const b = test.other < 0 ? test.value : read(request, test.other)
  if (b === undefined) return notEvaluable
  if (test.operator === equal) return a === b ? yes : no
  // The orderings of this workload are all between numbers.
  if (typeof a !== 'number' || typeof b !== 'number') return notEvaluable
  switch (test.operator) {
    case greater:
      return a > b ? yes : no
    case greaterOrEqual:
      return a >= b ? yes : no
    case less:
      return a < b ? yes : no
    default:
      return a <= b ? yes : no
  }
}

function isOneOf(a: unknown, list: readonly unknown[]): number {
  for (let i = 0; i < list.length; i++) if (list[i] === a) return yes
  return no
}

/** All three tests: no when any is no, otherwise not evaluable when any is, otherwise yes. */
export function evaluateTests({ first, second, third }: ThreeTests, request: AccessRequest): number {
  const a = evaluateTest(first, request)
  if (a === no) return no
  const b = evaluateTest(second, request)
  if (b === no) return no
  const c = evaluateTest(third, request)
  if (c === no) return no
  return a === yes && b === yes && c === yes ? yes : notEvaluable
}

/**
 * Reads a rule's `when`: a map of at most three paths, each with a scalar or one operator. Fewer are filled up with a
 * test that always holds.
 *
 * @param known the tests of other rules: rules share a test that they all make, which keeps tests in the cache
 * @throws Error when it has any other form, path or operator
 */
export function readTests(when: ConditionSource | undefined, known: Map<string, AttributeTest>): ThreeTests {
  const tests = Object.entries(when ?? {}).map(([path, source]) => {
    const key = JSON.stringify([path, source])
    const test = known.get(key) ?? readTest(path, source)
    known.set(key, test)
    return test
  })
  const [first = always, second = always, third = always, ...more] = tests
  if (more.length > 0) throw new Error('the JS index reads rules of at most three tests')
  return { first, second, third }
}

function readTest(path: string, source: unknown): AttributeTest {
  const attribute = attributeOf(path)
  if (source === null || typeof source !== 'object') {
    return { attribute, operator: equal, value: source, list: [], other: -1 }
  }
  const [[name, operand] = ['', undefined], ...more] = Object.entries(source)
  const operator = operators[name]
  if (operator === undefined || more.length > 0) throw new Error(`the JS index cannot test ${JSON.stringify(source)}`)
  if (isReference(operand)) return { attribute, operator, value: undefined, list: [], other: attributeOf(operand.ref) }
  if (Array.isArray(operand)) return { attribute, operator, value: undefined, list: operand, other: -1 }
  return { attribute, operator, value: operand, list: [], other: -1 }
}

function attributeOf(path: string): number {
  const attribute = paths.indexOf(path)
  if (attribute < 0) throw new Error(`the JS index does not know the attribute ${path}`)
  return attribute
}

function isReference(operand: unknown): operand is { readonly ref: string } {
  return typeof operand === 'object' && operand !== null && 'ref' in operand
}
