/** Calls of functions and operators: which of their combinations of types can be meant. */
import { CelCall } from '../../assembly/abi/cel.ts'
import { unknownFunction } from './call-names.ts'
import { neverEqual, neverIn, noOverload } from './call-types.ts'
import type { Checker } from './check.ts'
import { constantProblem } from './constants.ts'
import { type FunctionSpec, functions, type Overload } from './functions.ts'
import { extreme, matches, optionalOr, zonePart } from './special-calls.ts'
import type { Syntax } from './syntax.ts'
import { type Range, shallow, type Tree } from './tree.ts'
import { canHold, comparable, DYN, itemType, join, overlap, type Type, valueType } from './types.ts'

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
  const [a, b] = trees
  const equality = spec.call === CelCall.Equal || spec.call === CelCall.NotEqual
  if (equality && a && b && !comparable(a.type, b.type)) return neverEqual(checker, name, a, b, range)
  if (spec.call === CelCall.In && a && b && !comparable(a.type, itemType(b.type))) return neverIn(checker, a, b, range)
  const possible = spec.overloads.filter(({ takes }) => takes.every((type, i) => overlap(type, trees[i]?.type ?? DYN)))
  if (possible.length === 0) return noOverload(checker, name, spec, trees, range)
  const failing = constantProblem(checker, spec.call, trees)
  if (failing !== undefined) return failing
  const zoned = zonePart(checker, spec, trees, range)
  if (zoned !== undefined) return zoned
  const args = trees.map((tree, i) => (looksInside(spec.call, possible, trees, i) ? tree : shallow(tree)))
  return { kind: 'call', call: spec.call, name, args, type: resultType(spec.call, possible, trees), range }
}

/** Whether what is in a list or map matters to the call. */
function looksInside(call: CelCall, possible: readonly Overload[], trees: readonly Tree[], i: number): boolean {
  if (call === CelCall.Equal || call === CelCall.NotEqual) return canHold(trees[1 - i]?.type ?? DYN)
  // What a macro makes has its size without what is in it; an attribute has not.
  if (call === CelCall.Size && trees[i]?.kind === 'fold') return false
  return possible.some(({ takes }) => canHold(takes[i] ?? DYN))
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
