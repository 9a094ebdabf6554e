/**
 * CEL expressions from JSON values to a JSON value, for mappings: not for policies, whose expressions the core decides. They are
 * evaluated by cel-js. Numbers of JSON are doubles, as in policies.
 */
import {
  type ASTNode,
  TypeError as CelTypeError,
  Environment,
  EvaluationError,
  Optional,
  ParseError,
} from '@marcbachmann/cel-js'

import { withoutRawLiterals } from './prepare.ts'

/** A JSON value, or undefined for what is absent. */
export type JsonExpression = (variables: Readonly<Record<string, unknown>>) => unknown

/** Why there is no such expression, or no value: one line. */
export class ExpressionError extends Error {
  override name = 'ExpressionError'
}

const longest = 2000
const limits = { maxAstNodes: 256, maxDepth: 32, maxListElements: 100, maxMapEntries: 100, maxCallArguments: 16 }
/** What looks at each item of a list; one inside another could take very long. */
const macros = new Set(['all', 'exists', 'exists_one', 'existsOne', 'map', 'filter', 'transformList', 'transformMap'])

/**
 * Compiles an expression over the named variables. `.?` yields what may be absent.
 *
 * @throws ExpressionError when it is none, too large, or names another variable; the expression throws it when it has no value.
 * @example compileJsonExpression("'urn:' + token.sub", ['token'])({ token: { sub: 'ann' } }) // 'urn:ann'
 */
export function compileJsonExpression(text: string, variables: readonly string[]): JsonExpression {
  if (text.length > longest) throw new ExpressionError(`the expression is longer than ${longest} characters`)
  const environment = new Environment({ enableOptionalTypes: true, homogeneousAggregateLiterals: false, limits })
  for (const name of variables) environment.registerVariable(name, 'dyn')
  try {
    const expression = environment.parse(withoutRawLiterals(text))
    checkCost(expression.ast, 0)
    const { valid, error } = expression.check()
    if (!valid) throw new ExpressionError(firstLine(error))
    return (values) => evaluate(() => expression(values))
  } catch (error) {
    throw explained(error)
  }
}

function evaluate(expression: () => unknown): unknown {
  try {
    return toJson(expression())
  } catch (error) {
    throw explained(error)
  }
}

/** Its regular expressions are JavaScript's, which can take for ever. */
function checkCost({ op, args }: ASTNode, loops: number): void {
  const name = op === 'rcall' && Array.isArray(args) && typeof args[0] === 'string' ? args[0] : undefined
  if (name === 'matches' || (op === 'call' && Array.isArray(args) && args[0] === 'matches')) {
    throw new ExpressionError('matches is not available here')
  }
  const inside = name !== undefined && macros.has(name) ? loops + 1 : loops
  if (inside > 1) throw new ExpressionError('one list macro inside another is not available here')
  for (const child of nodesIn(args)) checkCost(child, inside)
}

function nodesIn(value: unknown): ASTNode[] {
  if (Array.isArray(value)) return value.flatMap(nodesIn)
  return isNode(value) ? [value] : []
}

function isNode(value: unknown): value is ASTNode {
  return typeof value === 'object' && value !== null && 'op' in value && 'args' in value
}

/** A value of CEL as one of JSON. Bytes, times and types are none. */
function toJson(value: unknown): unknown {
  if (value instanceof Optional) return value.hasValue() ? toJson(value.value()) : undefined
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value
  if (typeof value === 'number' && Number.isFinite(value)) return value
  if (typeof value === 'bigint' && BigInt(Number(value)) === value && Number.isSafeInteger(Number(value))) {
    return Number(value)
  }
  if (Array.isArray(value)) return value.map((item) => toJson(item) ?? refuse('a list with something absent'))
  if (value instanceof Map) return objectOf([...value])
  if (isPlain(value)) return objectOf(Object.entries(value))
  return refuse('a value that JSON does not have')
}

/** What is absent is left out of its object. */
function objectOf(entries: readonly (readonly [unknown, unknown])[]): Record<string, unknown> {
  return Object.fromEntries(
    entries.flatMap(([key, value]) => {
      if (typeof key !== 'string') return refuse('a map whose keys are not strings')
      const json = toJson(value)
      return json === undefined ? [] : [[key, json] as const]
    }),
  )
}

function isPlain(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}

function refuse(what: string): never {
  throw new ExpressionError(`the expression yields ${what}`)
}

function explained(error: unknown): unknown {
  const known = error instanceof ParseError || error instanceof EvaluationError || error instanceof CelTypeError
  return known ? new ExpressionError(firstLine(error)) : error
}

function firstLine(error: { readonly message: string } | undefined): string {
  return error?.message.split('\n')[0] ?? 'it is no expression'
}
