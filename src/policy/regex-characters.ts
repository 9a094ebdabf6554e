/** What classes, escapes and the dot of a regular expression stand for: sets of code points. */
import type { AST } from '@eslint-community/regexpp'
import { foldedWordCharacters, ignoringCase } from './case-folding.ts'
import {
  type CharSet,
  complement,
  digits,
  lineTerminators,
  property,
  union,
  whitespace,
  wordCharacters,
} from './charset.ts'
import { Refusal } from './refusal.ts'
import type { Flags } from './regex-flags.ts'

const everything: CharSet = [[0, 0x10ffff]]

type Characters = AST.Character | AST.CharacterSet | AST.CharacterClass

/** The code points that match; with `i`, those that differ from one by case only, too. */
export function matchedBy(node: Characters, flags: Flags): CharSet {
  // By ECMA-262 (22.2.2.7, CharacterSetMatcher) case is ignored before [^…] turns the answer around.
  if (node.type === 'CharacterClass' && node.negate) return complement(folded(insideOf(node, flags), flags))
  return folded(node.type === 'CharacterClass' ? insideOf(node, flags) : listed(node, flags), flags)
}

function folded(set: CharSet, flags: Flags): CharSet {
  return flags.ignoreCase ? ignoringCase(set) : set
}

function insideOf(node: AST.CharacterClass, flags: Flags): CharSet {
  return union(node.elements.map((element) => listed(element, flags)))
}

function listed(node: Characters | AST.CharacterClassElement, flags: Flags): CharSet {
  switch (node.type) {
    case 'Character':
      return [[node.value, node.value]]
    case 'CharacterClassRange':
      return [[node.min.value, node.max.value]]
    case 'CharacterSet':
      return characterSet(node, flags)
    default:
      throw new Refusal(`${node.raw} is not supported`)
  }
}

function characterSet(node: AST.CharacterSet, flags: Flags): CharSet {
  if (node.kind === 'any') return flags.dotAll ? everything : complement(lineTerminators)
  const set = node.kind === 'property' ? property(propertyName(node)) : escapes(flags)[node.kind]
  return node.negate ? complement(set) : set
}

function escapes(flags: Flags): Readonly<Record<'digit' | 'word' | 'space', CharSet>> {
  return { digit: digits, word: flags.ignoreCase ? foldedWordCharacters : wordCharacters, space: whitespace }
}

function propertyName({ key, value }: AST.UnicodePropertyCharacterSet): string {
  return value === null ? key : `${key}=${value}`
}
