/** Classes of RE2: `[a-z\d[:alpha:]]`. */
import { type CharSet, complement, union } from './charset.ts'
import { escaped, escapedCharacter, NO_SPACE, SPACE, unicodeProperty } from './re2-escape.ts'
import { Refusal } from './refusal.ts'
import { parseRegex } from './regex.ts'

/** What stands at one place of a class. */
export interface ClassItem {
  readonly text: string
  /** How much of the source it is. */
  readonly length: number
  /** See Escape. */
  readonly but?: string | undefined
}

/** The POSIX classes, which are of ASCII, as members of a class. */
const POSIX: Readonly<Record<string, readonly [members: string, others: string]>> = {
  alnum: ['0-9A-Za-z', '\\0-/:-@\\[-`\\{-\\u{10ffff}'],
  alpha: ['A-Za-z', '\\0-@\\[-`\\{-\\u{10ffff}'],
  ascii: ['\\0-\\x7f', '\\x80-\\u{10ffff}'],
  blank: ['\\t ', '\\0-\\x08\\n-\\x1f!-\\u{10ffff}'],
  cntrl: ['\\0-\\x1f\\x7f', ' -~\\x80-\\u{10ffff}'],
  digit: ['0-9', '\\0-/:-\\u{10ffff}'],
  graph: ['!-~', '\\0- \\x7f-\\u{10ffff}'],
  lower: ['a-z', '\\0-`\\{-\\u{10ffff}'],
  print: [' -~', '\\0-\\x1f\\x7f-\\u{10ffff}'],
  punct: ['!-/:-@\\[-`\\{-~', '\\0- 0-9A-Za-z\\x7f-\\u{10ffff}'],
  space: ['\\t-\\r ', '\\0-\\x08\\x0e-\\x1f!-\\u{10ffff}'],
  upper: ['A-Z', '\\0-@\\[-\\u{10ffff}'],
  word: ['0-9A-Za-z_', '\\0-/:-@\\[-\\^`\\{-\\u{10ffff}'],
  xdigit: ['0-9A-Fa-f', '\\0-/:-@G-`g-\\u{10ffff}'],
}

export function classItem(source: string): ClassItem {
  const posix = /^\[:(\^?)([a-z]+):\]/.exec(source)
  if (posix !== null) {
    const members = POSIX[posix[2]!]
    if (members === undefined) throw new Refusal(`${posix[0]} is no class of RE2`)
    const [positive, others] = members
    const negative = posix[1] === '^'
    return { text: negative ? others : positive, length: posix[0].length, but: negative ? positive : undefined }
  }
  const perl = /^\\[dDwWsS]/.exec(source)?.[0]
  if (perl !== undefined) return { text: { '\\s': SPACE, '\\S': NO_SPACE }[perl] ?? perl, length: 2 }
  const property = unicodeProperty(source)
  if (property !== undefined) {
    // \p{Any} is a class of its own in JavaScript's syntax.
    return { ...property, text: { '[^]': '\\0-\\u{10ffff}', '[]': '' }[property.text] ?? property.text }
  }
  return range(source)
}

function range(source: string): ClassItem {
  const low = member(source)
  const rest = source.slice(low.length)
  if (rest[0] !== '-' || rest[1] === undefined || rest[1] === ']') {
    return { text: escaped(low.codePoint), length: low.length }
  }
  const high = member(rest.slice(1))
  if (high.codePoint < low.codePoint) throw new Refusal('a range in [ ] runs backwards', 'write the lower end first')
  return { text: `${escaped(low.codePoint)}-${escaped(high.codePoint)}`, length: low.length + 1 + high.length }
}

function member(source: string): { readonly codePoint: number; readonly length: number } {
  if (source[0] === '\\') return escapedCharacter(source)
  const codePoint = source.codePointAt(0)!
  return { codePoint, length: codePoint > 0xffff ? 2 : 1 }
}

/** A class that is being read. */
export class Re2Class {
  readonly #negated: boolean
  #items = ''
  /** Those of the items that are not negated, and what the others are all but. */
  #positive = ''
  readonly #but: string[] = []

  constructor(negated: boolean) {
    this.#negated = negated
  }

  /** Adds an item and gives its length. */
  add({ text, length, but }: ClassItem): number {
    this.#items += text
    if (but === undefined) this.#positive += text
    else this.#but.push(but)
    return length
  }

  /** With `(?i)`. A negated item is what is left by its folded set, which JavaScript's syntax can say of whole classes only. */
  foldedText(): string {
    if (this.#but.length === 0) return `(?i:${this.text()})`
    const set = union([foldedSet(this.#positive), ...this.#but.map((but) => complement(foldedSet(but)))])
    return `[${rangesOf(this.#negated ? complement(set) : set)}]`
  }

  text(): string {
    return `[${this.#negated ? '^' : ''}${this.#items}]`
  }
}

function foldedSet(members: string): CharSet {
  const ast = parseRegex(`(?i:[${members}])`)
  return ast.kind === 'class' ? ast.ranges : []
}

function rangesOf(set: CharSet): string {
  return set.map(([from, to]) => (from === to ? escaped(from) : `${escaped(from)}-${escaped(to)}`)).join('')
}
