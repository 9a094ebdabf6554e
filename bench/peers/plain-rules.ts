/**
 * Policy documents as plain rules, for the engines whose policies are made from them: rules of exact names or globs with a
 * list of tests, deny first. A document that uses more is refused.
 */
import type { PolicyDocument, Rule } from '../../src/policy/document.ts'

export interface PlainRule {
  readonly id: string
  readonly deny: boolean
  /** Exact or with `*` at the end; undefined for any. */
  readonly action: string | undefined
  readonly type: string | undefined
  readonly role: string | undefined
  readonly subjectType: string | undefined
  readonly tests: readonly PlainTest[]
}

export interface PlainTest {
  /** Its keys: `['subject', 'department']`; properties are left out, as in policies. */
  readonly path: readonly string[]
  readonly operator: Operator
  readonly operand: Operand
}

export type Scalar = string | number | boolean
export type Operand =
  | { readonly value: Scalar }
  | { readonly list: readonly Scalar[] }
  | { readonly path: readonly string[] }

const operators = ['eq', 'neq', 'in', 'not_in', 'gt', 'gte', 'lt', 'lte', 'glob', 'starts_with', 'ends_with'] as const
export type Operator = (typeof operators)[number]

const knownRuleKeys = new Set(['id', 'allow', 'deny', 'on', 'to', 'when', 'because', 'obligations', 'advice'])
const knownKeys = new Set(['version', 'tenant', 'roles', 'rules', 'trust'])

/** @throws Error when the document uses anything that plain rules cannot say */
export function plainRules(document: PolicyDocument): PlainRule[] {
  const strange = Object.keys(document).find((key) => !knownKeys.has(key))
  if (strange !== undefined) throw new Error(`plain rules have no ${strange}`)
  if (Object.values(document.roles ?? {}).some((inherited) => inherited.length > 0)) {
    throw new Error('plain rules have no roles that inherit')
  }
  return (document.rules ?? []).map(plainRule)
}

function plainRule(rule: Rule): PlainRule {
  const strange = Object.keys(rule).find((key) => !knownRuleKeys.has(key))
  if (strange !== undefined) throw new Error(`plain rules have no ${strange}: ${rule.id}`)
  const to: Readonly<Record<string, unknown>> = { ...rule.to }
  return {
    id: rule.id,
    deny: rule.deny !== undefined,
    action: name(rule.allow ?? rule.deny),
    type: name(rule.on),
    role: name(to.role),
    subjectType: name(to.type),
    tests: Object.entries(rule.when ?? {}).flatMap(([path, source]) => readTests(path, source)),
  }
}

function name(pattern: unknown): string | undefined {
  if (pattern === undefined || pattern === '*') return undefined
  if (typeof pattern === 'string' && /^[^*?[\]{}\\]+\*?$/.test(pattern)) return pattern
  throw new Error(`plain rules need one name, found ${JSON.stringify(pattern)}`)
}

function readTests(path: string, source: unknown): PlainTest[] {
  if (!/^[a-z_]+(\.[A-Za-z_]+)+$/.test(path)) throw new Error(`not a plain path: ${path}`)
  const keys = path.split('.')
  if (isScalar(source)) return [{ path: keys, operator: 'eq', operand: { value: source } }]
  if (typeof source !== 'object' || source === null) throw new Error(`not a plain test: ${JSON.stringify(source)}`)
  return Object.entries(source).map(([operator, operand]) => {
    if (!isOperator(operator)) throw new Error(`not a plain operator: ${operator}`)
    return { path: keys, operator, operand: readOperand(operand) }
  })
}

function readOperand(source: unknown): Operand {
  if (isScalar(source)) return { value: source }
  if (Array.isArray(source) && source.every(isScalar)) return { list: source }
  if (typeof source === 'object' && source !== null && 'ref' in source) return { path: String(source.ref).split('.') }
  throw new Error(`not a plain operand: ${JSON.stringify(source)}`)
}

function isScalar(value: unknown): value is Scalar {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
}

function isOperator(text: string): text is Operator {
  return (operators as readonly string[]).includes(text)
}
