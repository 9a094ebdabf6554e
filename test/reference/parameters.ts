/** Conditions on tuples with parameters: "Conditions on tuples" of docs/policy-reference.md. No parameter of type ipaddress. */
import { celUint } from '@bufbuild/cel'
import { create } from '@bufbuild/protobuf'
import { DurationSchema, TimestampSchema } from '@bufbuild/protobuf/wkt'
import type { ConditionSource, ParameterCondition } from '../../src/policy/document.ts'
import { referenceCel } from './cel.ts'
import { read, type Scope } from './paths.ts'
import { kindOf, type Truth } from './values.ts'

export function hasParameters(condition: ConditionSource | ParameterCondition): condition is ParameterCondition {
  return typeof condition === 'object' && 'parameters' in condition
}

/** Nothing is known of a value that is not of its type. */
class WrongType extends Error {
  override name = 'WrongType'
}

export function evaluateParameters({ parameters, cel }: ParameterCondition, scope: Scope): Truth {
  try {
    const { type: of, id } = scope.request.subject
    const variables: Record<string, unknown> = { subject: { type: of, id } }
    for (const [name, type] of Object.entries(parameters)) {
      const own = read(`tuple.${name}`, scope)
      const value = kindOf(own) === 'missing' ? read(`context.${name}`, scope) : own
      if (kindOf(value) !== 'missing') variables[name] = typed(value, type)
    }
    const { type, value } = referenceCel(cel, variables)
    return type === 'bool' ? (value as boolean) : 'n.e.'
  } catch (error) {
    if (error instanceof WrongType) return 'n.e.'
    throw error
  }
}

function typed(value: unknown, type: string): unknown {
  if (kindOf(value) === 'invalid') throw new WrongType()
  if (type === 'any') return value
  if (type === 'bool' || type === 'string')
    return typeof value === (type === 'bool' ? 'boolean' : type) ? value : wrong()
  if (type === 'int' || type === 'uint' || type === 'double') return number(value, type)
  if (type === 'list' || type === 'map') return typed(value, `${type}<any>`)
  const inner = type.slice(type.indexOf('<') + 1, -1)
  if (type.startsWith('list<')) return Array.isArray(value) ? value.map((item) => typed(item, inner)) : wrong()
  if (type.startsWith('map<')) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return wrong()
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, typed(item, inner)]))
  }
  if (typeof value !== 'string') return wrong()
  return type === 'timestamp' ? timestamp(value) : duration(value)
}

function number(value: unknown, type: 'int' | 'uint' | 'double'): unknown {
  const isText = typeof value === 'string' && /^[+-]?\d+(\.\d+)?$/.test(value)
  const found = isText ? Number(value) : value
  if (typeof found !== 'number') return wrong()
  if (type === 'double') return found
  if (!Number.isInteger(found) || (type === 'uint' && found < 0)) return wrong()
  return type === 'int' ? BigInt(found) : celUint(BigInt(found))
}

function timestamp(text: string): unknown {
  const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(text) ? Date.parse(text) : Number.NaN
  return Number.isNaN(time) ? wrong() : create(TimestampSchema, { seconds: BigInt(time / 1000) })
}

function duration(text: string): unknown {
  const [, hours, minutes, seconds] = /^(?=\d)(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?$/.exec(text) ?? wrong()
  return create(DurationSchema, {
    seconds: BigInt(hours ?? 0) * 3600n + BigInt(minutes ?? 0) * 60n + BigInt(seconds ?? 0),
  })
}

function wrong(): never {
  throw new WrongType()
}
