/** Regular expressions as tables. See README.md. */

/**
 * Regex programs. A header; for each ASCII character its class, a byte each; the runs of code points from 0x80 on, each
 * its first code point and its class << 21; then, by RegexForm, the automaton:
 *
 * - Table: a row of u16 per state, a cell per class and one for the end of the text, padded to words at the end. A cell is
 *   the index of the next state's first cell. The first two states never change again: not found, found.
 * - Nfa, for what would be too large as a table: a byte per class, RegexBeside, padded to words; per state three words:
 *   RegexOp, x, y; then sets of classes, a bit each, in as many words as the classes need.
 */
export const enum RegexForm {
  Table = 0,
  Nfa = 1,
}

/** u32 indexes in a regex program. */
export const enum RegexHeader {
  /** Words of the whole program. */
  Words = 0,
  Form = 1,
  States = 2,
  /** Table: the index of the start state's first cell. Nfa: the number of the start state. */
  Start = 3,
  /** At least one. */
  Classes = 4,
  /** Runs from 0x80 on, at least one; the first starts at 0x80. */
  Runs = 5,
  /** In bytes. */
  Size = 24,
}

export const enum RegexLayout {
  AsciiSize = 128,
  StateSize = 12,
  /** Classes are numbers of 11 bits in a run. */
  RunShift = 21,
}

/** States of an NFA. Set: x is the set's offset in the program in bytes, y the next state. Split: x and y. Assertions: x. */
export const enum RegexOp {
  Match = 0,
  Set = 1,
  Split = 2,
  Start = 3,
  End = 4,
  Word = 5,
  NotWord = 6,
  LineStart = 7,
  LineEnd = 8,
  FoldedWord = 9,
  NotFoldedWord = 10,
}

/** What assertions ask of the character before or after their place, as bits. */
export const enum RegexBeside {
  Word = 1,
  /** A word character when case is ignored. */
  FoldedWord = 2,
  LineBreak = 4,
  /** There is none. */
  Edge = 8,
}
