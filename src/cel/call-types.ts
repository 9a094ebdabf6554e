/** What is wrong with a call when no combination of its types can be meant, and what to write instead. */
import type { Checker } from './check.ts'
import type { FunctionSpec } from './functions.ts'
import type { Replacement } from './problem.ts'
import type { Range, Tree } from './tree.ts'
import { comparable, itemType, named } from './types.ts'

const arithmetic = ['_+_', '_-_', '_*_', '_/_', '_%_']
const symbols = /^_(.+)_$/

export function noOverload(
  checker: Checker,
  name: string,
  spec: FunctionSpec,
  trees: readonly Tree[],
  range: Range,
): Tree {
  const types = trees.map(({ type }) => type)
  const symbol = symbols.exec(name)?.[1]
  const list = types.map(named)
  const called = symbol === undefined || symbol === '[' ? name.replace('.', '') : symbol
  const found = `"${called}" does not work on ${list.join(' and ')}`
  const expected = [...new Set(spec.overloads.map((one) => `(${one.takes.map((type) => type.kind).join(', ')})`))]
  const double = asDouble(name, trees) ?? asWhole(checker, name, trees)
  const advice = double?.advice ?? onItems(checker, name, trees) ?? adviceFor(name, trees, expected)
  return checker.problem('E_CEL_TYPE', range, found, advice, {
    types: { found: list, expected },
    ...(double?.fix && { fix: double.fix }),
  })
}

/** Two values of which nothing can be equal. */
export function neverEqual(checker: Checker, name: string, a: Tree, b: Tree, range: Range): Tree {
  const types = { found: [named(a.type), named(b.type)], expected: ['values of one type'] }
  const found = `${named(a.type)} is never equal to ${named(b.type)}`
  const fix = converted(checker, a, b) ?? converted(checker, b, a)
  const advice =
    fix === undefined ? (asMember(checker, name, a, b) ?? 'compare values of one type') : `convert it: ${fix.text}`
  return checker.problem('E_CEL_TYPE', range, found, advice, { types, ...(fix && { fix }) })
}

/** A value that no item of the list can be. */
export function neverIn(checker: Checker, a: Tree, b: Tree, range: Range): Tree {
  const found = `${named(a.type)} is never in ${named(b.type)} of ${named(itemType(b.type)).replace(/^an? /, '')}`
  const types = { found: [named(a.type)], expected: [named(itemType(b.type))] }
  const ofItems = a.type.kind === 'list' && comparable(a.type.of, itemType(b.type))
  const advice = ofItems
    ? `ask for one of its items: ${operand(checker, a)}.exists(i, i in ${operand(checker, b)})`
    : 'look for a value of that type'
  return checker.problem('E_CEL_TYPE', range, found, advice, { types })
}

/** The commonest slip: numbers of requests are doubles, and arithmetic does not mix types. */
function asDouble(name: string, trees: readonly Tree[]): { advice: string; fix: Replacement } | undefined {
  const attribute = trees.some(({ kind, type }) => type.kind === 'json' || (kind === 'slot' && type.kind === 'double'))
  const whole = trees.find(({ kind }) => kind === 'int' || kind === 'uint')
  if (!attribute || whole === undefined || !('value' in whole)) return undefined
  if (name === '_%_' || (!arithmetic.includes(name) && name !== '-_')) return undefined
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
  const member = `${operand(checker, item)} in ${operand(checker, list)}`
  return `ask whether it is one of the items: ${name === '_!=_' ? `!(${member})` : member}`
}

/** Functions of a text, called on a list of texts. */
const ofTexts: readonly string[] = ['.startsWith', '.endsWith', '.contains']

function onItems(checker: Checker, name: string, [a, b]: readonly Tree[]): string | undefined {
  if (a?.type.kind !== 'list' || b === undefined || !ofTexts.includes(name)) return undefined
  if (name === '.contains') return asMember(checker, name, a, b)
  return `ask it of an item: ${operand(checker, a)}.exists(i, i${name}(${checker.source(b.range)}))`
}

/** The text of a part, to stand before or behind something that binds tighter. */
function operand(checker: Checker, tree: Tree): string {
  const text = checker.source(tree.range)
  const isOperator = tree.kind === 'call' && (/^_[^[]+_$/.test(tree.name) || tree.name === '-_')
  return isOperator || ['conditional', 'and', 'or', 'not'].includes(tree.kind) ? `(${text})` : text
}

function adviceFor(name: string, trees: readonly Tree[], expected: readonly string[]): string {
  const numeric = trees.every(({ type }) => ['int', 'uint', 'double'].includes(type.kind))
  if (numeric && arithmetic.includes(name)) return 'convert one of them: int(x), uint(x) or double(x)'
  return `it takes ${expected.slice(0, 4).join(' or ')}${expected.length > 4 ? ' or others' : ''}`
}
