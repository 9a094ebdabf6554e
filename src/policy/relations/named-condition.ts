/**
 * Named conditions on tuples: of the document (`conditions`), as tests or CEL over the tuple's context and the request, or with
 * typed parameters; and those of OpenFGA's models, which are all of the last kind.
 */
import { CelLimit, CelParameter } from '../../../assembly/abi/cel.ts'
import type { Environment } from '../../cel/environment.ts'
import type { Parameter } from '../../cel/tree.ts'
import { BOOL, DYN, type Type } from '../../cel/types.ts'
import {
  formatParameterType,
  type ParameterModel,
  type ParameterType,
  parseParameterType,
  plainTypes,
} from '../../tuple/parameter.ts'
import { readTupleCondition } from '../condition.ts'
import { type Places, placesIn, readTree, tupleEnvironment } from '../expression.ts'
import { type Mentions, noMentions } from '../mentions.ts'
import type { Condition } from '../model.ts'
import type { Entry, Node, Position } from '../node.ts'
import { describe, quote, readMap, readRecord, readString } from '../read.ts'
import type { Report } from '../report.ts'
import { checkName } from './name.ts'

export interface ParsedCondition {
  readonly name: string
  readonly at: Position
  readonly parameters: readonly ParameterModel[] | undefined
  /** Undefined when it could not be read. */
  readonly condition: Condition | undefined
  readonly mentions: Mentions
}

/** Reads `conditions`. */
export function readNamedConditions(entry: Entry | undefined, report: Report): ParsedCondition[] {
  const map = entry && readMap(entry.value, report, '"conditions"', 'write { name: { context.…: … } }')
  return [...(map?.entries ?? [])].map(([name, { at, value }]) => {
    checkName(name, 'condition', at, report)
    if (value.kind === 'map' && value.entries.has('parameters')) return readWithParameters(name, at, value, report)
    const mentions = noMentions()
    return { name, at, parameters: undefined, condition: readTupleCondition(value, report, mentions), mentions }
  })
}

const advice = 'write { parameters: { ip: ipaddress }, cel: ip.in_cidr("10.0.0.0/8") }'

function readWithParameters(name: string, at: Position, value: Node, report: Report): ParsedCondition {
  const none = { name, at, parameters: undefined, condition: undefined, mentions: noMentions() }
  const map = readRecord(value, report, `the condition ${quote(name)}`, ['parameters', 'cel'], { advice })
  const entry = map?.entries.get('parameters')
  const cel = map?.entries.get('cel')?.value
  const declared = entry && readMap(entry.value, report, `"parameters" of ${quote(name)}`, advice)
  if (map === undefined || declared === undefined) return none
  const parameters: Typed[] = []
  for (const [key, { at: place, value: node }] of declared.entries) {
    const text = readString(node, report, `the type of ${quote(key)}`)
    const type = text === undefined ? undefined : typeOf(key, text, place, report)
    // One of an unknown type stays known by its name, so that nothing is told twice.
    parameters.push({ name: key, type: type ?? { kind: 'any' } })
  }
  if (cel === undefined) report.error('E_MISSING', map.at, `the condition ${quote(name)} has no "cel"`, advice)
  if (cel?.kind !== 'scalar' || typeof cel.scalar !== 'string') {
    if (cel?.kind === 'broken') report.problem(cel)
    else if (cel !== undefined) report.error('E_TYPE', cel.at, `"cel" needs a string, not ${describe(cel)}`, advice)
    return none
  }
  // What a tuple says comes as parameters; the request can be read beside them.
  const { roots } = tupleEnvironment
  const environment = { ...tupleEnvironment, roots: roots.filter((root) => root !== 'tuple'), meant: undefined }
  return withParameters(
    name,
    at,
    { parameters, text: cel.scalar, allNeeded: false },
    environment,
    placesIn({ value: cel.scalar, at: cel.at }),
    report,
  )
}

/** A parameter with its type. */
export interface Typed {
  readonly name: string
  readonly type: ParameterType
}

/** A condition as OpenFGA and SpiceDB have it: parameters, and an expression that knows nothing else. */
export interface Foreign {
  readonly parameters: readonly Typed[]
  readonly text: string
  /** Whether a parameter that is not there makes it not evaluable even where its value would not matter. */
  readonly allNeeded: boolean
}

/** The condition of a model of another language, all of which counts as standing at one place. */
export function foreignCondition(name: string, at: Position, foreign: Foreign, report: Report): ParsedCondition {
  const places: Places = {
    inside: () => undefined,
    at: ({ start }, found) => [at, `in the condition ${quote(name)}, character ${start + 1}: ${found}`],
  }
  return withParameters(name, at, foreign, { ...tupleEnvironment, roots: [], meant: undefined }, places, report)
}

function withParameters(
  name: string,
  at: Position,
  { parameters, text, allNeeded }: Foreign,
  environment: Environment,
  places: Places,
  report: Report,
): ParsedCondition {
  if (parameters.length > CelLimit.Parameters) {
    const found = `the condition ${quote(name)} has more than ${CelLimit.Parameters} parameters`
    report.error('E_LIMIT', at, found, 'put some of them into a map')
  }
  const variables = parameters.map((one) => ({ name: one.name, type: celType(one.type) }))
  // OpenFGA and SpiceDB take constants that always fail, and then the condition cannot be evaluated.
  const body = readTree(text, { ...environment, variables, constants: undefined }, report, places)
  const model = parameters.map(({ name: key, type }): ParameterModel => [key, formatParameterType(type)])
  const parsed = { name, at, parameters: model, mentions: noMentions() }
  if (body === undefined || parameters.length > CelLimit.Parameters) return { ...parsed, condition: undefined }
  const { range } = body
  const tree = {
    kind: 'parameters',
    parameters: parameters.map(parameter),
    allNeeded,
    body,
    type: BOOL,
    range,
  } as const
  return { ...parsed, condition: { kind: 'expression', tree, source: text.slice(range.start, range.end) } }
}

function parameter({ name, type }: Typed): Parameter {
  const path = (root: 'tuple' | 'context') => ({ root, keys: [name], fixed: false, text: `${root}.${name}` })
  const whole = type.kind === 'any' || 'of' in type
  return { name, code: codeOf(type), whole, tuple: path('tuple'), request: path('context') }
}

/** Reads the type of a parameter. */
export function typeOf(name: string, text: string, at: Position, report: Report): ParameterType | undefined {
  if (!/^[A-Za-z_]\w*$/.test(name)) {
    report.error('E_RELATION', at, `${quote(name)} cannot be a parameter`, 'use letters, digits and _')
    return undefined
  }
  const type = parseParameterType(text)
  if (type !== undefined) return type
  const known = `write ${plainTypes.join(', ')}, list<…> or map<…>`
  report.error('E_RELATION', at, `${quote(text)} is no type of a parameter`, known)
  return undefined
}

function celType(type: ParameterType): Type {
  switch (type.kind) {
    case 'any':
      return DYN
    case 'list':
      return { kind: 'list', of: celType(type.of) }
    case 'map':
      return { kind: 'map', key: { kind: 'string' }, value: celType(type.of) }
    default:
      return { kind: type.kind }
  }
}

const codes: Readonly<Record<ParameterType['kind'], CelParameter>> = {
  any: CelParameter.Any,
  bool: CelParameter.Bool,
  string: CelParameter.String,
  int: CelParameter.Int,
  uint: CelParameter.Uint,
  double: CelParameter.Double,
  duration: CelParameter.Duration,
  timestamp: CelParameter.Timestamp,
  ipaddress: CelParameter.IpAddress,
  list: CelParameter.List,
  map: CelParameter.Map,
}

function codeOf(type: ParameterType): number {
  return codes[type.kind] + ('of' in type ? codeOf(type.of) * 16 : 0)
}
