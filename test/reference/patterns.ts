/** Patterns, matched by trying everything: "Patterns" of docs/policy-reference.md. */
import type { Patterns } from '../../src/policy/document.ts'

/** Whether one of the patterns covers the whole text. Left out means any. */
export function matchesAny(patterns: Patterns | undefined, text: string): boolean {
  return patterns === undefined || asList(patterns).some((pattern) => covers(pattern, text))
}

export function asList(patterns: Patterns): readonly string[] {
  return typeof patterns === 'string' ? [patterns] : patterns
}

/** Whether two characters count as one; with `ignore_case`, upper and lower case do. */
type Same = (a: string, b: string) => boolean

export function covers(pattern: string, text: string, same: Same = (a, b) => a === b): boolean {
  return alternatives([...pattern]).some((one) => matches(one, [...text], same))
}

/** How narrow the patterns are: 2 exact, 1 glob, 0 any; "a list with a glob in it counts as glob". */
export function narrowness(patterns: Patterns | undefined): number {
  if (patterns === undefined) return 0
  const list = asList(patterns).flatMap((pattern) => alternatives([...pattern]))
  if (list.some(isAny)) return 0
  return list.every(isExact) ? 2 : 1
}

/** "`*` alone means any"; more stars say nothing else. */
function isAny(pattern: readonly string[]): boolean {
  return pattern.length > 0 && pattern.every((character) => character === '*')
}

function isExact(pattern: readonly string[]): boolean {
  if (pattern.length === 0) return true
  if (pattern[0] === '\\') return isExact(pattern.slice(2))
  return !['*', '?', '['].includes(pattern[0]!) && isExact(pattern.slice(1))
}

/** The patterns without braces that a pattern stands for: `a{b,c}` is `ab` and `ac`. */
function alternatives(pattern: readonly string[]): string[][] {
  if (pattern.length === 0) return [[]]
  const [first, ...rest] = pattern
  if (first === '\\') return alternatives(rest.slice(1)).map((tail) => ['\\', ...rest.slice(0, 1), ...tail])
  if (first === '[') {
    const end = classEnd(pattern)
    return alternatives(pattern.slice(end + 1)).map((tail) => [...pattern.slice(0, end + 1), ...tail])
  }
  if (first !== '{') return alternatives(rest).map((tail) => [first!, ...tail])

  const choices: string[][] = [[]]
  let depth = 1
  let at = 1
  for (; depth > 0; at++) {
    const character = pattern[at]
    if (character === undefined) throw new Error(`unclosed { in ${pattern.join('')}`)
    if (character === '{') depth++
    if (character === '}') depth--
    if (depth === 1 && character === ',') choices.push([])
    else if (character === '\\') choices.at(-1)!.push('\\', pattern[++at]!)
    else if (depth > 0) choices.at(-1)!.push(character)
  }
  const tails = alternatives(pattern.slice(at))
  return choices.flatMap(alternatives).flatMap((head) => tails.map((tail) => [...head, ...tail]))
}

function matches(pattern: readonly string[], text: readonly string[], same: Same): boolean {
  if (pattern.length === 0) return text.length === 0
  const [first, ...rest] = pattern
  if (first === '*') return matches(rest, text, same) || (text.length > 0 && matches(pattern, text.slice(1), same))
  const character = text[0]
  if (character === undefined) return false
  if (first === '?') return matches(rest, text.slice(1), same)
  if (first === '\\') return same(rest[0]!, character) && matches(rest.slice(1), text.slice(1), same)
  if (first !== '[') return same(first!, character) && matches(rest, text.slice(1), same)
  const end = classEnd(pattern)
  return inClass(pattern.slice(1, end), character, same) && matches(pattern.slice(end + 1), text.slice(1), same)
}

/** Where the `]` stands that ends the class at the start of the pattern. */
function classEnd(pattern: readonly string[]): number {
  let at = 1
  while (pattern[at] !== ']') {
    if (at >= pattern.length) throw new Error(`unclosed [ in ${pattern.join('')}`)
    at += pattern[at] === '\\' ? 2 : 1
  }
  return at
}

/** `members` is what stands between the brackets. */
function inClass(members: readonly string[], character: string, same: Same): boolean {
  if (members[0] === '!') return !inClass(members.slice(1), character, same)
  const list = [...members]
  const next = () => (list[0] === '\\' ? list.splice(0, 2)[1]! : list.shift()!)
  while (list.length > 0) {
    const low = next()
    let high = low
    if (list[0] === '-' && list.length > 1) {
      list.shift()
      high = next()
    }
    for (let member = low.codePointAt(0)!; member <= high.codePointAt(0)!; member++) {
      if (same(String.fromCodePoint(member), character)) return true
    }
  }
  return false
}
