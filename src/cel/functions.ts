/**
 * The functions: name, how often it may be called with which types, and the core's number for it. A name with a leading dot is called
 * on its first argument, one without is not; `size` and the like are written both ways.
 */
import { CelCall, CelPart } from '../../assembly/abi/cel.ts'
import { rows } from './function-table.ts'
import { type Type, typeNamed } from './types.ts'

export interface Overload {
  readonly takes: readonly Type[]
  readonly gives: Type
}

export interface FunctionSpec {
  readonly call: CelCall
  readonly overloads: readonly Overload[]
}

function* table(): Iterable<[string, FunctionSpec]> {
  for (const [names, call, ...signatures] of rows) {
    const overloads = signatures.map(overload)
    for (const name of names.split(' ')) yield [`${name}/${overloads[0]?.takes.length ?? 0}`, { call, overloads }]
  }
  const accessors: readonly (readonly [string, CelPart])[] = [
    ['getFullYear', CelPart.FullYear],
    ['getMonth', CelPart.Month],
    ['getDayOfYear', CelPart.DayOfYear],
    ['getDayOfMonth', CelPart.DayOfMonth],
    ['getDate', CelPart.Date],
    ['getDayOfWeek', CelPart.DayOfWeek],
    ['getHours', CelPart.Hours],
    ['getMinutes', CelPart.Minutes],
    ['getSeconds', CelPart.Seconds],
    ['getMilliseconds', CelPart.Milliseconds],
  ]
  for (const [name, part] of accessors) {
    const both = part >= CelPart.Hours ? ['timestamp: int', 'duration: int'] : ['timestamp: int']
    yield [`.${name}/1`, { call: CelCall.GetPart + part, overloads: both.map(overload) }]
    yield [`.${name}/2`, { call: CelCall.GetPartIn + part, overloads: [overload('timestamp string: int')] }]
  }
}

/** Reads `string int: bool`. */
function overload(signature: string): Overload {
  const [takes = '', gives = ''] = signature.split(': ')
  return { takes: takes.split(' ').map(typeNamed), gives: typeNamed(gives) }
}

/** By name and number of arguments: `.contains/2`, `size/1`. */
export const functions: ReadonlyMap<string, FunctionSpec> = new Map(table())

/** The names, for suggestions; without dots. */
export const functionNames: readonly string[] = [
  ...new Set([...functions.keys()].map((key) => key.replace(/^\./, '').replace(/\/\d$/, ''))),
]
