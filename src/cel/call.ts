/** Calls of functions and operators: which of their combinations of types can be meant, and what is wrong when none can. */
import { CelCall } from '../../assembly/abi/cel.ts'
import type { Checker } from './check.ts'
import { constantProblem, isOffset, offsetProblem } from './constants.ts'
import { type FunctionSpec, functionNames, functions, type Overload } from './functions.ts'
import type { ProblemCode, Replacement } from './problem.ts'
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
    const types = { found: [named(a.type), named(b.type)], expected: ['values of one type'] }
    const found = `${named(a.type)} is never equal to ${named(b.type)}`
    const fix = converted(checker, a, b) ?? converted(checker, b, a)
    const advice =
      fix === undefined ? (asMember(checker, name, a, b) ?? 'compare values of one type') : `convert it: ${fix.text}`
    return checker.problem('E_CEL_TYPE', range, found, advice, { types, ...(fix && { fix }) })
  }
  if (spec.call === CelCall.In && a && b && !comparable(a.type, itemType(b.type))) {
    const found = `${named(a.type)} is never in ${named(b.type)} of ${named(itemType(b.type)).replace(/^an? /, '')}`
    const types = { found: [named(a.type)], expected: [named(itemType(b.type))] }
    const ofItems = a.type.kind === 'list' && comparable(a.type.of, itemType(b.type))
    const advice = ofItems
      ? `ask for one of its items: ${checker.source(a.range)}.exists(i, i in ${checker.source(b.range)})`
      : 'look for a value of that type'
    return checker.problem('E_CEL_TYPE', range, found, advice, { types })
  }
  if (possible.length === 0) return noOverload(checker, name, spec, trees, range)
  const failing = constantProblem(checker, spec.call, trees)
  if (failing !== undefined) return failing
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
  const expected = [...new Set(spec.overloads.map((one) => `(${one.takes.map((type) => type.kind).join(', ')})`))]
  const double = asDouble(name, trees) ?? asWhole(checker, name, trees)
  const advice = double?.advice ?? onItems(checker, name, trees) ?? adviceFor(name, trees, expected)
  return checker.problem('E_CEL_TYPE', range, found, advice, {
    types: { found: list, expected },
    ...(double?.fix && { fix: double.fix }),
  })
}

/** The commonest slip: numbers of requests are doubles, and arithmetic does not mix types. */
function asDouble(name: string, trees: readonly Tree[]): { advice: string; fix: Replacement } | undefined {
  const attribute = trees.some(({ kind, type }) => type.kind === 'json' || (kind === 'slot' && type.kind === 'double'))
  const whole = trees.find(({ kind }) => kind === 'int' || kind === 'uint')
  if (!attribute || whole === undefined || !('value' in whole)) return undefined
  if (!arithmetic.includes(name) && name !== '-_') return undefined
  if (name === '_%_') return undefined
  const text = `${whole.value}.0`
  return { advice: `numbers of a request are doubles: write ${text}`, fix: { range: whole.range, text } }
}

/** A remainder is one of whole numbers: there the attribute is converted, not the constant. */
function asWhole(
  checker: Checker,
  name: string,
  trees: readonly Tree[],
): { advice: string; fix?: Replacement } | undefined {
  const double = trees.find(({ kind, type }) => type.kind === 'json' || (kind === 'slot' && type.kind === 'double'))
  if (name !== '_%_' || double === undefined) return undefined
  const to = trees.some(({ type }) => type.kind === 'uint') ? 'uint' : 'int'
  const text = `${to}(${checker.source(double.range)})`
  const advice = `numbers of a request are doubles, and "%" is for whole ones: write ${text}`
  // One edit would leave the other side as it is.
  const others = trees.filter((tree) => tree !== double)
  return others.every(({ type }) => type.kind === to) ? { advice, fix: { range: double.range, text } } : { advice }
}

/** A text or number of the request beside a timestamp or duration: it has to be made one. */
function converted(checker: Checker, value: Tree, other: Tree): Replacement | undefined {
  if (value.type.kind !== 'json' || (other.type.kind !== 'timestamp' && other.type.kind !== 'duration'))
    return undefined
  return { range: value.range, text: `${other.type.kind}(${checker.source(value.range)})` }
}

/** A value beside a list of such: it was meant to be one of them. */
function asMember(checker: Checker, name: string, a: Tree, b: Tree): string | undefined {
  const [list, item] = a.type.kind === 'list' ? [a, b] : [b, a]
  if (list.type.kind !== 'list' || item.type.kind === 'list' || !comparable(list.type.of, item.type)) return undefined
  const member = `${checker.source(item.range)} in ${checker.source(list.range)}`
  return `ask whether it is one of the items: ${name === '_!=_' ? `!(${member})` : member}`
}

/** Functions of a text, called on a list of texts. */
const ofTexts: readonly string[] = ['.startsWith', '.endsWith', '.contains']

function onItems(checker: Checker, name: string, [a, b]: readonly Tree[]): string | undefined {
  if (a?.type.kind !== 'list' || b === undefined || !ofTexts.includes(name)) return undefined
  if (name === '.contains') return asMember(checker, name, a, b)
  return `ask it of an item: ${checker.source(a.range)}.exists(i, i${name}(${checker.source(b.range)}))`
}

function adviceFor(name: string, trees: readonly Tree[], expected: readonly string[]): string {
  const numeric = trees.every(({ type }) => ['int', 'uint', 'double'].includes(type.kind))
  if (numeric && arithmetic.includes(name)) return 'convert one of them: int(x), uint(x) or double(x)'
  return `it takes ${expected.slice(0, 4).join(' or ')}${expected.length > 4 ? ' or others' : ''}`
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
  const macro = macroForms[short]
  if (macro !== undefined) {
    const place = nameRange(checker, short, name.startsWith('.') ? args[0] : undefined, range)
    return checker.problem('E_CEL_NAME', place, `"${short}" takes ${macro[0]}`, `write ${macro[1]}`)
  }
  const guess = synonyms[short.toLowerCase()] ?? nearestName(short, [...functionNames, ...Object.keys(macroForms)])
  const advice = guess === undefined ? 'docs/cel.md lists what there is' : `did you mean "${guess}"?`
  const place = nameRange(checker, short, name.startsWith('.') ? args[0] : undefined, range)
  const fix = guess === undefined ? undefined : { range: place, text: guess }
  return checker.problem('E_CEL_NAME', place, `there is no function "${short}"`, advice, fix && { fix })
}

/** Where the name of a call stands: at its start, or behind what it is called on. */
function nameRange(checker: Checker, name: string, receiver: Syntax | undefined, range: Range): Range {
  const from = receiver === undefined ? 0 : Math.max(0, receiver.range.end - range.start)
  const index = checker.source(range).indexOf(name, from)
  return index < 0 ? range : { start: range.start + index, end: range.start + index + name.length }
}

const overItems = (name: string) => ['a name and a condition', `x.${name}(i, …)`] as const
const overEntries = (name: string) => ['two names and a value', `x.${name}(i, v, …)`] as const

/** What macros take, and how they are written. */
const macroForms: Readonly<Record<string, readonly [takes: string, form: string]>> = Object.assign(
  Object.create(null),
  {
    has: ['a part of a map', 'has(x.name)'],
    all: overItems('all'),
    exists: ['a name and a condition', 'x.exists(i, …); has(x.name) asks whether a part is there'],
    exists_one: overItems('exists_one'),
    existsOne: overItems('existsOne'),
    filter: overItems('filter'),
    map: ['a name and a value', 'x.map(i, …)'],
    transformList: overEntries('transformList'),
    transformMap: overEntries('transformMap'),
    transformMapEntry: overEntries('transformMapEntry'),
    optMap: ['a name and a value', 'x.?y.optMap(v, …)'],
    optFlatMap: ['a name and an optional', 'x.?y.optFlatMap(v, …)'],
    matches: ['a text and a pattern', 'x.matches("…")'],
    orValue: ['a value', 'x.?y.orValue(…)'],
  },
)

/** What other languages call them; in lower case. */
const synonyms: Readonly<Record<string, string>> = Object.assign(Object.create(null), {
  len: 'size',
  length: 'size',
  count: 'size',
  any: 'exists',
  some: 'exists',
  every: 'all',
  includes: 'contains',
  tolower: 'lowerAscii',
  tolowercase: 'lowerAscii',
  lower: 'lowerAscii',
  toupper: 'upperAscii',
  touppercase: 'upperAscii',
  upper: 'upperAscii',
})

/** A name that is no variable, type or root. */
export function callNamed(checker: Checker, name: string, known: readonly string[], range: Range): Tree {
  const guess = nearestName(name, known)
  const advice = guess === undefined ? `names are ${known.join(', ')}` : `did you mean "${guess}"?`
  const fix = guess === undefined ? undefined : { range, text: guess }
  return checker.problem('E_CEL_NAME', range, `nothing is called "${name}"`, advice, fix && { fix })
}

function matches(checker: Checker, args: readonly Syntax[], range: Range): Tree {
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

/** What the environment refuses: its errors may say what to write instead, and which word that is for. */
export function refused(checker: Checker, code: ProblemCode, range: Range, found: string, error: Error): Tree {
  const advice: unknown = 'advice' in error ? error.advice : undefined
  if (typeof advice === 'string') return checker.problem(code, range, found, advice)
  if (typeof advice !== 'object' || advice === null) return checker.problem(code, range, found)
  const { advice: text, word, replacement } = advice as Readonly<Record<string, unknown>>
  const place = nameRange(checker, String(word), undefined, range)
  const written = checker.source(place) === word && typeof replacement === 'string'
  const fix = written ? { fix: { range: place, text: replacement } } : undefined
  return checker.problem(code, range, found, String(text), fix)
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
    const types = { found: [found], expected: ['numbers'] }
    return checker.problem('E_CEL_TYPE', range, `"${name}" does not work on ${found}`, 'give it numbers', { types })
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
    const types = { found: [named(wrong.type)], expected: ['an optional'] }
    return checker.problem('E_CEL_TYPE', wrong.range, `${named(wrong.type)} is no optional`, advice, { types })
  }
  const inner = of.type.kind === 'optional' ? of.type.of : DYN
  const type = value ? join(inner, other.type) : join(of.type, other.type)
  return { kind: 'optional-or', value, of, other, type, range }
}
