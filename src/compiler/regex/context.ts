import { RegexBeside, RegexOp } from '../../../assembly/abi/regex.ts'

/**
 * Whether an assertion holds between two characters, each told as RegexBeside; Edge stands for the text's start or end.
 * assembly/regex/nfa.ts says the same.
 */
export function holds(op: RegexOp, before: number, after: number): boolean {
  switch (op) {
    case RegexOp.Start:
      return (before & RegexBeside.Edge) !== 0
    case RegexOp.End:
      return (after & RegexBeside.Edge) !== 0
    case RegexOp.LineStart:
      return (before & (RegexBeside.Edge | RegexBeside.LineBreak)) !== 0
    case RegexOp.LineEnd:
      return (after & (RegexBeside.Edge | RegexBeside.LineBreak)) !== 0
    case RegexOp.Word:
      return ((before ^ after) & RegexBeside.Word) !== 0
    case RegexOp.NotWord:
      return ((before ^ after) & RegexBeside.Word) === 0
    case RegexOp.FoldedWord:
      return ((before ^ after) & RegexBeside.FoldedWord) !== 0
    case RegexOp.NotFoldedWord:
      return ((before ^ after) & RegexBeside.FoldedWord) === 0
    default:
      throw new RangeError(`${op} is no assertion`)
  }
}

/** What of the character before a place the assertion asks for. */
export function asksBefore(op: RegexOp): number {
  switch (op) {
    case RegexOp.Start:
      return RegexBeside.Edge
    case RegexOp.LineStart:
      return RegexBeside.Edge | RegexBeside.LineBreak
    case RegexOp.Word:
    case RegexOp.NotWord:
      return RegexBeside.Word
    case RegexOp.FoldedWord:
    case RegexOp.NotFoldedWord:
      return RegexBeside.FoldedWord
    default:
      return 0
  }
}

/** Whether the answer is known before the next character is. */
export function looksBack(op: RegexOp): boolean {
  return op === RegexOp.Start || op === RegexOp.LineStart
}
