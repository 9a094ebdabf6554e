/**
 * Regular expressions in the syntax of RE2 (github.com/google/re2/wiki/Syntax), as Go, CEL and Kubernetes have them: written
 * as ours, with what differs spelt out.
 */

import { classItem, Re2Class } from './re2-class.ts'
import { escaped, escapeOutside } from './re2-escape.ts'
import { Refusal } from './refusal.ts'
import { parseRegex, type RegexAst } from './regex.ts'

/**
 * Parses an expression of RE2. Only whether it is found counts, so laziness, captures and their names are gone.
 *
 * @throws Refusal when it is not well-formed or too large; no place in it is told.
 * @example parseRe2('(?P<year>\\d{4})\\z')
 */
export function parseRe2(source: string): RegexAst {
  try {
    return byNewlines(parseRegex(toEcmaScript(source)))
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    // The place is one in what we have made of it.
    throw new Refusal(error.message.replace(/ at character \d+$/, ''), error.advice)
  }
}

/** For RE2, `\n` alone ends a line. */
function byNewlines(ast: RegexAst): RegexAst {
  switch (ast.kind) {
    case 'assertion':
      if (ast.assertion === 'line-start' || ast.assertion === 'line-end') {
        return { kind: 'assertion', assertion: `new${ast.assertion}` }
      }
      return ast
    case 'repeat':
      return { ...ast, of: byNewlines(ast.of) }
    case 'concat':
    case 'alternation':
      return { ...ast, of: ast.of.map(byNewlines) }
    default:
      return ast
  }
}

/** An expression of RE2 as JavaScript has it in Unicode mode. */
function toEcmaScript(source: string): string {
  return new Translator(source).whole()
}

class Translator {
  readonly #source: string
  #next = 0

  constructor(source: string) {
    this.#source = source
  }

  whole(): string {
    const text = this.#alternatives('')
    if (this.#next < this.#source.length) throw new Refusal('")" closes nothing', 'write \\) for the character')
    return text
  }

  /** Up to the end of the source or to the ")" that ends this group. Flags set inside of it end with it. */
  #alternatives(flags: string): string {
    let text = ''
    let inForce = flags
    while (this.#next < this.#source.length && this.#source[this.#next] !== ')') {
      const setting = this.#take(/\(\?([a-zA-Z]*)(?:-([a-zA-Z]+))?\)/y)
      if (setting !== undefined) inForce = changed(inForce, setting[1], setting[2])
      else text += this.#piece(inForce)
    }
    return text
  }

  #piece(flags: string): string {
    const character = String.fromCodePoint(this.#source.codePointAt(this.#next)!)
    const repeat = this.#take(/\{\d+(?:,\d*)?\}/y)
    if (repeat !== undefined) return repeat[0]
    switch (character) {
      case '(':
        return this.#group(flags)
      case '[':
        return this.#class(flags)
      case '\\':
        return this.#escape(flags)
    }
    this.#next += character.length
    switch (character) {
      case '.':
        return flags.includes('s') ? '[^]' : '[^\\n]'
      case '^':
      case '$':
        // In a group, because RE2 lets assertions be repeated.
        return `(?:${flags.includes('m') ? '(?m:' : '(?:'}${character}))`
      case '*':
      case '+':
      case '?':
      case '|':
        return character
      default:
        return within(flags, escaped(character.codePointAt(0)!))
    }
  }

  #group(flags: string): string {
    const named = this.#take(/\(\?P?<([A-Za-z0-9_]+)>/y)
    const flagged = named === undefined ? this.#take(/\(\?([a-zA-Z]*)(?:-([a-zA-Z]+))?:/y) : undefined
    if (named === undefined && flagged === undefined) {
      if (/^\(\?<?[=!]/.test(this.#source.slice(this.#next))) {
        throw new Refusal('look-around is not supported', 'use a second test')
      }
      if (this.#source.startsWith('(?', this.#next)) throw new Refusal('"(?" is followed by what RE2 does not know')
      this.#next++
    }
    const inner = this.#alternatives(flagged === undefined ? flags : changed(flags, flagged[1], flagged[2]))
    if (this.#source[this.#next++] !== ')') throw new Refusal('"(" is not closed', 'write \\( for the character')
    return `(?:${inner})`
  }

  #escape(flags: string): string {
    const quoted = this.#take(/\\Q(.*?)(?:\\E|$)/sy)
    if (quoted !== undefined) {
      return [...quoted[1]!].map((one) => within(flags, escaped(one.codePointAt(0)!))).join('')
    }
    const { text, length, folds, but } = escapeOutside(this.#source.slice(this.#next))
    this.#next += length
    if (!folds) return text
    return within(flags, but !== undefined && flags.includes('i') ? `[^${but}]` : text)
  }

  #class(flags: string): string {
    const items = new Re2Class(this.#take(/\[\^?/y)![0] === '[^')
    do {
      if (this.#next >= this.#source.length) throw new Refusal('"[" is not closed', 'write \\[ for the character')
      this.#next += items.add(classItem(this.#source.slice(this.#next)))
    } while (this.#source[this.#next] !== ']')
    this.#next++
    return flags.includes('i') ? items.foldedText() : items.text()
  }

  #take(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.#next
    const found = pattern.exec(this.#source)
    if (found !== null) this.#next += found[0].length
    return found ?? undefined
  }
}

/** The flag `U` only says what is preferred. */
function changed(flags: string, on = '', off = ''): string {
  const unknown = [...on, ...off].find((flag) => !'imsU'.includes(flag))
  if (unknown !== undefined) throw new Refusal(`the flag "${unknown}" is not supported`, 'use i, m, s and U')
  return [...flags, ...on].filter((flag) => flag !== 'U' && !off.includes(flag)).join('')
}

function within(flags: string, text: string): string {
  return flags.includes('i') ? `(?i:${text})` : text
}
