/** The CEL specification's own test data, in this package's terms. */

import type { SimpleTest } from '@bufbuild/cel-spec/cel/expr/conformance/test/simple_pb.js'
import type { Value } from '@bufbuild/cel-spec/cel/expr/value_pb.js'
import { getConformanceSuite, type IncrementalTestSuite } from '@bufbuild/cel-spec/testdata/tests.js'
import { createRegistry, isMessage } from '@bufbuild/protobuf'
import {
  anyUnpack,
  DurationSchema,
  file_google_protobuf_duration,
  file_google_protobuf_timestamp,
  TimestampSchema,
} from '@bufbuild/protobuf/wkt'
import { isProblem, parse, type Syntax } from '../../../src/cel/syntax.ts'
import type { CelValue } from '../../../src/engine/cel-value.ts'

export interface Case {
  /** `suite/section/name` */
  readonly name: string
  /** The expression, its variables bound by macros around it. */
  readonly expression: string
  /** A value, `error`, or `checked` when it only has to be accepted. */
  readonly expected: CelValue | 'error' | 'checked'
}

export interface Sorted {
  readonly cases: readonly Case[]
  /** Those that need protobuf messages or enums, or results that an engine without unknowns does not have. */
  readonly leftOut: readonly string[]
}

class Unsupported extends Error {}

const registry = createRegistry(file_google_protobuf_duration, file_google_protobuf_timestamp)
const messages =
  /cel\.expr\.conformance|TestAllTypes|NestedEnum|GlobalEnum|NestedMessage|google\.protobuf\.(?!Timestamp\b|Duration\b)|proto\.(?:has|get)Ext|standalone_enum|\bmsg\b|\b(?:Int|UInt)(?:32|64)Value\b|\b(?:Float|Double)?Value\{/

export function conformanceCases(): Sorted {
  const cases: Case[] = []
  const leftOut: string[] = []
  const walk = (suite: IncrementalTestSuite, path: string): void => {
    for (const test of suite.tests) {
      const name = `${path}/${test.original.name}`
      try {
        cases.push(convert(test.original, name))
      } catch (error) {
        if (!(error instanceof Unsupported)) throw error
        leftOut.push(name)
      }
    }
    for (const inner of suite.suites) walk(inner, path === '' ? inner.name : `${path}/${inner.name}`)
  }
  walk(getConformanceSuite(), '')
  return { cases, leftOut }
}

function convert(test: SimpleTest, name: string): Case {
  if (messages.test(test.expr) || messages.test(test.container)) throw new Unsupported()
  if (JSON.stringify(test.typeEnv, (_, value) => (typeof value === 'bigint' ? '' : value)).includes('messageType')) {
    throw new Unsupported()
  }
  let expression = test.disableCheck ? withoutTypes(test.expr) : test.expr
  for (const [variable, { kind }] of Object.entries(test.bindings)) {
    if (kind.case !== 'value') throw new Unsupported()
    // No expression can mean a variable of such a name.
    if (['true', 'false', 'null'].includes(variable)) continue
    // A variable that is declared dynamic has no type that checking could use.
    expression = `cel.bind(${variable}, dyn(${literal(celValueOf(kind.value))}), ${expression})`
  }
  return { name, expression, expected: expectation(test) }
}

function expectation({ resultMatcher, checkOnly }: SimpleTest): Case['expected'] {
  if (checkOnly) return 'checked'
  switch (resultMatcher.case) {
    case undefined:
      return { type: 'bool', value: true }
    case 'value':
      return celValueOf(resultMatcher.value)
    case 'typedResult': {
      const { result } = resultMatcher.value
      return result === undefined ? 'checked' : celValueOf(result)
    }
    case 'evalError':
    case 'anyEvalErrors':
      return 'error'
    default:
      throw new Unsupported()
  }
}

function celValueOf({ kind }: Value): CelValue {
  switch (kind.case) {
    case 'nullValue':
      return { type: 'null' }
    case 'boolValue':
      return { type: 'bool', value: kind.value }
    case 'int64Value':
      return { type: 'int', value: kind.value }
    case 'uint64Value':
      return { type: 'uint', value: kind.value }
    case 'doubleValue':
      return { type: 'double', value: kind.value }
    case 'stringValue':
      return { type: 'string', value: kind.value }
    case 'bytesValue':
      return { type: 'bytes', value: kind.value }
    case 'typeValue':
      return { type: 'type', value: kind.value }
    case 'listValue':
      return { type: 'list', value: kind.value.values.map(celValueOf) }
    case 'mapValue':
      return {
        type: 'map',
        value: kind.value.entries.map(({ key, value }) => [celValueOf(key!), celValueOf(value!)] as const),
      }
    case 'objectValue': {
      const message = anyUnpack(kind.value, registry)
      if (isMessage(message, TimestampSchema)) {
        return { type: 'timestamp', seconds: message.seconds, nanos: message.nanos }
      }
      if (isMessage(message, DurationSchema)) return duration(message.seconds, message.nanos)
      throw new Unsupported()
    }
    default:
      throw new Unsupported()
  }
}

/** Protobuf's nanoseconds have the sign of the seconds; ours are never negative. */
function duration(seconds: bigint, nanos: number): CelValue {
  return nanos < 0
    ? { type: 'duration', seconds: seconds - 1n, nanos: nanos + 1_000_000_000 }
    : { type: 'duration', seconds, nanos }
}

/** A value as CEL writes it. */
function literal(value: CelValue): string {
  switch (value.type) {
    case 'null':
      return 'null'
    case 'bool':
    case 'int':
      return `${value.value}`
    case 'uint':
      return `${value.value}u`
    case 'double':
      return Number.isInteger(value.value) ? value.value.toFixed(1) : `${value.value}`
    case 'string':
      return JSON.stringify(value.value)
    case 'bytes':
      return `b"${[...value.value].map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('')}"`
    case 'list':
      return `[${value.value.map(literal).join(', ')}]`
    case 'map':
      return `{${(value.value ?? []).map(([key, one]) => `${literal(key)}: ${literal(one)}`).join(', ')}}`
    case 'timestamp':
      return `(timestamp(${value.seconds}) + duration("${value.nanos}ns"))`
    case 'duration':
      return `(duration("${value.seconds}s") + duration("${value.nanos}ns"))`
    default:
      throw new Unsupported()
  }
}

/** The expression with every literal as dyn(…), which is what CEL without its checker sees. */
function withoutTypes(text: string): string {
  const syntax = parse(text)
  if (isProblem(syntax)) return text
  const literals: Syntax[] = []
  const walk = (node: Syntax): void => {
    if (node.op === 'value' || node.op === 'list' || node.op === 'map') literals.push(node)
    if (node.op !== 'list' && node.op !== 'map') for (const part of below(node.args)) walk(part)
  }
  walk(syntax)
  return literals
    .sort((a, b) => b.start - a.start)
    .reduce((all, { start, end }) => `${all.slice(0, start)}dyn(${all.slice(start, end)})${all.slice(end)}`, text)
}

function below(args: unknown): Syntax[] {
  if (Array.isArray(args)) return args.flatMap(below)
  return typeof args === 'object' && args !== null && 'op' in args ? [args as Syntax] : []
}
