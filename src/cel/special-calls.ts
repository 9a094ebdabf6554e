/** Calls that types alone do not describe: their arguments are constants that go into the image, or any number of values. */
import { CelCall } from '../../assembly/abi/cel.ts'
import type { Checker } from './check.ts'
import { isOffset, offsetProblem } from './constants.ts'
import type { FunctionSpec } from './functions.ts'
import { refused } from './refused.ts'
import type { Syntax } from './syntax.ts'
import { type Range, shallow, type Tree } from './tree.ts'
import { canHold, DYN, itemType, join, named, overlap, type Type } from './types.ts'

export function matches(checker: Checker, args: readonly Syntax[], range: Range): Tree {
  const [text, pattern] = args
  if (text === undefined || pattern === undefined || args.length > 2) {
    return checker.problem('E_CEL_NAME', range, '"matches" takes a text and a pattern', 'write x.matches("…")')
  }
  const of = shallow(checker.check(text))
  if (!overlap(of.type, { kind: 'string' })) {
    return checker.problem('E_CEL_TYPE', of.range, `${named(of.type)} matches no pattern`, 'match a string', {
      types: { found: [named(of.type)], expected: ['a string'] },
    })
  }
  const tree = checker.check(pattern)
  if (tree.kind !== 'string') {
    const advice = 'write it as a string: it is compiled with the policy'
    return checker.problem('E_CEL_TYPE', tree.range, 'the pattern of "matches" is not constant', advice)
  }
  try {
    const regex = checker.environment.regex(tree.value)
    return { kind: 'matches', of, source: tree.value, regex, type: { kind: 'bool' }, range }
  } catch (error) {
    if (!(error instanceof Error)) throw error
    return refused(checker, 'E_REGEX', tree.range, `bad regular expression: ${error.message}`, error)
  }
}

/** math.greatest(a, b, …), or of one list. */
export function extreme(checker: Checker, name: string, args: readonly Syntax[], range: Range): Tree {
  const trees = args.map((arg) => checker.check(arg))
  const call = name === 'math.greatest' ? CelCall.Greatest : CelCall.Least
  const [only] = trees
  if (only === undefined) return checker.problem('E_CEL_NAME', range, `"${name}" needs an argument`, 'give it numbers')
  const isList = trees.length === 1 && canHold(only.type)
  const numbers: readonly Type[] = [{ kind: 'int' }, { kind: 'uint' }, { kind: 'double' }]
  const items = isList ? [itemType(only.type)] : trees.map(({ type }) => type)
  const wrong = items.find((type) => !numbers.some((number) => overlap(number, type)))
  if (wrong !== undefined || (only.kind === 'list' && isList && only.items.length === 0)) {
    const found = wrong === undefined ? 'an empty list' : named(wrong)
    const types = { found: [found], expected: ['numbers'] }
    return checker.problem('E_CEL_TYPE', range, `"${name}" does not work on ${found}`, 'give it numbers', { types })
  }
  const list: Tree = isList
    ? only
    : { kind: 'list', items: trees, type: { kind: 'list', of: items.reduce(join) }, range }
  const arg: Tree = isList && only.type.kind === 'dyn' ? only : list
  return { kind: 'call', call, name, args: [arg], type: items.reduce(join), range }
}

export function optionalOr(checker: Checker, name: string, args: readonly Syntax[], range: Range): Tree {
  const [of, other] = args.map((arg) => checker.check(arg))
  if (of === undefined || other === undefined) throw new RangeError('two arguments are there')
  const optional: Type = { kind: 'optional', of: DYN }
  const value = name === '.orValue'
  const wrong = !overlap(of.type, optional) ? of : !value && !overlap(other.type, optional) ? other : undefined
  if (wrong !== undefined) {
    const advice = 'make one: x.?y, optional.of(x)'
    const types = { found: [named(wrong.type)], expected: ['an optional'] }
    return checker.problem('E_CEL_TYPE', wrong.range, `${named(wrong.type)} is no optional`, advice, { types })
  }
  const inner = of.type.kind === 'optional' ? of.type.of : DYN
  const type = value ? join(inner, other.type) : join(of.type, other.type)
  return { kind: 'optional-or', value, of, other, type, range }
}

/** `now.getHours("Europe/Berlin")`: the zone's table goes into the image. Offsets are read when deciding. */
export function zonePart(
  checker: Checker,
  { call }: FunctionSpec,
  trees: readonly Tree[],
  range: Range,
): Tree | undefined {
  const [of, zone] = trees
  if (call < CelCall.GetPartIn || call >= CelCall.BitAnd || of === undefined || zone?.kind !== 'string')
    return undefined
  if (isOffset(zone.value, checker)) return undefined
  const wrong = offsetProblem(checker, zone)
  if (wrong !== undefined) return wrong
  try {
    const name = checker.environment.zone(zone.value)
    const part = call - CelCall.GetPartIn
    return { kind: 'zone-part', of, part, zone: name, type: { kind: 'int' }, range }
  } catch (error) {
    if (!(error instanceof Error)) throw error
    return refused(checker, 'E_ZONE', zone.range, error.message, error)
  }
}
