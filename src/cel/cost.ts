/**
 * What an expression can cost at most, in steps: parts evaluated, items compared, eight bytes of text looked at. Where the
 * request sets the amount, the cost is a sum of products of sizes: `12 + 5 × |context.items|`.
 */
import { CelCall } from '../../assembly/abi/cel.ts'
import { partsOf, type Tree } from './tree.ts'
import type { Type } from './types.ts'

/** Products of sizes, `×` between them, the empty one first → how often. */
export type Cost = ReadonlyMap<string, number>

const SIGN = ' × '

export function constant(steps: number): Cost {
  return new Map([['', steps]])
}

/** The size of an attribute: items, entries, or eights of bytes. */
export function sizeNamed(name: string): Cost {
  return new Map([[`|${name}|`, 1]])
}

export function add(...costs: readonly Cost[]): Cost {
  const sum = new Map<string, number>()
  for (const cost of costs) for (const [key, factor] of cost) sum.set(key, (sum.get(key) ?? 0) + factor)
  return sum
}

export function multiply(a: Cost, b: Cost): Cost {
  const product = new Map<string, number>()
  for (const [x, m] of a) {
    for (const [y, n] of b) {
      const key = [...names(x), ...names(y)].sort().join(SIGN)
      product.set(key, (product.get(key) ?? 0) + m * n)
    }
  }
  return product
}

function names(product: string): string[] {
  return product === '' ? [] : product.split(SIGN)
}

/** @example formatCost(costOf(tree)) // '3 + 4 × |context.items|' */
export function formatCost(cost: Cost): string {
  const terms = [...cost].filter(([, factor]) => factor > 0)
  terms.sort(([a], [b]) => names(a).length - names(b).length || (a < b ? -1 : 1))
  if (terms.length === 0) return '0'
  return terms
    .map(([key, factor]) => [...(factor === 1 && key !== '' ? [] : [`${factor}`]), ...names(key)].join(SIGN))
    .join(' + ')
}

/** Steps that a regular expression takes for eight bytes of text at most. */
export type RegexSteps = (source: string, regex: unknown) => number

/** Steps of a checked expression in the worst case. */
export function costOf(tree: Tree, regexSteps: RegexSteps): Cost {
  return new Estimate(regexSteps).cost(tree)
}

/** The macros around a tree, and what their variables stand for. */
class Estimate {
  readonly #sizes = new Map<number, Cost>()
  readonly #regexSteps: RegexSteps

  constructor(regexSteps: RegexSteps) {
    this.#regexSteps = regexSteps
  }

  cost(tree: Tree): Cost {
    switch (tree.kind) {
      case 'fold': {
        const { over, bodies, local, variables } = tree
        this.#sizes.set(local + variables - 1, this.#itemSize(over))
        const round = add(constant(1), ...bodies.map((body) => this.cost(body)))
        return add(constant(1), this.cost(over), multiply(this.size(over), round))
      }
      case 'parameters': {
        for (const [i, { name }] of tree.parameters.entries()) this.#sizes.set(i, sizeNamed(name))
        return add(constant(1), ...tree.parameters.map(({ name }) => sizeNamed(name)), this.cost(tree.body))
      }
      case 'bind': {
        this.#sizes.set(tree.local, this.size(tree.value))
        return add(constant(1), this.cost(tree.value), this.cost(tree.body))
      }
      case 'call':
        return add(constant(1), ...tree.args.map((arg) => this.cost(arg)), this.#work(tree))
      case 'matches':
        return add(
          constant(1),
          this.cost(tree.of),
          multiply(constant(this.#regexSteps(tree.source, tree.regex)), this.size(tree.of)),
        )
      default:
        return add(constant(1), ...partsOf(tree).map((part) => this.cost(part)))
    }
  }

  /** What a function does besides evaluating its arguments. */
  #work({ call, args, type }: Extract<Tree, { kind: 'call' }>): Cost {
    if (call >= CelCall.Add && call <= CelCall.Modulo && isNumeric(type)) return constant(0)
    const sizes = args.map((arg) => (isNumeric(arg.type) ? constant(0) : this.size(arg)))
    const [a = constant(0), b = constant(0)] = sizes
    if (call === CelCall.Contains || call === CelCall.IndexOf || call === CelCall.Replace || call === CelCall.Split) {
      return multiply(a, add(b, constant(1)))
    }
    if (call === CelCall.SetContains || call === CelCall.SetEquivalent || call === CelCall.SetIntersects) {
      return multiply(a, b)
    }
    // As much as the smaller of the two, where one is known.
    if (call >= CelCall.Equal && call <= CelCall.GreaterOrEqual) return isConstant(a) ? a : b
    if (call === CelCall.In) return b
    return add(...sizes)
  }

  /** How much a value is at most: items, entries, eights of bytes; 0 for numbers and the like. */
  size(tree: Tree): Cost {
    switch (tree.kind) {
      case 'slot':
      case 'optional-slot':
        return sizeNamed(tree.path.text)
      case 'local':
        return this.#sizes.get(tree.index) ?? constant(0)
      case 'string':
        return constant(Math.ceil(new TextEncoder().encode(tree.value).length / 8))
      case 'bytes':
        return constant(Math.ceil(tree.value.length / 8))
      case 'list':
        return constant(tree.items.length)
      case 'map':
        return constant(tree.entries.length)
      case 'fold':
        return tree.type.kind === 'bool' ? constant(0) : this.size(tree.over)
      case 'call':
        return ['bool', 'int', 'uint', 'double'].includes(tree.type.kind)
          ? constant(0)
          : add(...tree.args.map((arg) => this.size(arg)))
      case 'select':
      case 'optional-select':
        return this.#itemSize(tree.of)
      default:
        return add(...partsOf(tree).map((part) => this.size(part)))
    }
  }

  /** Of an item: no more than all of it. */
  #itemSize(tree: Tree): Cost {
    if (tree.kind === 'slot') return sizeNamed(`${tree.path.text}[]`)
    if (tree.kind === 'list') return add(...tree.items.map((item) => this.size(item)))
    return this.size(tree)
  }
}

function isNumeric({ kind }: Type): boolean {
  return ['int', 'uint', 'double', 'timestamp', 'duration'].includes(kind)
}

function isConstant(cost: Cost): boolean {
  return [...cost.keys()].every((key) => key === '')
}
