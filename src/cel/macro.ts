/** Macros: calls whose arguments are not evaluated first, because they bind variables or ask whether something is there. */
import { CelFold } from '../../assembly/abi/cel.ts'
import type { Called } from './call.ts'
import type { Checker } from './check.ts'
import { namespaceOf } from './namespace.ts'
import { hasPath } from './path.ts'
import type { Syntax } from './syntax.ts'
import type { Range, Tree } from './tree.ts'
import { BOOL, DYN, itemType, named, overlap, type Type, valueType } from './types.ts'

/** The tree of a macro, or undefined when the call is none. */
export function macro(checker: Checker, called: Called): Tree | undefined {
  const { name, receiver, args, range } = called
  if (receiver === undefined) return name === 'has' && args.length === 1 ? has(checker, args[0]!, range) : undefined
  if (namespaceOf(receiver, checker) === 'cel' && name === 'bind' && args.length === 3) {
    return bind(checker, args as [Syntax, Syntax, Syntax], range)
  }
  if ((name === 'optMap' || name === 'optFlatMap') && args.length === 2) {
    return optionalMap(checker, name, receiver, args as [Syntax, Syntax], range)
  }
  const shape = shapes[`${name}/${args.length}`]
  return shape === undefined ? undefined : fold(checker, shape, called)
}

function has(checker: Checker, operand: Syntax, range: Range): Tree {
  if (operand.op !== '.') {
    return checker.problem('E_CEL_SYNTAX', operand.range, '"has" asks for a part of a map', 'write has(x.name)')
  }
  const path = hasPath(operand, range, checker)
  if (path !== undefined) return path
  const of = checker.check(operand.args[0])
  const inner = of.type.kind === 'optional' ? of.type.of : of.type
  if (!overlap(inner, { kind: 'map', key: DYN, value: DYN })) {
    return checker.problem('E_CEL_TYPE', of.range, `${named(inner)} has no parts`, 'ask for a part of a map', {
      types: { found: [named(inner)], expected: ['a map'] },
    })
  }
  return { kind: 'has', of, key: checker.fieldOf(operand), type: BOOL, range }
}

/** The name that a macro binds. */
function variable(checker: Checker, syntax: Syntax | undefined): string {
  if (syntax?.op === 'id') return syntax.args
  if (syntax !== undefined) {
    checker.problem('E_CEL_SYNTAX', syntax.range, 'a variable belongs here', 'write a name: items.all(item, …)')
  }
  return ''
}

function bind(checker: Checker, [name, value, body]: readonly [Syntax, Syntax, Syntax], range: Range): Tree {
  const bound = checker.check(value)
  const { local, trees } = checker.within([variable(checker, name)], [bound.type], range, () => [checker.check(body)])
  const inside = trees[0]
  if (inside === undefined) return { kind: 'null', type: DYN, range }
  return { kind: 'bind', local, value: bound, body: inside, type: inside.type, range }
}

function optionalMap(
  checker: Checker,
  name: string,
  receiver: Syntax,
  [bound, body]: readonly [Syntax, Syntax],
  range: Range,
): Tree {
  const of = checker.check(receiver)
  if (!overlap(of.type, { kind: 'optional', of: DYN })) {
    const advice = 'make one: x.?y, optional.of(x)'
    return checker.problem('E_CEL_TYPE', of.range, `${named(of.type)} is no optional`, advice, {
      types: { found: [named(of.type)], expected: ['an optional'] },
    })
  }
  const inner = of.type.kind === 'optional' ? of.type.of : DYN
  const { local, trees } = checker.within([variable(checker, bound)], [inner], range, () => [checker.check(body)])
  const inside = trees[0]
  if (inside === undefined) return { kind: 'null', type: DYN, range }
  const flat = name === 'optFlatMap'
  if (flat && !overlap(inside.type, { kind: 'optional', of: DYN })) {
    return checker.problem('E_CEL_TYPE', inside.range, `${named(inside.type)} is no optional`, 'use optMap', {
      types: { found: [named(inside.type)], expected: ['an optional'] },
    })
  }
  const type: Type = flat ? inside.type : { kind: 'optional', of: inside.type }
  return { kind: 'optional-map', local, flat, of, body: inside, type, range }
}

interface Shape {
  readonly fold: CelFold
  readonly variables: 1 | 2
  readonly filtered?: true
  /** The first of the bodies must be a bool. */
  readonly test?: true
}

const test = true
const filtered = true
/** By name and number of arguments. */
const shapes: Readonly<Record<string, Shape>> = {
  'all/2': { fold: CelFold.All, variables: 1, test },
  'exists/2': { fold: CelFold.Exists, variables: 1, test },
  'exists_one/2': { fold: CelFold.ExistsOne, variables: 1, test },
  'existsOne/2': { fold: CelFold.ExistsOne, variables: 1, test },
  'filter/2': { fold: CelFold.Filter, variables: 1, test },
  'map/2': { fold: CelFold.Map, variables: 1 },
  'map/3': { fold: CelFold.MapFiltered, variables: 1, test, filtered },
  'all/3': { fold: CelFold.All, variables: 2, test },
  'exists/3': { fold: CelFold.Exists, variables: 2, test },
  'exists_one/3': { fold: CelFold.ExistsOne, variables: 2, test },
  'existsOne/3': { fold: CelFold.ExistsOne, variables: 2, test },
  'transformList/3': { fold: CelFold.Map, variables: 2 },
  'transformList/4': { fold: CelFold.MapFiltered, variables: 2, test, filtered },
  'transformMap/3': { fold: CelFold.TransformMap, variables: 2 },
  'transformMap/4': { fold: CelFold.TransformMapFiltered, variables: 2, test, filtered },
  'transformMapEntry/3': { fold: CelFold.TransformEntries, variables: 2 },
  'transformMapEntry/4': { fold: CelFold.TransformEntriesFiltered, variables: 2, test, filtered },
}

function fold(checker: Checker, shape: Shape, { name, receiver, args, range }: Called): Tree {
  if (receiver === undefined) throw new RangeError('macros over lists have a receiver')
  const over = checker.check(receiver)
  const isRange =
    overlap(over.type, { kind: 'list', of: DYN }) || overlap(over.type, { kind: 'map', key: DYN, value: DYN })
  if (!isRange) {
    return checker.problem(
      'E_CEL_TYPE',
      over.range,
      `"${name}" does not work on ${named(over.type)}`,
      'use a list or a map',
      { types: { found: [named(over.type)], expected: ['a list', 'a map'] } },
    )
  }
  const names = args.slice(0, shape.variables).map((arg) => variable(checker, arg))
  const key: Type = over.type.kind === 'map' ? over.type.key : over.type.kind === 'list' ? { kind: 'int' } : DYN
  const types = shape.variables === 2 ? [key, valueType(over.type)] : [itemType(over.type)]
  const bodies = args.slice(shape.variables)
  const { local, trees } = checker.within(names, types, range, () =>
    bodies.map((body, i) => (i === 0 && shape.test ? checker.condition(body) : checker.check(body))),
  )
  const { fold: kind, variables } = shape
  const type = typeOf(kind, over.type, trees)
  return { kind: 'fold', fold: kind, name, local, variables, over, bodies: trees, type, range }
}

function typeOf(kind: CelFold, over: Type, bodies: readonly Tree[]): Type {
  const last = bodies.at(-1)?.type ?? DYN
  if (kind <= CelFold.ExistsOne) return BOOL
  if (kind === CelFold.Filter) return { kind: 'list', of: itemType(over) }
  if (kind === CelFold.Map || kind === CelFold.MapFiltered) return { kind: 'list', of: last }
  if (kind >= CelFold.TransformEntries) return { kind: 'map', key: DYN, value: DYN }
  return {
    kind: 'map',
    key: over.kind === 'map' ? over.key : over.kind === 'list' ? { kind: 'int' } : DYN,
    value: last,
  }
}
