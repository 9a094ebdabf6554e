/** Expressions as words of an image; assembly/abi/regex.ts defines the form. */
import { RegexForm, RegexHeader, RegexLayout, RegexOp } from '../../../assembly/abi/regex.ts'
import type { Alphabet } from '../../policy/alphabet.ts'
import type { RegexAst } from '../../policy/regex.ts'
import { type Bounds, type Dfa, determinize } from './dfa.ts'
import { minimize } from './minimize.ts'
import { buildNfa, type Nfa } from './nfa.ts'

/** Cells of a table that is put into an image: they are numbered with 16 bits. */
const maxCells = 0xffff

/** What an expression may take to make a table of: some 100 ms. */
const usualBounds: Bounds = { cells: 4 * maxCells, work: 1_100_000 }

export interface RegexProgram {
  readonly form: 'table' | 'nfa'
  readonly states: number
  readonly words: Uint32Array
}

/**
 * A table where it is small enough, the NFA where not.
 *
 * @param bounds when to give up the table; `{ cells: 0, work: 0 }` always does
 */
export function encodeRegex(ast: RegexAst, bounds = usualBounds): RegexProgram {
  const nfa = buildNfa(ast)
  const large = determinize(nfa, bounds)
  const dfa = large && minimize(large)
  if (dfa === undefined || dfa.next.length > maxCells) {
    const words = assemble(nfa, RegexForm.Nfa, nfa.states.length, nfa.start, (offset) => nfaWords(nfa, offset))
    return { form: 'nfa', states: nfa.states.length, words }
  }
  const start = dfa.start * (dfa.symbols + 1)
  return {
    form: 'table',
    states: dfa.states,
    words: assemble(nfa, RegexForm.Table, dfa.states, start, () => cells(dfa)),
  }
}

function assemble(
  { alphabet }: Nfa,
  form: RegexForm,
  states: number,
  start: number,
  automaton: (offset: number) => ArrayLike<number>,
): Uint32Array {
  const { ascii, runs } = encodeAlphabet(alphabet)
  const before = RegexHeader.Size / 4 + ascii.length + runs.length
  const rest = automaton(before * 4)
  const words = new Uint32Array(before + rest.length)
  words.set([words.length, form, states, start, alphabet.size, runs.length])
  words.set(ascii, RegexHeader.Size / 4)
  words.set(runs, RegexHeader.Size / 4 + ascii.length)
  words.set(rest, before)
  return words
}

/** Classes are numbered by their first code point, so that those of ASCII have numbers of a byte. */
function encodeAlphabet({ runs }: Alphabet): { ascii: Uint32Array; runs: number[] } {
  const ascii = new Uint8Array(RegexLayout.AsciiSize)
  const others: number[] = []
  runs.forEach(({ first, symbol }, i) => {
    const end = runs[i + 1]?.first ?? 0x110000
    ascii.fill(symbol, Math.min(first, ascii.length), Math.min(end, ascii.length))
    if (end > ascii.length) others.push(Math.max(first, ascii.length) | (symbol << RegexLayout.RunShift))
  })
  return { ascii: new Uint32Array(ascii.buffer), runs: others.map((run) => run >>> 0) }
}

function cells({ next, symbols }: Dfa): Uint32Array {
  const columns = symbols + 1
  const halves = new Uint16Array((next.length + 1) & ~1)
  next.forEach((state, i) => {
    halves[i] = state * columns
  })
  return new Uint32Array(halves.buffer)
}

function nfaWords({ states, sets, beside }: Nfa, offset: number): number[] {
  const bytes = new Uint8Array((beside.length + 3) & ~3)
  bytes.set(beside)
  const words = [...new Uint32Array(bytes.buffer)]
  const wordsPerSet = (beside.length + 31) >> 5
  const firstSet = offset + (words.length + 3 * states.length) * 4
  for (const { op, x, y } of states) words.push(op, op === RegexOp.Set ? firstSet + x * wordsPerSet * 4 : x, y)
  for (const symbols of sets) {
    const bits = new Uint32Array(wordsPerSet)
    for (const symbol of symbols) bits[symbol >> 5]! |= 1 << (symbol & 31)
    words.push(...bits)
  }
  return words
}
