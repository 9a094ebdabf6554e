/** The flags of a regular expression: `(?i)` before all of it, `(?i:…)` around a part. */
import type { AST } from '@eslint-community/regexpp'
import { Refusal } from './refusal.ts'

export interface Flags {
  /** `i`: upper and lower case are one. */
  readonly ignoreCase: boolean
  /** `m`: `^` and `$` match at every line, too. */
  readonly multiline: boolean
  /** `s`: `.` matches line breaks, too. */
  readonly dotAll: boolean
}

const none: Flags = { ignoreCase: false, multiline: false, dotAll: false }

/**
 * Takes the flags off the front of an expression. JavaScript has them outside of the slashes, which a string has not; this
 * form is that of Python, RE2, Java and .NET.
 *
 * @throws Refusal when a flag is not one of `i`, `m` and `s`.
 * @example leadingFlags('(?i)abc') // { flags: { ignoreCase: true, … }, length: 4 }: the length of what was taken off
 */
export function leadingFlags(source: string): { readonly flags: Flags; readonly length: number } {
  const [group, letters] = /^\(\?([a-zA-Z]+)\)/.exec(source) ?? []
  if (group === undefined || letters === undefined) return { flags: none, length: 0 }
  const unknown = [...letters].find((letter) => !'ims'.includes(letter))
  if (unknown !== undefined) throw new Refusal(`the flag "${unknown}" is not supported`, 'use i, m and s')
  return { flags: withLetters(letters), length: group.length }
}

function withLetters(letters: string): Flags {
  return { ignoreCase: letters.includes('i'), multiline: letters.includes('m'), dotAll: letters.includes('s') }
}

/** The flags inside of a group such as `(?i-s:…)`. */
export function modified(flags: Flags, { add, remove }: AST.Modifiers): Flags {
  const flag = (name: keyof Flags): boolean => add[name] || (flags[name] && remove?.[name] !== true)
  return { ignoreCase: flag('ignoreCase'), multiline: flag('multiline'), dotAll: flag('dotAll') }
}
