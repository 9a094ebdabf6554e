/** Names that mean nothing: what was meant by them. */
import type { Checker } from './check.ts'
import { functionNames, functions } from './functions.ts'
import { nearestName } from './suggest.ts'
import type { Syntax } from './syntax.ts'
import type { Range, Tree } from './tree.ts'

export function unknownFunction(checker: Checker, name: string, args: readonly Syntax[], range: Range): Tree {
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

/** A name that is no variable, type or root. `isHolder`: a part of what it means is read, as of a map. */
export function unknownName(
  checker: Checker,
  name: string,
  { variables, isHolder }: { readonly variables: readonly string[]; readonly isHolder: boolean },
  range: Range,
): Tree {
  const { roots, meant } = checker.environment
  // By themselves, all roots but this one are maps: no value.
  const values = isHolder ? roots : roots.filter((root) => root === 'now')
  const guess = nearestName(name, [...variables, ...values])
  const others = isHolder || meant === undefined ? `names are ${[...variables, ...roots].join(', ')}` : meant(name)
  const advice = guess === undefined ? others : `did you mean "${guess}"?`
  const fix = guess === undefined ? undefined : { range, text: guess }
  return checker.problem('E_CEL_NAME', range, `nothing is called "${name}"`, advice, fix && { fix })
}

/** Where the name of a call stands: at its start, or behind what it is called on. */
export function nameRange(checker: Checker, name: string, receiver: Syntax | undefined, range: Range): Range {
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
