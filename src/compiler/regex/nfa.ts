/** An expression as a nondeterministic automaton over the classes of an alphabet. */
import { RegexOp } from '../../../assembly/abi/regex.ts'
import { type Alphabet, divide } from '../../policy/alphabet.ts'
import { foldedWordCharacters } from '../../policy/case-folding.ts'
import { type CharSet, lineTerminators, union, wordCharacters } from '../../policy/charset.ts'
import type { RegexAssertion, RegexAst } from '../../policy/regex.ts'

/** x and y are next states, as assembly/abi/regex.ts says for each operation; x of a Set is an index into `sets`. */
export interface State {
  readonly op: RegexOp
  x: number
  y: number
}

export interface Nfa {
  readonly states: readonly State[]
  readonly start: number
  readonly alphabet: Alphabet
  /** The classes that each set holds. */
  readonly sets: readonly (readonly number[])[]
  /** For each class, what assertions ask of a character beside them: RegexBeside. */
  readonly beside: readonly number[]
}

const ASSERTIONS: Readonly<Record<RegexAssertion, RegexOp>> = {
  start: RegexOp.Start,
  end: RegexOp.End,
  'line-start': RegexOp.LineStart,
  'line-end': RegexOp.LineEnd,
  // An expression has these or those, and what ends a line is told by its classes.
  'newline-start': RegexOp.LineStart,
  'newline-end': RegexOp.LineEnd,
  'word-boundary': RegexOp.Word,
  'non-word-boundary': RegexOp.NotWord,
  'folded-word-boundary': RegexOp.FoldedWord,
  'folded-non-word-boundary': RegexOp.NotFoldedWord,
}

/** What is in RegexBeside, in the order of its bits: the characters that an assertion asks for. */
const BESIDE: readonly Partial<Record<RegexAssertion, CharSet>>[] = [
  { 'word-boundary': wordCharacters, 'non-word-boundary': wordCharacters },
  { 'folded-word-boundary': foldedWordCharacters, 'folded-non-word-boundary': foldedWordCharacters },
  {
    'line-start': lineTerminators,
    'line-end': lineTerminators,
    'newline-start': [[0x0a, 0x0a]],
    'newline-end': [[0x0a, 0x0a]],
  },
]

/**
 * Thompson's construction, built from the end: `add` returns the state that matches the tree and then goes on at `next`.
 * A counted repeat is written out; the parser has bounded its size.
 */
export function buildNfa(ast: RegexAst): Nfa {
  const states: State[] = []
  const sets = new Map<string, { readonly index: number; readonly ranges: CharSet }>()
  const assertions = new Set<RegexAssertion>()
  const push = (op: RegexOp, x: number, y: number): number => states.push({ op, x, y }) - 1

  const setOf = (ranges: CharSet): number => {
    const key = ranges.join(';')
    const known = sets.get(key)
    if (known !== undefined) return known.index
    sets.set(key, { index: sets.size, ranges })
    return sets.size - 1
  }
  const add = (tree: RegexAst, next: number): number => {
    switch (tree.kind) {
      case 'empty':
        return next
      case 'class':
        return push(RegexOp.Set, setOf(tree.ranges), next)
      case 'assertion':
        assertions.add(tree.assertion)
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
  const ranges = [...sets.values()].map((set) => set.ranges)
  return { states, start, ...overClasses(ranges, assertions) }
}

function overClasses(
  sets: readonly CharSet[],
  assertions: ReadonlySet<RegexAssertion>,
): Pick<Nfa, 'alphabet' | 'sets' | 'beside'> {
  const asked = BESIDE.map((sets) => union([...assertions].map((assertion) => sets[assertion] ?? [])))
  const alphabet = divide([...sets, ...asked])
  const beside = Array.from({ length: alphabet.size }, () => 0)
  asked.forEach((_, bit) => {
    for (const symbol of alphabet.members[sets.length + bit]!) beside[symbol]! |= 1 << bit
  })
  return { alphabet, sets: alphabet.members.slice(0, sets.length), beside }
}
