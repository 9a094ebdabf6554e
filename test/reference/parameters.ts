/** Conditions on tuples with parameters: "Conditions on tuples" of docs/policy-reference.md. No parameter of type ipaddress. */
import { celUint } from '@bufbuild/cel'
import { create } from '@bufbuild/protobuf'
import { DurationSchema, TimestampSchema } from '@bufbuild/protobuf/wkt'
import { Temporal } from 'temporal-polyfill'
import type { ConditionSource, ParameterCondition } from '../../src/policy/document.ts'
import { referenceCel } from './cel.ts'
import { comparable } from './expressions.ts'
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
  // An item of a list that is undefined is no value; an entry of a map that is undefined is not there.
  if (kindOf(value) === 'invalid' || kindOf(value) === 'missing') throw new WrongType()
  if (type === 'any') return comparable(value)
  if (type === 'bool' || type === 'string')
    return typeof value === (type === 'bool' ? 'boolean' : type) ? value : wrong()
  if (type === 'int' || type === 'uint' || type === 'double') return number(value, type)
  if (type === 'list' || type === 'map') return typed(value, `${type}<any>`)
  const inner = type.slice(type.indexOf('<') + 1, -1)
  if (type.startsWith('list<')) return Array.isArray(value) ? value.map((item) => typed(item, inner)) : wrong()
  if (type.startsWith('map<')) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return wrong()
    const entries = Object.entries(value).filter(([, item]) => item !== undefined)
    return Object.fromEntries(entries.map(([key, item]) => [key, typed(item, inner)]))
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

/** RFC 3339 with as many digits of a fraction as there are, of which nine count; the years are those of CEL, 1 to 9999. */
function timestamp(text: string): unknown {
  const [, date, time, fraction = '', zone] =
    /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(?:\.(\d+))?(Z|[+-]\d\d:\d\d)$/i.exec(text) ?? wrong()
  if (time?.endsWith('60')) return wrong()
  const seconds = epochSeconds(`${date}T${time}${zone}`)
  if (seconds < FIRST_SECOND || seconds > LAST_SECOND) return wrong()
  return create(TimestampSchema, { seconds: BigInt(seconds), nanos: Number(fraction.slice(0, 9).padEnd(9, '0')) })
}

const FIRST_SECOND = Date.parse('0001-01-01T00:00:00Z') / 1000
const LAST_SECOND = Date.parse('9999-12-31T23:59:59Z') / 1000

function epochSeconds(text: string): number {
  try {
    return Temporal.Instant.from(text).epochMilliseconds / 1000
  } catch {
    return wrong()
  }
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
