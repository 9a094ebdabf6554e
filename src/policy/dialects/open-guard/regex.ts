/**
 * Python's regular expressions, in the syntax of ECMAScript with the `u` flag. What matches must be the same:
 * `.` is anything but a line feed, `\d`, `\w` and `\s` know all of Unicode, and `$` also stands before a last line feed
 * (https://docs.python.org/3.12/library/re.html#regular-expression-syntax).
 */
import { Refusal } from '../../refusal.ts'

/** What Python's str.isspace takes for space. */
const space = '\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000'
const classes: Readonly<Record<string, string>> = { d: '\\p{Nd}', w: '\\p{L}\\p{N}_', s: space }
const controls: Readonly<Record<string, number>> = { a: 7, f: 12, n: 10, r: 13, t: 9, v: 11 }
const hexDigits: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 }

/**
 * @throws Refusal where ours has nothing that means the same.
 * @example fromPython('^a.b$') // '^a[^\\n]b(?:\\n?$)'
 */
export function fromPython(source: string): string {
  return new Translator([...source]).all()
}

class Translator {
  readonly #text: readonly string[]
  #next = 0

  constructor(text: readonly string[]) {
    this.#text = text
  }

  all(): string {
    let out = ''
    while (this.#next < this.#text.length) out += this.#one()
    return out
  }

  #one(): string {
    const character = this.#text[this.#next++] ?? ''
    switch (character) {
      case '.':
        return '[^\\n]'
      case '$':
        return this.#end()
      case '[':
        return this.#class()
      case '(':
        return this.#group()
      case '\\':
        return this.#escape(false)
      case '{':
        return this.#braces()
      case '*':
      case '+':
      case '?':
        return character + this.#suffix()
      case '}':
      case ']':
      case '/':
        return `\\${character}`
      default:
        return character
    }
  }

  /** `$`: the last line feed may be left. Where something follows that could take it, the two would differ. */
  #end(): string {
    const next = this.#text[this.#next]
    if (next === undefined || next === ')' || next === '|' || next === '$') return '(?:\\n?$)'
    throw new Refusal('"$" before the end of a regular expression is not supported', 'leave it out')
  }

  #suffix(): string {
    const next = this.#text[this.#next]
    if (next === '+') throw new Refusal('possessive repeats such as a++ are not supported', 'write a+')
    if (next !== '?') return ''
    this.#next++
    return '?'
  }

  /** A count, or a brace that stands for itself. */
  #braces(): string {
    const rest = this.#text.slice(this.#next).join('')
    const [all, min, comma, max] = /^(\d*)(,?)(\d*)\}/.exec(rest) ?? []
    if (all === undefined || all === '}') return '\\{'
    this.#next += all.length
    return `{${min || '0'}${comma}${max}}${this.#suffix()}`
  }

  #group(): string {
    if (this.#text[this.#next] !== '?') return '('
    const rest = this.#text.slice(this.#next).join('')
    const [opening] = /^\?(?::|P<\w+>)/.exec(rest) ?? []
    if (opening === undefined) {
      const shown = `(${rest.slice(0, 4)}`
      throw new Refusal(`"${shown}…" is not supported: flags, look-around and the like`, 'write what it stands for')
    }
    this.#next += opening.length
    return '(?:'
  }

  /** What follows a backslash. */
  #escape(inClass: boolean): string {
    const character = this.#text[this.#next++]
    if (character === undefined) throw new Refusal('the "\\" at the end stands before nothing', 'write \\\\')
    const lower = character.toLowerCase()
    const members = classes[lower]
    if (members !== undefined) return this.#members(members, character !== lower, inClass)
    const control = controls[character]
    if (control !== undefined) return literal(control, inClass)
    if (!inClass && character === 'A') return '^'
    if (!inClass && character === 'Z') return '$'
    if (lower === 'b') return this.#boundary(character, inClass)
    const digits = hexDigits[character]
    if (digits !== undefined) return literal(this.#hex(digits), inClass)
    if (/^[0-9A-Za-z]$/.test(character)) {
      throw new Refusal(`"\\${character}" is not supported`, /\d/.test(character) ? 'write the text out' : undefined)
    }
    return literal(character.codePointAt(0) ?? 0, inClass)
  }

  #members(members: string, negated: boolean, inClass: boolean): string {
    if (!inClass) return `[${negated ? '^' : ''}${members}]`
    if (!negated) return members
    throw new Refusal('\\D, \\W and \\S inside [ ] are not supported', 'list what is meant')
  }

  #boundary(character: string, inClass: boolean): string {
    if (inClass && character === 'b') return '\\x08'
    const found = `"\\${character}" is not supported: here it would know ASCII letters only`
    throw new Refusal(found, 'write what may stand beside the word')
  }

  #hex(digits: number): number {
    const text = this.#text.slice(this.#next, this.#next + digits).join('')
    this.#next += digits
    const point = /^[0-9a-f]+$/i.test(text) && text.length === digits ? Number.parseInt(text, 16) : -1
    if (point < 0 || point > 0x10ffff) throw new Refusal(`"${text}" is no character number of ${digits} digits`)
    return point
  }

  #class(): string {
    let out = '['
    if (this.#text[this.#next] === '^') {
      out += '^'
      this.#next++
    }
    const start = this.#next
    for (;;) {
      const character = this.#text[this.#next++]
      if (character === undefined) throw new Refusal('"[" is not closed', 'write [abc], or \\[ for the character')
      if (character === ']' && this.#next - 1 > start) return `${out}]`
      if (character === '\\') out += this.#escape(true)
      else if (character === '-') out += this.#dash(start)
      else out += literal(character.codePointAt(0) ?? 0, true)
    }
  }

  /** A dash makes a range unless it stands first or last. */
  #dash(start: number): string {
    return this.#next - 1 === start || this.#text[this.#next] === ']' ? '\\-' : '-'
  }
}

function literal(point: number, inClass: boolean): string {
  const character = String.fromCodePoint(point)
  if (point < 0x20 || point === 0x7f) return `\\x${point.toString(16).padStart(2, '0')}`
  return (inClass ? /[\\\]^-]/ : /[\^$\\.*+?()[\]{}|/]/).test(character) ? `\\${character}` : character
}
