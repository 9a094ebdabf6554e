/**
 * COAZ, "Compatible with OpenID AuthZEN" (openid/authzen, profiles/authzen-coaz-framework-1_0, draft of August 2026;
 * experimental): from an operation of any protocol to an AuthZEN request, by a template whose strings may be expressions.
 */
import { compileJsonExpression, ExpressionError, type JsonExpression } from '../../cel/json-expression.ts'
import { SallyportError } from '../../errors.ts'
import { isMap } from '../../text/is-map.ts'
import { type JsonObject, quote } from '../json.ts'
import { readRequest } from '../request.ts'

/** What the operation offers to expressions, by name: `{ params, token }`. */
export type Inputs = Readonly<Record<string, unknown>>

/** Which API is to be called, and with which body. */
export interface MappedRequest {
  readonly api: 'evaluation' | 'evaluations'
  readonly body: JsonObject
}

/** A mapping, checked and compiled. */
export interface CoazMapping {
  /** @throws SallyportError `E_MAPPING` when an expression has no value, or something required is missing. */
  resolve(inputs: Inputs): MappedRequest
}

type Template = (inputs: Inputs) => unknown

/** Deeper than any request is. */
const deepest = 32

/**
 * Compiles a mapping: an object with one member, `evaluation` or `evaluations`, that is a template of the body of that
 * API. A string that starts with `$` is a CEL expression over the inputs; `$$` stands for `$`; all else is as it stands.
 *
 * @throws SallyportError `E_MAPPING` when it is none, or an expression in it is wrong.
 * @example
 * const mapping = compileMapping({ evaluation: {
 *   subject: { type: 'identity', id: '$token.sub' }, action: { name: 'read' }, resource: { type: 'document', id: '$params.id' },
 * } }, ['params', 'token'])
 * mapping.resolve({ params: { id: '7' }, token: { sub: 'ann' } }).body.subject // { type: 'identity', id: 'ann' }
 */
export function compileMapping(mapping: unknown, inputs: readonly string[]): CoazMapping {
  const [api, template] = envelopeOf(mapping)
  const body = compile(template, inputs, api, 0)
  return {
    resolve: (values) => {
      const resolved = body(values)
      if (!isMap(resolved)) throw wrong(`${api} is no object`)
      for (const [where, request] of requestsIn(api, resolved)) checkRequest(request, where)
      checkSemantic(resolved.options)
      return { api, body: resolved }
    },
  }
}

function envelopeOf(mapping: unknown): [MappedRequest['api'], unknown] {
  const [member, ...more] = isMap(mapping) ? Object.entries(mapping) : []
  if (member === undefined || more.length > 0) throw wrong('a mapping has one member, evaluation or evaluations')
  const [api, template] = member
  if (api !== 'evaluation' && api !== 'evaluations')
    throw wrong(`${quote(api)} is no API; use evaluation or evaluations`)
  if (!isMap(template)) throw wrong(`${api} must be an object`)
  if (api === 'evaluations') {
    const { evaluations } = template
    // Else an expression would tell how many decisions there are, or none would be asked for.
    if (!Array.isArray(evaluations) || evaluations.length === 0 || !evaluations.every(isMap)) {
      throw wrong('evaluations needs a list evaluations of objects, one or more')
    }
  }
  return [api, template]
}

function compile(value: unknown, inputs: readonly string[], where: string, depth: number): Template {
  if (depth > deepest) throw wrong(`the mapping is nested deeper than ${deepest} levels`)
  if (typeof value === 'string') return compileText(value, inputs, where)
  if (Array.isArray(value)) {
    const items = value.map((item, i) => compile(item, inputs, `${where}[${i}]`, depth + 1))
    return (values) => items.map((item) => item(values)).filter((item) => item !== undefined)
  }
  if (!isMap(value)) return () => value
  const members = Object.entries(value).map(([key, inner]) => {
    return [key, compile(inner, inputs, `${where}.${key}`, depth + 1)] as const
  })
  return (values) =>
    Object.fromEntries(
      members.flatMap(([key, member]) => {
        const resolved = member(values)
        return resolved === undefined ? [] : [[key, resolved] as const]
      }),
    )
}

function compileText(text: string, inputs: readonly string[], where: string): Template {
  if (!text.startsWith('$')) return () => text
  if (text.startsWith('$$')) return () => text.slice(1)
  const expression = explained(where, () => compileJsonExpression(text.slice(1), inputs))
  return (values) => explained(where, () => only(expression, inputs, values))
}

/** What a host passes beside the declared inputs is not there for expressions. */
function only(expression: JsonExpression, inputs: readonly string[], values: Inputs): unknown {
  return expression(Object.fromEntries(inputs.map((name) => [name, values[name]])))
}

function explained<T>(where: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (error instanceof ExpressionError) throw wrong(`${where}: ${error.message}`)
    throw error
  }
}

/** Each request of a body, with its defaults in place. */
function requestsIn(api: MappedRequest['api'], body: JsonObject): (readonly [string, JsonObject])[] {
  if (api === 'evaluation') return [[api, body]]
  const { evaluations, ...defaults } = body
  const entries: readonly unknown[] = Array.isArray(evaluations) ? evaluations : []
  return entries.map((entry, i) => {
    const where = `evaluations[${i}]`
    if (!isMap(entry)) throw wrong(`${where} is no object`)
    return [where, { ...defaults, ...entry }]
  })
}

/** A request that the PDP would refuse is the mapping's mistake. */
function checkRequest(request: JsonObject, where: string): void {
  try {
    readRequest(request)
  } catch (error) {
    if (error instanceof SallyportError) throw wrong(`${where}: ${error.message}`)
    throw error
  }
}

/** Every decision counts: a PDP that stops at the first permit would leave out the others. */
function checkSemantic(options: unknown): void {
  const semantic = isMap(options) ? options.evaluations_semantic : undefined
  if (semantic === undefined || semantic === 'execute_all' || semantic === 'deny_on_first_deny') return
  throw wrong('options.evaluations_semantic must be execute_all or deny_on_first_deny')
}

/**
 * Whether an answer of the PDP permits the operation: only when every decision that was asked for is there, and allows
 * (section 3).
 *
 * @example isPermitted(request, { decision: true })
 */
export function isPermitted({ api, body }: MappedRequest, answer: unknown): boolean {
  if (!isMap(answer)) return false
  if (api === 'evaluation') return answer.decision === true
  const { evaluations: answers } = answer
  if (!Array.isArray(answers) || !Array.isArray(body.evaluations)) return false
  return answers.length === body.evaluations.length && answers.every((one) => isMap(one) && one.decision === true)
}

export function wrong(message: string): SallyportError {
  return new SallyportError('E_MAPPING', message)
}
