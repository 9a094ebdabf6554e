/** The escapes of RE2, outside of classes and in them. */
import { Refusal } from './refusal.ts'

export interface Escape {
  /** What stands for it in JavaScript's syntax. */
  readonly text: string
  /** How much of the source it is. */
  readonly length: number
  /** Whether `(?i)` changes it: literal characters, words and properties. */
  readonly folds: boolean
  /** What it is all but, as a member of a class: with `(?i)` that is folded first, and then negated. */
  readonly but?: string | undefined
}

/** A character, as one in any place of an expression. */
export function escaped(codePoint: number): string {
  const text = String.fromCodePoint(codePoint)
  return /[0-9A-Za-z]/.test(text) ? text : `\\u{${codePoint.toString(16)}}`
}

/** The inside of a class: RE2's white space, without the vertical tab. */
export const SPACE = '\\t\\n\\f\\r '
export const NO_SPACE = '\\0-\\x08\\x0b\\x0e-\\x1f!-\\u{10ffff}'

export function escapeOutside(source: string): Escape {
  const letter = source[1]
  switch (letter) {
    case 'A':
      return { text: '(?:^)', length: 2, folds: false }
    case 'z':
      return { text: '(?:$)', length: 2, folds: false }
    case 'b':
    case 'B':
      return { text: `(?:\\${letter})`, length: 2, folds: false }
    case 'd':
    case 'D':
      return { text: `\\${letter}`, length: 2, folds: false }
    case 'w':
    case 'W':
      return { text: `\\${letter}`, length: 2, folds: true }
    case 's':
      return { text: `[${SPACE}]`, length: 2, folds: false }
    case 'S':
      return { text: `[^${SPACE}]`, length: 2, folds: false }
    case 'C':
      throw new Refusal('\\C, a single byte, is not supported')
  }
  const property = unicodeProperty(source)
  if (property !== undefined) return { ...property, folds: true }
  const { codePoint, length } = escapedCharacter(source)
  return { text: escaped(codePoint), length, folds: true }
}

/** `\pL`, `\p{Greek}`, `\PL`, `\p{^Lu}`: a general category, or a script. */
export function unicodeProperty(source: string): Omit<Escape, 'folds'> | undefined {
  const found = /^\\([pP])(?:([A-Z])|\{(\^?)([A-Za-z_]+)\})/.exec(source)
  if (found === null) return undefined
  const [whole, sign, letter, caret, name = letter!] = found
  const negative = (sign === 'P') !== (caret === '^')
  if (name === 'Any') return { text: negative ? '[]' : '[^]', length: whole.length }
  const known = /^(?:C[cfos]?|L[lmotu]?|M[cen]?|N[dlo]?|P[cdefios]?|S[ckmo]?|Z[lps]?)$/.test(name)
  const set = `{${known ? name : `Script=${name}`}}`
  return { text: `\\${negative ? 'P' : 'p'}${set}`, length: whole.length, but: negative ? `\\p${set}` : undefined }
}

const CONTROLS: Readonly<Record<string, number>> = { a: 7, f: 12, t: 9, n: 10, r: 13, v: 11 }

/** An escape that stands for one character. */
export function escapedCharacter(source: string): { readonly codePoint: number; readonly length: number } {
  const hex = /^\\x(?:([0-9A-Fa-f]{2})|\{([0-9A-Fa-f]{1,8})\})/.exec(source)
  if (hex !== null) {
    const codePoint = Number.parseInt(hex[1] ?? hex[2]!, 16)
    if (codePoint > 0x10ffff) throw new Refusal(`${hex[0]} is no character`)
    return { codePoint, length: hex[0].length }
  }
  // \1 to \7 alone would be back-references.
  const octal = /^\\(0[0-7]{0,2}|[1-7][0-7]{1,2})/.exec(source)
  if (octal !== null) return { codePoint: Number.parseInt(octal[1]!, 8), length: octal[0].length }
  const [character] = source.slice(1)
  if (character === undefined) throw new Refusal('the "\\" at the end stands before nothing', 'write \\\\')
  const control = CONTROLS[character]
  if (control !== undefined) return { codePoint: control, length: 2 }
  if (/[1-9]/.test(character)) throw new Refusal(`back-references such as \\${character} are not supported`)
  if (!/[!-/:-@[-`{-~]/.test(character)) throw new Refusal(`\\${character} is no escape of RE2`)
  return { codePoint: character.codePointAt(0)!, length: 1 + character.length }
}
