import { RegexOp } from '../../assembly/abi.ts'
import type { RegexAssertion, RegexAst } from '../policy/regex.ts'

/** A state of the NFA; x and y are next states, as assembly/abi.ts says for each operation. */
export interface State {
  readonly op: RegexOp
  x: number
  y: number
  readonly ranges: readonly (readonly [number, number])[]
}

const ASSERTIONS: Readonly<Record<RegexAssertion, RegexOp>> = {
  start: RegexOp.Start,
  end: RegexOp.End,
  'word-boundary': RegexOp.Word,
  'non-word-boundary': RegexOp.NotWord,
}

/**
 * Thompson's construction, built from the end: `add` returns the state that matches the tree and then goes on at `next`.
 * A counted repeat is written out; the parser has bounded its size.
 */
export function buildAutomaton(ast: RegexAst): { states: readonly State[]; start: number } {
  const states: State[] = []
  const push = (op: RegexOp, x: number, y: number, ranges: State['ranges'] = []): number =>
    states.push({ op, x, y, ranges }) - 1

  const add = (tree: RegexAst, next: number): number => {
    switch (tree.kind) {
      case 'empty':
        return next
      case 'class':
        return push(RegexOp.Set, 0, next, tree.ranges)
      case 'assertion':
        return push(ASSERTIONS[tree.assertion], next, 0)
      case 'concat':
        return tree.of.reduceRight((after, part) => add(part, after), next)
      case 'alternation':
        return tree.of.map((part) => add(part, next)).reduceRight((rest, first) => push(RegexOp.Split, first, rest))
      case 'repeat':
        return repeat(tree.of, tree.min, tree.max, next)
    }
  }

  const repeat = (tree: RegexAst, min: number, max: number | null, next: number): number => {
    let at = next
    if (max === null) {
      at = push(RegexOp.Split, 0, next)
      states[at]!.x = add(tree, at)
    } else {
      for (let i = min; i < max; i++) at = push(RegexOp.Split, add(tree, at), next)
    }
    for (let i = 0; i < min; i++) at = add(tree, at)
    return at
  }

  const start = add(ast, push(RegexOp.Match, 0, 0))
  return { states, start }
}
