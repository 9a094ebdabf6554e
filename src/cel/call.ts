/** Calls of functions and operators: which of their combinations of types can be meant, and what is wrong when none can. */
import { CelCall } from '../../assembly/cel-abi.ts'
import type { Checker } from './check.ts'
import { type FunctionSpec, functionNames, functions, type Overload } from './functions.ts'
import { nearestName } from './suggest.ts'
import type { Syntax } from './syntax.ts'
import type { Range, Tree } from './tree.ts'
import { canHold, comparable, DYN, itemType, join, named, overlap, type Type, valueType } from './types.ts'

/** A call as written. */
export interface Called {
  readonly name: string
  readonly receiver: Syntax | undefined
  readonly args: readonly Syntax[]
  readonly range: Range
}

/** The tree of a call by the name that functions.ts knows; members come with their dot, and their receiver first. */
export function callFunction(checker: Checker, name: string, args: readonly Syntax[], range: Range): Tree {
  if (name === '.matches' || name === 'matches') return matches(checker, args, range)
  if (name === 'dyn' && args[0] !== undefined && args.length === 1) return { ...checker.check(args[0]), type: DYN }
  if (name === 'math.greatest' || name === 'math.least') return extreme(checker, name, args, range)
  if (name === 'optional.none' && args.length === 0) {
    return { kind: 'optional-none', type: { kind: 'optional', of: DYN }, range }
  }
  if ((name === '.or' || name === '.orValue') && args.length === 2) return optionalOr(checker, name, args, range)
  const spec = functions.get(`${name}/${args.length}`)
  if (spec === undefined) return unknownFunction(checker, name, args, range)
  const trees = args.map((arg) => checker.check(arg))
  return resolved(checker, spec, name, trees, range)
}

function resolved(checker: Checker, spec: FunctionSpec, name: string, trees: readonly Tree[], range: Range): Tree {
  const possible = spec.overloads.filter(({ takes }) => takes.every((type, i) => overlap(type, trees[i]?.type ?? DYN)))
  const equality = spec.call === CelCall.Equal || spec.call === CelCall.NotEqual
  const [a, b] = trees
  if (equality && a && b && !comparable(a.type, b.type)) {
    return checker.problem(
      'E_CEL_TYPE',
      range,
      `${named(a.type)} is never equal to ${named(b.type)}`,
      'compare values of one type',
    )
  }
  if (spec.call === CelCall.In && a && b && !comparable(a.type, itemType(b.type))) {
    const found = `${named(a.type)} is never in ${named(b.type)} of ${named(itemType(b.type)).replace(/^an? /, '')}`
    return checker.problem('E_CEL_TYPE', range, found, 'look for a value of that type')
  }
  if (possible.length === 0) return noOverload(checker, name, spec, trees, range)
  const zoned = zonePart(checker, spec, trees, range)
  if (zoned !== undefined) return zoned
  const args = trees.map((tree, i) => (looksInside(spec.call, possible, trees, i) ? tree : shallow(tree)))
  return { kind: 'call', call: spec.call, name, args, type: resultType(spec.call, possible, trees), range }
}

/** `now.getHours("Europe/Berlin")`: the zone's table goes into the image. Offsets are read when deciding. */
function zonePart(checker: Checker, { call }: FunctionSpec, trees: readonly Tree[], range: Range): Tree | undefined {
  const [of, zone] = trees
  if (call < CelCall.GetPartIn || call >= CelCall.BitAnd || of === undefined || zone?.kind !== 'string')
    return undefined
  if (/^(?:UTC|[+-]?\d\d:\d\d)$/.test(zone.value)) return undefined
  try {
    const name = checker.environment.zone(zone.value)
    const part = call - CelCall.GetPartIn
    return { kind: 'zone-part', of, part, zone: name, type: { kind: 'int' }, range }
  } catch (error) {
    if (!(error instanceof Error)) throw error
    return checker.problem('E_ZONE', zone.range, error.message, adviceOf(error))
  }
}

/** Whether what is in a list or map matters to the call. */
function looksInside(call: CelCall, possible: readonly Overload[], trees: readonly Tree[], i: number): boolean {
  if (call === CelCall.Equal || call === CelCall.NotEqual) return canHold(trees[1 - i]?.type ?? DYN)
  // What a macro makes has its size without what is in it; an attribute has not.
  if (call === CelCall.Size && trees[i]?.kind === 'fold') return false
  return possible.some(({ takes }) => canHold(takes[i] ?? DYN))
}

/** Where only the type of a list or map matters, the host need not write what is in it. */
export function shallow(tree: Tree): Tree {
  return { ...tree, shallow: true }
}

function resultType(call: CelCall, possible: readonly Overload[], [a, b]: readonly Tree[]): Type {
  const first = a?.type ?? DYN
  const inner = first.kind === 'optional' ? first.of : first
  if (call === CelCall.Index || call === CelCall.OptionalIndex) {
    const found = valueType(inner)
    return first.kind === 'optional' || call === CelCall.OptionalIndex ? { kind: 'optional', of: found } : found
  }
  if (call === CelCall.Add && first.kind === 'list' && b?.type.kind === 'list') return join(first, b.type)
  if (call === CelCall.OptionalOf || call === CelCall.OptionalOfNonZero) return { kind: 'optional', of: first }
  if (call === CelCall.Value) return first.kind === 'optional' ? first.of : DYN
  return possible.map(({ gives }) => gives).reduce(join)
}

const arithmetic = ['_+_', '_-_', '_*_', '_/_', '_%_']
const symbols = /^_(.+)_$/

function noOverload(checker: Checker, name: string, spec: FunctionSpec, trees: readonly Tree[], range: Range): Tree {
  const types = trees.map(({ type }) => type)
  const symbol = symbols.exec(name)?.[1]
  const list = types.map(named)
  const found =
    symbol === undefined || symbol === '['
      ? `"${name.replace('.', '')}" does not work on ${list.join(' and ')}`
      : `"${symbol}" does not work on ${list.join(' and ')}`
  return checker.problem('E_CEL_TYPE', range, found, adviceFor(name, spec, trees))
}

function adviceFor(name: string, spec: FunctionSpec, trees: readonly Tree[]): string {
  const attribute = trees.some(({ type }) => type.kind === 'json')
  const whole = trees.find(({ kind }) => kind === 'int' || kind === 'uint')
  // The commonest slip: numbers of requests are doubles, and arithmetic does not mix types.
  if (attribute && whole !== undefined && 'value' in whole && (arithmetic.includes(name) || name === '-_')) {
    return `numbers of a request are doubles: write ${whole.value}.0`
  }
  const numeric = trees.every(({ type }) => ['int', 'uint', 'double'].includes(type.kind))
  if (numeric && arithmetic.includes(name)) return 'convert one of them: int(x), uint(x) or double(x)'
  const takes = [...new Set(spec.overloads.map((one) => one.takes.map((type) => type.kind).join(', ')))]
  return `it takes (${takes.slice(0, 4).join(') or (')}${takes.length > 4 ? ', …' : ''})`
}

function unknownFunction(checker: Checker, name: string, args: readonly Syntax[], range: Range): Tree {
  const short = name.replace(/^\./, '')
  const others = [...functions.keys()].filter((key) => key.replace(/^\./, '').replace(/\/\d$/, '') === short)
  if (others.length > 0) {
    const member = name.startsWith('.')
    const counts = [...new Set(others.map((key) => Number(key.slice(-1)) - (key.startsWith('.') ? 1 : 0)))]
    const asMember = others.every((key) => key.startsWith('.'))
    if (!member && asMember) {
      return checker.problem('E_CEL_NAME', range, `"${short}" is called on a value`, `write x.${short}(…)`)
    }
    const given = args.length - (member ? 1 : 0)
    const found = `"${short}" does not take ${given} argument${given === 1 ? '' : 's'}`
    return checker.problem('E_CEL_NAME', range, found, `give it ${counts.join(' or ')}`)
  }
  const guess = nearestName(short, [...functionNames, ...macroNames])
  const advice = guess === undefined ? 'docs/cel.md lists what there is' : `did you mean "${guess}"?`
  return checker.problem('E_CEL_NAME', range, `there is no function "${short}"`, advice)
}

const macroNames = ['has', 'all', 'exists', 'exists_one', 'existsOne', 'map', 'filter', 'matches', 'orValue', 'optMap']

/** A name that is no variable, type or root. */
export function callNamed(checker: Checker, name: string, known: readonly string[], range: Range): Tree {
  const guess = nearestName(name, known)
  const advice = guess === undefined ? `names are ${known.join(', ')}` : `did you mean "${guess}"?`
  return checker.problem('E_CEL_NAME', range, `nothing is called "${name}"`, advice)
}

function matches(checker: Checker, args: readonly Syntax[], range: Range): Tree {
  const [text, pattern] = args
  if (text === undefined || pattern === undefined || args.length > 2) {
    return checker.problem('E_CEL_NAME', range, '"matches" takes a text and a pattern', 'write x.matches("…")')
  }
  const of = shallow(checker.check(text))
  if (!overlap(of.type, { kind: 'string' })) {
    return checker.problem('E_CEL_TYPE', of.range, `${named(of.type)} matches no pattern`, 'match a string')
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
    return checker.problem('E_REGEX', tree.range, `bad regular expression: ${error.message}`, adviceOf(error))
  }
}

export function adviceOf(error: Error): string | undefined {
  return 'advice' in error && typeof error.advice === 'string' ? error.advice : undefined
}

/** math.greatest(a, b, …), or of one list. */
function extreme(checker: Checker, name: string, args: readonly Syntax[], range: Range): Tree {
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
    return checker.problem('E_CEL_TYPE', range, `"${name}" does not work on ${found}`, 'give it numbers')
  }
  const list: Tree = isList
    ? only
    : { kind: 'list', items: trees, type: { kind: 'list', of: items.reduce(join) }, range }
  const arg: Tree = isList && only.type.kind === 'dyn' ? only : list
  return { kind: 'call', call, name, args: [arg], type: items.reduce(join), range }
}

function optionalOr(checker: Checker, name: string, args: readonly Syntax[], range: Range): Tree {
  const [of, other] = args.map((arg) => checker.check(arg))
  if (of === undefined || other === undefined) throw new RangeError('two arguments are there')
  const optional: Type = { kind: 'optional', of: DYN }
  const value = name === '.orValue'
  const wrong = !overlap(of.type, optional) ? of : !value && !overlap(other.type, optional) ? other : undefined
  if (wrong !== undefined) {
    const advice = 'make one: x.?y, optional.of(x)'
    return checker.problem('E_CEL_TYPE', wrong.range, `${named(wrong.type)} is no optional`, advice)
  }
  const inner = of.type.kind === 'optional' ? of.type.of : DYN
  const type = value ? join(inner, other.type) : join(of.type, other.type)
  return { kind: 'optional-or', value, of, other, type, range }
}
